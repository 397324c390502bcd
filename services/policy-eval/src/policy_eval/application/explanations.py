"""The decision traces of an evaluation, kept once for each distinct decision, as they are stored."""

import zlib
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from policy_eval.domain.effective_license import Decision
from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.trace import TraceStep


class Explanations(Struct, frozen=True):
    """`traces` of the distinct decisions; `of` has for each component, in its order, the place of its trace."""

    traces: list[tuple[TraceStep, ...]]
    of: list[int]

    def trace(self, position: int) -> Sequence[TraceStep]:
        """The trace of the component at this position."""
        return self.traces[self.of[position]]


def packed(evaluation: Evaluation) -> bytes:
    """Return the traces of the evaluation's components, compressed."""
    places: dict[Decision, int] = {}
    of = [places.setdefault(each, len(places)) for part in evaluation.parts for each in part.decisions]
    return zlib.compress(msgspec.json.encode(Explanations([each.trace for each in places], of)), 1)


def unpacked(body: bytes) -> Explanations:
    """Return the traces of what `packed` has made."""
    return msgspec.json.decode(zlib.decompress(body), type=Explanations)
