"""Follow the releases through their events, so that the gateway can say how far each one is.

Events may come twice and in any order; each is judged by the release's revision that it speaks of.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from gateway.application.ports import UnitOfWork
from gateway.domain.stages import ReleaseProgress, StageResult
from shared.contracts.documents import Document
from shared.contracts.envelope import Envelope, data_of
from shared.contracts.events import ObligationsDerived, ReleaseEvaluated, ReleaseState, SbomIngested, StageFailed

CONSUMER = "gateway"
Event = SbomIngested | ReleaseEvaluated | ObligationsDerived | StageFailed


@dataclass(frozen=True, slots=True)
class FollowReleases:
    """Applies events, and what sbom-ingest has just answered, to the projection; `changed` is told of each release."""

    unit_of_work: Callable[[], UnitOfWork]
    changed: Callable[[str], None]

    async def handle(self, envelope: Envelope) -> None:
        """Apply an event once."""
        event: Event = data_of(envelope)
        async with self.unit_of_work() as unit:
            if not await unit.accept(CONSUMER, envelope.id):
                return
            if isinstance(event, SbomIngested):
                await unit.projection.add_document(event.release.id, event.document)
            known = await unit.projection.load_or_create(event.release)
            await unit.projection.save(apply(known, event))
            await unit.commit()
        self.changed(event.release.id)

    async def note_ingested(self, release: ReleaseState, document: Document) -> ReleaseProgress:
        """Apply an upload that sbom-ingest has just stored, before its event comes; return the release as it is now."""
        async with self.unit_of_work() as unit:
            await unit.projection.add_document(release.id, document)
            known = await unit.projection.load_or_create(release)
            progress = with_release(known, release, known.parts | {document.part: document.id})
            await unit.projection.save(progress)
            await unit.commit()
        return progress


def apply(known: ReleaseProgress, event: Event) -> ReleaseProgress:
    """Return what is known after the event."""
    replace = msgspec.structs.replace
    match event:
        case SbomIngested(release, _, current):
            return with_release(known, release, {each.part: each.document_id for each in current})
        case ReleaseEvaluated(release=release):
            counted = replace(with_release(known, release, known.parts), evaluations=known.evaluations + 1)
            if not _newer(release, known.evaluated):
                return counted
            gate = msgspec.to_builtins(event.gate)
            done = StageResult(release.revision, "done")
            return replace(counted, evaluated=done, gate=gate, evaluation_id=event.evaluation_id)
        case ObligationsDerived(release=release):
            later = with_release(known, release, known.parts)
            done = StageResult(release.revision, "done")
            return replace(later, obligations=done) if _newer(release, known.obligations) else later
        case StageFailed(release=release, stage=stage):
            failed = StageResult(release.revision, "failed", msgspec.to_builtins(event.problem))
            later = with_release(known, release, known.parts)
            return replace(later, **{stage: failed}) if _newer(release, getattr(known, stage)) else later


def with_release(known: ReleaseProgress, release: ReleaseState, parts: dict[str, str]) -> ReleaseProgress:
    """Return `known` with the release's state and parts, unless a newer revision is known already."""
    if release.revision < known.release.revision:
        return known
    return msgspec.structs.replace(known, release=release, parts=parts)


def _newer(release: ReleaseState, result: StageResult | None) -> bool:
    return result is None or release.revision >= result.revision
