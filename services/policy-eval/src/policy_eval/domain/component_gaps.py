"""How many components of a release lack what its validation asks for, counted once for each distinct set of facts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from policy_eval.domain.categories import NOT_SOFTWARE
from policy_eval.domain.effective_license import Decision
from policy_eval.domain.evaluated_part import EvaluatedPart
from policy_eval.domain.evaluation import Evaluation
from shared.contracts.inventory import Component, Scope

Lack = Literal["purl", "version", "license", "modification"]
"""What a component may lack that lists can be asked for."""
_Key = tuple[Decision, Scope, bool, bool, bool, bool]


@dataclass(slots=True)
class ComponentGaps:
    """So many components: without a purl, a version, a licence that could be read; and of those that are delivered, by
    usage scope, how many nobody has said of whether they are modified, or how they are linked."""

    without_purl: int = 0
    without_version: int = 0
    without_license: int = 0
    unknown_modification: Counter[Scope] = field(default_factory=Counter)
    usual_linkage: Counter[Scope] = field(default_factory=Counter)


def component_gaps(evaluation: Evaluation) -> ComponentGaps:
    """Count all parts; the release itself, where it is listed among its components, is none of them."""
    gaps = ComponentGaps()
    delivers = {
        each: each.usage.shipped and is_delivered(evaluation, each)
        for part in evaluation.parts
        for each in set(part.decisions)
    }
    for part in evaluation.parts:
        for key, count in _distinct(part).items():
            decision, scope, has_purl, has_version, says_modified, says_linkage = key
            if decision.judgement.category == NOT_SOFTWARE:
                continue
            gaps.without_purl += 0 if has_purl else count
            gaps.without_version += 0 if has_version else count
            gaps.without_license += count if decision.effective_license is None else 0
            if delivers[decision]:
                gaps.unknown_modification[scope] += 0 if says_modified or decision.modified is not None else count
                gaps.usual_linkage[scope] += 0 if says_linkage or decision.linkage_said else count
    return gaps


def is_delivered(evaluation: Evaluation, decision: Decision) -> bool:
    """Whether what the decision is about leaves the organisation in some way."""
    return bool(evaluation.context.of(decision.usage.own_context).delivery)


def _distinct(part: EvaluatedPart) -> Counter[_Key]:
    keys = _keys(part.decisions, part.inventory.components)
    counted, root = Counter(keys), part.inventory.root_position
    if root is not None:
        counted[keys[root]] -= 1
    return counted


def _keys(decisions: Sequence[Decision], components: Sequence[Component]) -> list[_Key]:
    # In one expression, as these are made by the hundred thousand.
    return [
        (
            decision,
            each.scope,
            each.purl is not None,
            each.version is not None,
            each.modified is not None,
            each.linkage is not None,
        )
        for decision, each in zip(decisions, components, strict=True)
    ]
