"""What an evaluation says otherwise than an earlier one of the same documents: only that is written anew (ADR 32)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from policy_eval.application.evaluation_rows import Copied
from policy_eval.application.explanations import FORM, Explanations, unpacked
from policy_eval.application.ports import EvaluationRecord

_WRITTEN_BY: Final = ("documents", "inventories", "license_catalogue")
"""The inputs that what is written of a component depends on, beside the outcome of its decision."""


@dataclass(frozen=True, slots=True)
class Base:
    """An earlier evaluation of the same documents, with its packed explanations."""

    evaluation_id: str
    decisions_sha256: str
    explanation: bytes


@dataclass(frozen=True, slots=True)
class Difference:
    """What is otherwise than in the base: the components at these `positions`, and what is told beside them."""

    base: Base
    positions: list[int]
    components: int
    tells_the_same_beside: bool

    @property
    def decisions_sha256(self) -> str | None:
        """The digest of the base's decisions where they are these too."""
        return self.base.decisions_sha256 if self.tells_the_same_beside and not self.positions else None

    @property
    def copied(self) -> Copied | None:
        """The rows of components to be taken over; None where none is the same."""
        is_any = len(self.positions) < self.components
        return Copied(self.base.evaluation_id, self.components) if is_any else None


def base_of(known: EvaluationRecord | None, explanation: bytes | None, inputs: Mapping[str, Any]) -> Base | None:
    """The stored evaluation as a base for one with these inputs; None where it is none."""
    if known is None or explanation is None or any(known.inputs.get(each) != inputs[each] for each in _WRITTEN_BY):
        return None
    return Base(known.id, known.decisions_sha256, explanation)


def difference_from(base: Base | None, now: Explanations) -> Difference | None:
    """What is otherwise now; None where the base does not tell, so that all is written."""
    before = None if base is None else unpacked(base.explanation)
    if base is None or before is None or before.form != FORM or len(before.of) != len(now.of):
        return None
    pairs = list(zip(before.of, now.of, strict=True))
    differing = {(old, new) for old, new in set(pairs) if before.outcomes[old] != now.outcomes[new]}
    positions = [position for position, pair in enumerate(pairs) if pair in differing] if differing else []
    return Difference(base, positions, len(pairs), before.frame == now.frame)
