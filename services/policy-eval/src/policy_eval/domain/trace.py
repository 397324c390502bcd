"""The steps by which a decision was reached, each saying what it saw."""

from typing import Literal

from msgspec import Struct

Step = Literal[
    "declared", "mapped", "curated", "confirmed", "excluded", "chosen", "category", "rule", "waiver", "verdict"
]


class TraceStep(Struct, frozen=True):
    """One step of a decision.

    `source` names what it rests on: a place in the document, the policy, the catalogue, a decision of somebody;
    `version` which version of it, of a decision when it was made; `author` who said so.
    """

    step: Step
    saw: str
    source: str | None = None
    version: str | None = None
    author: str | None = None
