"""Tell the others that a release's obligations could not be derived, in the transaction that buries its message."""

from typing import Protocol

import msgspec

from shared.contracts.envelope import Envelope, UndecodableMessage, data_of
from shared.contracts.events import DERIVATION_FAILED, Problem, ReleaseEvaluated, StageFailed


class Emitter(Protocol):
    """Puts events into the outbox."""

    async def emit(self, type_: str, subject: str, data: msgspec.Struct) -> str: ...


async def report_failure(unit: Emitter, envelope: Envelope, reason: str) -> None:
    """Emit `derivation.failed.v1` for the release of the buried message, if it names one."""
    try:
        event: ReleaseEvaluated = data_of(envelope)
    except UndecodableMessage:
        return
    problem = Problem("urn:licet:problem:derivation-failed", "The obligations could not be derived", reason)
    failed = StageFailed(event.release, "obligations", problem, event.evaluation_id)
    await unit.emit(DERIVATION_FAILED, event.release.id, failed)
