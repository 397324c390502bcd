"""Check a policy that somebody wants to publish: what is wrong in it, and what its own tests say."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from policy_eval.application.policy_ports import PolicyDraft, ReadPolicy
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.policy import Policy
from policy_eval.domain.policy_cases import CaseResult, run_cases
from policy_eval.domain.policy_problems import PolicyProblem
from shared.computation import compute
from shared.contracts.contexts import DEFAULT_POLICY, POLICY_NAME, SHIPPED_CONTEXTS
from shared.errors import ErrorAt, InvalidInput


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """The use case, with what it needs."""

    read: ReadPolicy
    knowledge: LicenseKnowledge

    async def __call__(self, body: bytes) -> dict[str, Any]:
        """Return what is wrong and how the tests went; raises InvalidInput for what is no policy document, OverLimit."""
        return await compute(self._report, body)

    async def publishable(self, body: bytes, name: str, version: int) -> bytes:
        """Return the file with this name and version; raises InvalidInput naming all that is wrong, OverLimit."""
        return await compute(self._publishable, body, name, version)

    async def valid(self, body: bytes, name: str) -> Policy:
        """Return the policy of the file; raises InvalidInput naming all that is wrong but its tests, OverLimit."""
        return await compute(self._valid, body, name)

    def _report(self, body: bytes) -> dict[str, Any]:
        draft = self.read(body)
        name = draft.policy.name if draft.policy else ""
        problems = [*draft.problems, *_of_name(draft, name)]
        results = [] if draft.policy is None else run_cases(draft.policy, self.knowledge)
        return {
            "valid": not problems and all(each.passed for each in results),
            "problems": [asdict(each) for each in problems],
            "tests": [asdict(each) for each in results],
        }

    def _publishable(self, body: bytes, name: str, version: int) -> bytes:
        draft, policy = self._draft(body, name)
        failed = _failures(draft, run_cases(policy, self.knowledge))
        if failed:
            raise _refused(failed)
        return draft.numbered(name, version).encode()

    def _valid(self, body: bytes, name: str) -> Policy:
        return self._draft(body, name)[1]

    def _draft(self, body: bytes, name: str) -> tuple[PolicyDraft, Policy]:
        draft = self.read(body)
        problems = [*draft.problems, *_of_name(draft, name)]
        if draft.policy is None or problems:
            raise _refused(problems)
        return draft, draft.policy


def _refused(problems: Sequence[PolicyProblem]) -> InvalidInput:
    first = problems[0]
    more = f" There are {len(problems)} problems; `errors` has them all." if len(problems) > 1 else ""
    errors = tuple(ErrorAt(each.place, each.message) for each in problems)
    return InvalidInput(f"The policy is not taken: {first.place}: {first.message}.{more}", errors=errors)


def _failures(draft: PolicyDraft, results: Sequence[CaseResult]) -> list[PolicyProblem]:
    return [
        draft.problem(
            ("tests", position),
            f"the test {each.name!r} expects {each.expected} and gets {each.got} ({each.because})",
        )
        for position, each in enumerate(results)
        if not each.passed
    ]


def _of_name(draft: PolicyDraft, name: str) -> list[PolicyProblem]:
    """What is wrong of the policy under this name."""
    policy = draft.policy
    if policy is None:
        return []
    problems = []
    if policy.name not in ("", name):
        problems.append(draft.problem(("name",), f"{policy.name!r} here, and {name!r} in the address"))
    if policy.name and not POLICY_NAME.fullmatch(policy.name):
        problems.append(draft.problem(("name",), "lower-case letters, digits, '.', '_' and '-', at most 64"))
    if name == DEFAULT_POLICY and (missing := _missing_contexts(policy)):
        wanted = "questions without a release are answered in the contexts that are shipped"
        problems.append(draft.problem(("contexts",), f"missing: {', '.join(missing)}; {wanted}"))
    return problems


def _missing_contexts(policy: Policy) -> list[str]:
    return [context for context in SHIPPED_CONTEXTS if context not in policy.contexts]
