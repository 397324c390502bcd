"""What somebody sends as a policy, as a value with all that is wrong in it."""

from collections.abc import Iterator
from typing import Any, Final

from policy_eval.adapters.cel_expressions import NoExpression, check_texts
from policy_eval.adapters.policy_files import read_document
from policy_eval.adapters.policy_source import MOST_BYTES, Path, PolicySource, UnreadablePolicy
from policy_eval.domain.policy_problems import PolicyProblem
from shared.errors import ErrorAt, InvalidInput, OverLimit

_MOST_PROBLEMS: Final = 100


class FileDraft:
    """`application.policy_ports.PolicyDraft` over a file."""

    def __init__(self, source: PolicySource) -> None:
        self._source = source
        self.document = source.document
        self.policy, refusals = read_document(source.document)
        refused = [(each.path, each.problem, each.at_key) for each in refusals[:_MOST_PROBLEMS]]
        if self.policy is not None:
            refused = [(path, message, False) for path, message in _doubts(source.document)]
        if refused:
            self.policy = None
        self.problems = sorted({source.problem(*each) for each in refused})

    def problem(self, path: tuple[str | int, ...], message: str) -> PolicyProblem:
        return self._source.problem(path, message)

    def numbered(self, name: str, version: int) -> str:
        return self._source.numbered(name, version)


def _doubts(document: Any) -> Iterator[tuple[Path, str]]:
    """What is refused when a policy is published, and not when one that was published before is read."""
    for number, rule in enumerate(document.get("free_rules", ())):
        try:
            check_texts(rule["when"])
        except NoExpression as error:
            yield ("free_rules", number, "when"), str(error)


def _not_utf8(body: bytes, index: int) -> InvalidInput:
    line, column = body.count(b"\n", 0, index) + 1, index - body.rfind(b"\n", 0, index)
    place, message = f"line {line}, column {column}", f"not UTF-8: byte {index} is {body[index]:#04x}"
    return InvalidInput(f"This is no policy document: {place}: {message}", errors=(ErrorAt(place, message),))


def read_draft(body: bytes) -> FileDraft:
    """`application.policy_ports.ReadPolicy`: YAML or JSON in UTF-8; raises InvalidInput, OverLimit."""
    if len(body) > MOST_BYTES:
        raise OverLimit(f"A policy has at most {MOST_BYTES:,} bytes.", limit="policy-bytes")
    try:
        return FileDraft(PolicySource(body.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise _not_utf8(body, error.start) from error
    except UnreadablePolicy as error:
        at = ErrorAt(error.problem.place, error.problem.message)
        raise InvalidInput(f"This is no policy document: {error}", errors=(at,)) from error
