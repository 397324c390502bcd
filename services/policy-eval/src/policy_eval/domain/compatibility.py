"""Whether work under one licence expression may go into work under another, and what else could be done.

AND asks for every operand and OR for one of the inbound side; the outbound side must be suited in every licence that
it names, since each of them is a promise to somebody (domain.md §3.5).
"""

from dataclasses import dataclass, replace
from typing import Final

from policy_eval.domain.compatibility_facts import Combination, CompatibilityFacts, Outcome
from policy_eval.domain.compatibility_versions import VersionRules
from policy_eval.domain.expression_fold import fold
from policy_eval.domain.terms import terms_of
from shared.licensing import Catalogue, Expression, License, With, all_of, any_of, leaves, parse

MAX_PAIRS: Final = 10_000
_NOT_LINKED: Final = {
    "separate": "they run as programs of their own: a mere aggregate",
    "dev-tool": "the tool makes the work and is no part of it",
}


@dataclass(frozen=True, slots=True)
class _Fitted:
    """An outcome with what of the inbound expression it takes."""

    outcome: Outcome
    taken: Expression


class Compatibility:
    """Answers questions about compatibility from fixed facts."""

    def __init__(self, facts: CompatibilityFacts, catalogue: Catalogue) -> None:
        self._pair = VersionRules(facts, catalogue).decide
        self._catalogue = catalogue
        self._matrix_source = facts.matrix_source
        self.sha256 = facts.sha256
        self.successors = facts.successors

    def is_by_matrix(self, outcome: Outcome) -> bool:
        """Whether the answer rests on OSADL's matrix alone."""
        return outcome.source == self._matrix_source

    def demands_all(self, leaf: License | With) -> bool:
        """Whether the licence demands its terms for all that is combined with work under it."""
        return terms_of((leaf.license if isinstance(leaf, With) else leaf).id, self._catalogue).is_strong_copyleft

    def decide(self, inbound: Expression, outbound: Expression, combination: Combination) -> Outcome:
        """The answer for the two expressions; `branch` where less than the whole inbound expression is taken."""
        aggregate = mere_aggregate(combination)
        if aggregate is not None:
            return aggregate
        targets = leaves(outbound)
        if len(leaves(inbound)) * len(targets) > MAX_PAIRS:
            return Outcome("unknown", f"more than {MAX_PAIRS:,} pairs of licences: ask about fewer", "Licet")
        fitted = fold(inbound, lambda leaf: self._into_all(leaf, targets, combination), _every, _any)
        return _with_branch(fitted, inbound)

    def _into_all(self, leaf: License | With, targets: tuple[License | With, ...], combination: Combination) -> _Fitted:
        outcomes = [(self._pair(leaf, target, combination), target) for target in targets]
        worst, target = max(outcomes, key=lambda each: (each[0].order, str(each[1])))
        if len(targets) > 1 and worst.verdict != "compatible":
            worst = replace(worst, why=f"for the outbound licence {target}: {worst.why}")
        taken = parse(worst.branch) if worst.branch else leaf
        return _Fitted(replace(worst, branch=None), taken)


def mere_aggregate(combination: Combination) -> Outcome | None:
    """The answer that nothing is combined or nothing goes out, or None where something is and does."""
    why = _NOT_LINKED.get(combination.linkage)
    if why is None and not combination.delivery:
        why = "nothing is delivered and nobody uses it over a network"
    if why is None:
        return None
    return Outcome("not-applicable", f"{why}; the duties of the component itself remain", "domain model §3.5")


def _every(operands: list[_Fitted]) -> _Fitted:
    worst = max(operands, key=lambda each: (each.outcome.order, str(each.taken)))
    return _Fitted(worst.outcome, all_of(each.taken for each in operands))


def _any(operands: list[_Fitted]) -> _Fitted:
    best = min(operands, key=lambda each: (each.outcome.order, str(each.taken)))
    if best.outcome.verdict in ("unknown", "incompatible"):
        return _Fitted(best.outcome, any_of(each.taken for each in operands))
    return best


def _with_branch(fitted: _Fitted, inbound: Expression) -> Outcome:
    is_taken = fitted.outcome.verdict not in ("unknown", "incompatible")
    branch = str(fitted.taken) if is_taken and fitted.taken != inbound else None
    return replace(fitted.outcome, branch=branch)
