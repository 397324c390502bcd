"""Tell the others that a release could not be evaluated, in the transaction that buries its message."""

from typing import Protocol

import msgspec

from policy_eval.application.ports import Evaluations
from shared.contracts.envelope import Envelope, UndecodableMessage, data_of
from shared.contracts.events import EVALUATION_FAILED, Problem, SbomIngested, StageFailed


class FailureUnit(Protocol):
    """The part of a unit of work that reporting needs."""

    @property
    def evaluations(self) -> Evaluations: ...

    async def emit(self, type_: str, subject: str, data: msgspec.Struct) -> str: ...


async def report_failure(unit: FailureUnit, envelope: Envelope, reason: str) -> None:
    """Emit `evaluation.failed.v1` for the release of the buried message, if it names one, and keep what it consists of."""
    try:
        event = data_of(envelope)
    except UndecodableMessage:
        return
    if not isinstance(event, SbomIngested):
        return
    problem = Problem("urn:licet:problem:evaluation-failed", "The release could not be evaluated", reason)
    await unit.evaluations.newest_revision(event.release.id)
    await unit.evaluations.remember_inputs(event.release, event.current)
    await unit.emit(EVALUATION_FAILED, event.release.id, StageFailed(event.release, "evaluated", problem))
