"""Tell the others that a release could not be evaluated, in the transaction that buries its message."""

from typing import Protocol

import msgspec

from shared.contracts.envelope import Envelope, UndecodableMessage, data_of
from shared.contracts.events import EVALUATION_FAILED, Problem, SbomIngested, StageFailed


class Emitter(Protocol):
    """Puts events into the outbox."""

    async def emit(self, type_: str, subject: str, data: msgspec.Struct) -> str: ...


async def report_failure(unit: Emitter, envelope: Envelope, reason: str) -> None:
    """Emit `evaluation.failed.v1` for the release of the buried message, if it names one."""
    try:
        event: SbomIngested = data_of(envelope)
    except UndecodableMessage:
        return
    problem = Problem("urn:licet:problem:evaluation-failed", "The release could not be evaluated", reason)
    await unit.emit(EVALUATION_FAILED, event.release.id, StageFailed(event.release, "evaluated", problem))
