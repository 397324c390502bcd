"""Follow the releases through their events, so that the gateway can say how far each one is.

Events may come twice and in any order; each is judged by the revision and the evaluation that it speaks of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from gateway.application.ports import UnitOfWork
from gateway.application.tell_webhooks import Event, deliveries_of
from gateway.domain.stages import ReleaseProgress, StageResult
from gateway.domain.steps import StepsTold
from shared.clock import Clock, NewId, timestamp
from shared.contracts.documents import Document
from shared.contracts.envelope import Envelope, data_of
from shared.contracts.events import (
    RELEASE_ARCHIVED,
    ObligationsDerived,
    ReleaseArchived,
    ReleaseEvaluated,
    ReleaseState,
    SbomIngested,
    StageFailed,
)

CONSUMER = "gateway"


@dataclass(frozen=True, slots=True)
class FollowReleases:
    """Applies events, and what sbom-ingest has just answered, to the projection; `changed` is told of each release."""

    unit_of_work: Callable[[], UnitOfWork]
    changed: Callable[[str], None]
    clock: Clock
    new_id: NewId

    async def handle(self, envelope: Envelope) -> None:
        """Apply an event once."""
        event: Event = data_of(envelope)
        async with self.unit_of_work() as unit:
            if not await unit.accept(CONSUMER, envelope.id):
                return
            if isinstance(event, SbomIngested):
                await unit.projection.add_document(event.release.id, event.document)
            known = await unit.projection.load_or_create(event.release)
            progress = apply(known, event)
            await unit.projection.save(progress, self._now() if _is_awaited(event) else None)
            if (progress.evaluated, progress.obligations) != (known.evaluated, known.obligations):
                await self._tell(unit, event, progress)
            await unit.commit()
        self.changed(event.release.id)

    async def _tell(self, unit: UnitOfWork, event: Event, progress: ReleaseProgress) -> None:
        """Put a message for each webhook that wants it into the same transaction."""
        webhooks = await unit.mailbox.webhooks()
        await unit.mailbox.add(list(deliveries_of(event, progress, webhooks, self.new_id, self._now())))

    async def note_ingested(self, release: ReleaseState, document: Document) -> ReleaseProgress:
        """Apply an upload that sbom-ingest has just stored, before its event comes; return the release as it is now.

        Who sends a document to an archived release brings it back.
        """
        async with self.unit_of_work() as unit:
            await unit.projection.add_document(release.id, document)
            known = await unit.projection.load_or_create(release)
            progress = with_release(known, release, known.parts | {document.part: document.id})
            await unit.projection.save(progress, self._now())
            if await unit.projection.archive(release.id, None):
                restored = ReleaseArchived(release.id, False, self._now())
                await unit.emit(RELEASE_ARCHIVED, release.id, restored)
            await unit.commit()
        return progress

    def _now(self) -> str:
        return timestamp(self.clock.now())


def _is_awaited(event: Event) -> bool:
    """Whether somebody waits for what the event leads to."""
    match event:
        case SbomIngested():
            return True
        case ReleaseEvaluated(bulk=bulk):
            return not bulk
        case ObligationsDerived() | StageFailed():
            return False


def apply(known: ReleaseProgress, event: Event) -> ReleaseProgress:
    """Return what is known after the event."""
    match event:
        case SbomIngested(release, _, current):
            return with_release(known, release, {each.part: each.document_id for each in current})
        case ReleaseEvaluated(release=release):
            told = StepsTold(release.revision, event.evaluation_id, 0, event.steps)
            return _told(_evaluated(with_release(known, release, known.parts), event), "steps_evaluated", told)
        case ObligationsDerived(release=release):
            done = StageResult(release.revision, "done", evaluation_id=event.evaluation_id)
            told = StepsTold(release.revision, event.evaluation_id, event.told, event.steps)
            return _told(_ended(with_release(known, release, known.parts), "obligations", done), "steps_derived", told)
        case StageFailed(release=release, stage=stage):
            problem = msgspec.to_builtins(event.problem)
            failed = StageResult(release.revision, "failed", problem, event.evaluation_id or "")
            return _ended(with_release(known, release, known.parts), stage, failed)


def with_release(known: ReleaseProgress, release: ReleaseState, parts: dict[str, str]) -> ReleaseProgress:
    """Return `known` with the release's state and parts, unless a newer revision is known already."""
    if release.revision < known.release.revision:
        return known
    return msgspec.structs.replace(known, release=release, parts=parts)


def _evaluated(known: ReleaseProgress, event: ReleaseEvaluated) -> ReleaseProgress:
    done = StageResult(event.release.revision, "done", evaluation_id=event.evaluation_id)
    counted = msgspec.structs.replace(known, evaluations=known.evaluations + 1)
    return _ended(counted, "evaluated", done, msgspec.to_builtins(event.gate))


def _told(known: ReleaseProgress, field: str, told: StepsTold) -> ReleaseProgress:
    if not told.steps or not told.supersedes(getattr(known, field)):
        return known
    return msgspec.structs.replace(known, **{field: told})


def _ended(
    known: ReleaseProgress, stage: str, result: StageResult, gate: dict[str, Any] | None = None
) -> ReleaseProgress:
    if not result.supersedes(getattr(known, stage)):
        return known
    changes = {"evaluated": result, "gate": gate} if stage == "evaluated" else {stage: result}
    return msgspec.structs.replace(known, **changes)
