"""The decision traces of an evaluation, kept once for each distinct decision, as they are stored, with its outcome.

An evaluation that shares the rows of components of an earlier one of the same documents says by the outcomes what is
otherwise (ADR 39).
"""

import hashlib
import zlib
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

from policy_eval.domain.effective_license import Decision
from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.outcome import Outcome, outcome_of
from policy_eval.domain.trace import TraceStep

FORM: Final = 3
"""The form of what is written of components, rows and decisions: to be raised when the same outcome is written otherwise,
so that nothing is shared with evaluations before."""


class Explanations(Struct, frozen=True):
    """`traces` and `outcomes` of the distinct decisions; `of` has for each component, in its order, the place of its own.

    `frame` is the SHA-256 of what other services are told beside the components. Without outcomes it is from before they
    were kept.
    """

    traces: list[tuple[TraceStep, ...]]
    of: list[int]
    outcomes: list[Outcome] = []
    frame: str = ""
    form: int = 0

    def trace(self, position: int) -> Sequence[TraceStep]:
        """The trace of the component at this position."""
        return self.traces[self.of[position]]


class KeptOutcomes(Struct, frozen=True):
    """What lists read of explanations: the traces, which are most of them, are passed over."""

    of: list[int]
    outcomes: list[Outcome] = []

    def at(self, position: int) -> Outcome:
        """The outcome for the component at this position."""
        return self.outcomes[self.of[position]]


def explained(evaluation: Evaluation) -> Explanations:
    """The explanations of an evaluation."""
    places: dict[Decision, int] = {}
    of = [places.setdefault(each, len(places)) for part in evaluation.parts for each in part.decisions]
    frame = hashlib.sha256(msgspec.json.encode(evaluation.frame)).hexdigest()
    return Explanations([each.trace for each in places], of, [outcome_of(each) for each in places], frame, FORM)


def packed(explanations: Explanations) -> bytes:
    """The explanations as they are stored, compressed."""
    return zlib.compress(msgspec.json.encode(explanations), 1)


def unpacked(body: bytes) -> Explanations:
    """What `packed` was given."""
    return msgspec.json.decode(zlib.decompress(body), type=Explanations)


def unpacked_outcomes(body: bytes) -> KeptOutcomes:
    """The outcomes of what `packed` was given."""
    return msgspec.json.decode(zlib.decompress(body), type=KeptOutcomes)
