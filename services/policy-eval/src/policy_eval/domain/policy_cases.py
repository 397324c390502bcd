"""The test cases of a policy: what it must say of a licence in a usage."""

from dataclasses import dataclass

import msgspec

from policy_eval.domain.judged_string import judge_string
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.policy import Policy, PolicyCase
from shared.contracts.decisions import UsageContext, Verdict


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case. `because`: the licence that decided, and the rule that gave the verdict, in words."""

    name: str
    passed: bool
    expected: Verdict
    got: Verdict
    because: str


def run_cases(policy: Policy, knowledge: LicenseKnowledge) -> list[CaseResult]:
    """Ask the policy each of its own questions."""
    return [_result(case, policy, knowledge) for case in policy.tests]


def _result(case: PolicyCase, policy: Policy, knowledge: LicenseKnowledge) -> CaseResult:
    judgement = judge_string(case.license, case.usage, _context(case, policy), policy, knowledge).judgement
    because = f"{judgement.subject}: {judgement.because}"
    return CaseResult(case.name, judgement.verdict == case.verdict, case.verdict, judgement.verdict, because)


def _context(case: PolicyCase, policy: Policy) -> UsageContext:
    context = policy.contexts[case.context]
    if case.delivery is not None:
        context = msgspec.structs.replace(context, delivery=list(case.delivery))
    if case.user_product is not None:
        context = msgspec.structs.replace(context, user_product=case.user_product)
    return context
