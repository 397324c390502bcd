"""What somebody sends as a policy, as a value with all that is wrong in it."""

from typing import Final

from policy_eval.adapters.policy_files import read_document
from policy_eval.adapters.policy_source import MOST_BYTES, PolicySource, UnreadablePolicy
from policy_eval.domain.policy_problems import PolicyProblem
from shared.errors import ErrorAt, InvalidInput, OverLimit

_MOST_PROBLEMS: Final = 100


class FileDraft:
    """`application.policy_ports.PolicyDraft` over a file."""

    def __init__(self, source: PolicySource) -> None:
        self._source = source
        self.document = source.document
        self.policy, refusals = read_document(source.document)
        found = {source.problem(each.path, each.problem, each.at_key) for each in refusals[:_MOST_PROBLEMS]}
        self.problems = sorted(found)

    def problem(self, path: tuple[str | int, ...], message: str) -> PolicyProblem:
        return self._source.problem(path, message)

    def numbered(self, name: str, version: int) -> str:
        return self._source.numbered(name, version)


def read_draft(body: bytes) -> FileDraft:
    """`application.policy_ports.ReadPolicy`: YAML or JSON in UTF-8; raises InvalidInput, OverLimit."""
    if len(body) > MOST_BYTES:
        raise OverLimit(f"A policy has at most {MOST_BYTES:,} bytes.", limit="policy-bytes")
    try:
        return FileDraft(PolicySource(body.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise InvalidInput(f"A policy is UTF-8, and byte {error.start} is not.") from error
    except UnreadablePolicy as error:
        at = ErrorAt(error.problem.place, error.problem.message)
        raise InvalidInput(f"This is no policy document: {error}", errors=(at,)) from error
