"""The rows that an evaluation is stored as."""

from dataclasses import dataclass, field
from typing import Any

from policy_eval.application.change_ports import WaiverUse
from policy_eval.domain.open_questions import OpenQuestion


@dataclass(frozen=True, slots=True)
class EvaluationRows:
    """The rows of an evaluation, ready to be stored in bulk, in the order of the columns of their tables.

    `components_of`: the evaluation whose rows of components are this one's too; `components` are then none.
    """

    components: list[tuple[Any, ...]]
    licenses: list[tuple[Any, ...]]
    questions: list[tuple[Any, ...]]
    findings: list[tuple[Any, ...]]
    open_questions: list[OpenQuestion]
    explanation: bytes = b""
    """application.explanations, packed."""
    waiver_uses: list[WaiverUse] = field(default_factory=list)
    components_of: str | None = None
    basis: bytes | None = None
    """application.basis, encoded."""
