"""The rows that an evaluation is stored as."""

from dataclasses import dataclass, field
from typing import Any

from policy_eval.application.change_ports import WaiverUse
from policy_eval.domain.open_questions import OpenQuestion


@dataclass(frozen=True, slots=True)
class Copied:
    """Rows of components to be taken over from another evaluation with so many components."""

    evaluation_id: str
    components: int


@dataclass(frozen=True, slots=True)
class EvaluationRows:
    """The rows of an evaluation, ready to be stored in bulk, in the order of the columns of their tables.

    `copied`: where the rows of the components come from that are not in `components`; None where all are.
    """

    components: list[tuple[Any, ...]]
    licenses: list[tuple[Any, ...]]
    questions: list[tuple[Any, ...]]
    findings: list[tuple[Any, ...]]
    open_questions: list[OpenQuestion]
    explanation: bytes = b""
    """application.explanations, packed."""
    waiver_uses: list[WaiverUse] = field(default_factory=list)
    copied: Copied | None = None
