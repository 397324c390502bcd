"""Findings of compatibility: components that the policy allows and whose licence the outbound licence contradicts.

What the policy reviews or denies has its finding already, and it is not asked again (ADR 18).
"""

from collections.abc import Iterator
from typing import Final

from policy_eval.domain.compatibility import Compatibility
from policy_eval.domain.compatibility_facts import Combination, Outcome
from policy_eval.domain.effective_license import Decision
from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.findings import Finding, Question, finding
from policy_eval.domain.mapping import Normalise
from shared.contracts.decisions import UsageContext
from shared.licensing import Expression

RULE: Final = "compatibility/outbound"
_ALLOWED: Final = frozenset({"allow", "allow-with-conditions"})
_GENERAL: Final = "Replace the component, or ask legal under which licence the release can go out."


def outbound_findings(
    evaluation: Evaluation, compatibility: Compatibility, normalise: Normalise
) -> tuple[Finding, ...]:
    """The findings of all parts; none of what has no outbound licence, or one that cannot be read.

    The outbound licence is that of the release, or what people say of the component. Each distinct decision is asked once,
    so that the cost grows with what is distinct and not with components.
    """
    if evaluation.context.outbound is None and not _has_own_outbound(evaluation):
        return ()
    return tuple(_found(evaluation, _Asked(compatibility, normalise, evaluation.context)))


def _has_own_outbound(evaluation: Evaluation) -> bool:
    own = {each.usage.own_context for part in evaluation.parts for each in part.decisions}
    return any(each.outbound for each in own if each)


def _found(evaluation: Evaluation, asked: "_Asked") -> Iterator[Finding]:
    first = 0
    for part in evaluation.parts:
        raised = {each: question for each in set(part.decisions) if (question := asked.question(each)) is not None}
        for position, question in enumerate(map(raised.get, part.decisions) if raised else ()):
            if question is not None and position != part.inventory.root_position:
                yield finding(question, part.inventory.components[position], first + position)
        first += len(part.decisions)


class _Asked:
    """The questions of one evaluation, each written once."""

    def __init__(self, compatibility: Compatibility, normalise: Normalise, context: UsageContext) -> None:
        self._compatibility = compatibility
        self._normalise = normalise
        self._context = context
        self._written: dict[Decision, Question | None] = {}

    def question(self, decision: Decision) -> Question | None:
        """The question that this decision raises, or None."""
        if decision not in self._written:
            self._written[decision] = self._write(decision)
        return self._written[decision]

    def _write(self, decision: Decision) -> Question | None:
        usage = decision.usage
        if decision.effective_license is None or decision.judgement.verdict not in _ALLOWED or not usage.shipped:
            return None
        context = self._context.of(usage.own_context)
        inbound, outbound = self._read(decision.effective_license), self._read(context.outbound)
        if inbound is None or outbound is None:
            return None
        combination = Combination(usage.linkage or "copied", usage.modified, frozenset(context.delivery))
        outcome = self._compatibility.decide(inbound, outbound, combination)
        return self._contradiction(decision, outbound, outcome) if self._contradicts(outcome) else None

    def _read(self, license_: str | None) -> Expression | None:
        return self._normalise(license_).expression if license_ else None

    def _contradicts(self, outcome: Outcome) -> bool:
        """Whether a text or its steward says No; the matrix is about copied code, of which the policy's rules speak."""
        return outcome.verdict == "incompatible" and not self._compatibility.is_by_matrix(outcome)

    def _contradiction(self, decision: Decision, outbound: Expression, outcome: Outcome) -> Question:
        fix = "; or ".join(outcome.alternatives)
        return Question(
            rule=RULE,
            severity="error",
            kind="compatibility",
            license=decision.effective_license,
            identity=f"{decision.identity}\x1e{outbound}",
            route="legal",
            message=f"{decision.effective_license} with linkage {decision.usage.linkage} cannot go out under "
            f"{outbound}: {outcome.why} ({outcome.source}).",
            how_to_fix=f"{fix[0].upper()}{fix[1:]}." if fix else _GENERAL,
        )
