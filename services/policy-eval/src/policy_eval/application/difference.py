"""What an evaluation shares with an earlier one of the same documents, so that it is not written again (ADR 39)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from policy_eval.application.explanations import FORM, Explanations, unpacked
from policy_eval.application.ports import EvaluationRecord, KeptExplanation

_WRITTEN_BY: Final = ("documents", "inventories", "license_catalogue")
"""The inputs that what is written of a component depends on, beside the outcome of its decision."""


@dataclass(frozen=True, slots=True)
class Base:
    """An earlier evaluation of the same documents, with its packed explanations.

    `components_of` is the evaluation whose rows of components are its own too; None where it has them itself.
    """

    evaluation_id: str
    decisions_sha256: str
    explanation: bytes
    components_of: str | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """What is shared: the rows of the components of `components_of`, and the decisions of this digest; None = not."""

    components_of: str | None
    decisions_sha256: str | None


NOTHING_SHARED: Final = Shared(None, None)


def base_of(known: EvaluationRecord | None, kept: KeptExplanation | None, inputs: Mapping[str, Any]) -> Base | None:
    """The stored evaluation as a base for one with these inputs; None where it is none."""
    if known is None or kept is None or any(known.inputs.get(each) != inputs[each] for each in _WRITTEN_BY):
        return None
    return Base(known.id, known.decisions_sha256, kept.body, kept.components_of)


def shared_with(base: Base | None, now: Explanations) -> Shared:
    """What the evaluation shares with its base."""
    before = None if base is None else unpacked(base.explanation)
    if base is None or before is None or before.form != FORM or len(before.of) != len(now.of):
        return NOTHING_SHARED
    is_same = before.frame == now.frame and _decides_the_same(before, now)
    return Shared(_owner(base, before), base.decisions_sha256 if is_same else None)


def _owner(base: Base, before: Explanations) -> str | None:
    """Whose rows of components are taken: they have to say what the document does where people said nothing.

    That is known of rows that are shared already.
    """
    if base.components_of is not None:
        return base.components_of
    return base.evaluation_id if all(each.modified is None for each in before.outcomes) else None


def _decides_the_same(before: Explanations, now: Explanations) -> bool:
    # As a rule: what components have in common is the same under any policy.
    if before.of == now.of:
        return before.outcomes == now.outcomes
    pairs = set(zip(before.of, now.of, strict=True))
    return all(before.outcomes[old] == now.outcomes[new] for old, new in pairs)
