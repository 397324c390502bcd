"""The steps by which a decision was reached, each saying what it saw."""

from dataclasses import dataclass
from typing import Literal

Step = Literal["declared", "mapped", "curated", "chosen", "category", "rule", "verdict"]


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of a decision. `source` names what it rests on: a place in the document, the policy, the catalogue."""

    step: Step
    saw: str
    source: str | None = None
