"""Take a document: read it, store it, make it the current one of its part, and tell the others."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from sbom_ingest.application.ports import DocumentReader, ReadDocument, StoredDocument, UnitOfWork
from sbom_ingest.application.submission import Submission
from sbom_ingest.domain.outcome import ReadResult, Refusal
from shared.clock import Clock, NewId, timestamp
from shared.computation import compute
from shared.contracts.documents import Document
from shared.contracts.events import SBOM_INGESTED, ReleaseState, SbomIngested
from shared.crash import crash_point
from shared.errors import InvalidInput, LicetError, OverLimit, Unreadable, UnsupportedEncoding
from shared.persistence.blobs import Blobs
from shared.tracing import traced

SHOWN_WARNINGS = 100


@dataclass(frozen=True, slots=True)
class Spooled:
    """The received document in a temporary file, after `Content-Encoding` was undone."""

    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Ingested:
    """The release and the document as they are now; `replayed` when nothing was new."""

    release: ReleaseState
    document: Document
    replayed: bool


@dataclass(frozen=True, slots=True)
class IngestSbom:
    """The use case, with what it needs."""

    reader: DocumentReader
    blobs: Blobs
    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    new_id: NewId

    async def __call__(self, submission: Submission, spooled: Spooled) -> Ingested:
        """Store the document; raises Unreadable, OverLimit, InvalidInput, Forbidden, Saturated."""
        submission.check()
        async with self.reader.read(spooled.path, spooled.size) as outcome:
            if isinstance(outcome, Refusal):
                raise error_of(outcome)
            project, version = submission.names(outcome.result.facts.root)
            stored = await self._store(submission, spooled, outcome)
        crash_point("ingest-before-commit")
        new = ReleaseState(
            id=self.new_id(),
            project=project,
            version=version,
            context=submission.context,
            policy=submission.policy,
            revision=0,
            created_at=stored.document.created_at,
        )
        ingested = await self._commit(new, stored)
        crash_point("ingest-after-commit")
        return ingested

    @traced("store files")
    async def _store(self, submission: Submission, spooled: Spooled, read: ReadDocument) -> StoredDocument:
        reading = read.result
        await self.blobs.adopt(spooled.path, spooled.sha256)
        await self.blobs.adopt(read.inventory, reading.inventory_sha256)
        warnings, ignored = await compute(_encoded, reading)
        return StoredDocument(
            release_id="",
            document=self._document(submission.part, spooled.sha256, reading),
            inventory_sha256=reading.inventory_sha256,
            warnings_sha256=await self.blobs.put(warnings),
            ignored_sha256=await self.blobs.put(ignored),
        )

    def _document(self, part: str, sha256: str, reading: ReadResult) -> Document:
        facts = reading.facts
        return Document(
            id=self.new_id(),
            part=part,
            sha256=sha256,
            format=facts.format,
            spec_version=facts.spec_version,
            serialization=facts.serialization,
            tool=facts.tool,
            root=facts.root,
            buckets=facts.buckets,
            services=facts.services,
            files=facts.files,
            quality=facts.quality,
            warnings=reading.warnings[:SHOWN_WARNINGS],
            warnings_total=len(reading.warnings),
            created_at=timestamp(self.clock.now()),
        )

    @traced("store document")
    async def _commit(self, wanted: ReleaseState, read: StoredDocument) -> Ingested:
        async with self.unit_of_work() as unit:
            release = await unit.releases.lock_or_create(wanted)
            part, sha256 = read.document.part, read.document.sha256
            known = await unit.releases.document_of(release.id, part, sha256)
            current = {each.part: each.sha256 for each in await unit.releases.current(release.id)}
            as_wanted = (release.context, release.policy) == (wanted.context, wanted.policy)
            if known and as_wanted and current.get(part) == sha256:
                return Ingested(release, known.document, replayed=True)
            stored = known or replace(read, release_id=release.id)
            if not known:
                await unit.releases.add_document(stored)
            await unit.releases.make_current(release.id, part, stored.document.id)
            changed = msgspec.structs.replace(
                release, context=wanted.context, policy=wanted.policy, revision=release.revision + 1
            )
            await unit.releases.change(changed)
            event = SbomIngested(changed, stored.document, await unit.releases.current(release.id))
            await unit.emit(SBOM_INGESTED, release.id, event)
            await unit.commit()
        return Ingested(changed, stored.document, replayed=False)


def _encoded(reading: ReadResult) -> tuple[bytes, bytes]:
    return msgspec.json.encode(reading.warnings), msgspec.json.encode(reading.ignored)


def error_of(refusal: Refusal) -> LicetError:
    """Return the error that tells a refusal."""
    match refusal.kind:
        case "not-an-sbom":
            return Unreadable(refusal.detail, errors=refusal.errors)
        case "over-limit":
            return OverLimit(refusal.detail, errors=refusal.errors, limit=refusal.limit)
        case "unsupported-encoding":
            return UnsupportedEncoding(refusal.detail)
        case "breaks-specification":
            return InvalidInput(refusal.detail, errors=refusal.errors)
