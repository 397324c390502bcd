"""The test cases of a policy: what it must say of a licence in a usage."""

from dataclasses import dataclass

import msgspec

from policy_eval.domain.free_rule_book import FreeRules
from policy_eval.domain.judged_string import JudgedString, judge_string
from policy_eval.domain.judgement import Judgement
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
    context = _context(case, policy)
    judgement = _by_free_rules(
        judge_string(case.license, case.usage, context, policy, knowledge), case, policy, context
    )
    because = f"{judgement.subject}: {judgement.because}"
    return CaseResult(case.name, judgement.verdict == case.verdict, case.verdict, judgement.verdict, because)


def _by_free_rules(judged: JudgedString, case: PolicyCase, policy: Policy, context: UsageContext) -> Judgement:
    if not policy.free_rules:
        return judged.judgement
    free_rules = FreeRules(policy.free_rules, context, policy.verdict_order)
    found = free_rules.first(free_rules.facts(judged.decision(case.usage), case.situated))
    return judged.judgement if found is None else free_rules.judged(judged.judgement, *found)


def _context(case: PolicyCase, policy: Policy) -> UsageContext:
    context = policy.contexts[case.context]
    if case.delivery is not None:
        context = msgspec.structs.replace(context, delivery=list(case.delivery))
    if case.user_product is not None:
        context = msgspec.structs.replace(context, user_product=case.user_product)
    return context
