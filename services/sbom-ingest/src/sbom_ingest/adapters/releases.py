"""Releases and documents in the service's database."""

from typing import Any

import msgspec
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from sbom_ingest.adapters.tables import current_document, document, release
from sbom_ingest.application.ports import StoredDocument
from shared.contracts.documents import Document
from shared.contracts.events import CurrentDocument, ReleaseState
from shared.errors import NotFound
from shared.messaging.unit_of_work import UnitOfWork
from shared.persistence.engine import Database, on_conflict_do_nothing

_FIELDS = ("id", "project", "version", "context", "policy", "revision", "created_at")


class SqlReleases:
    """`application.ports.Releases` on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock_or_create(self, wanted: ReleaseState) -> ReleaseState:
        values = {field: getattr(wanted, field) for field in _FIELDS}
        await self._connection.execute(on_conflict_do_nothing(self._connection, release, values))
        same = (release.c.project == wanted.project, release.c.version == wanted.version)
        row = (await self._connection.execute(select(release).where(*same).with_for_update())).one()
        return ReleaseState(**{field: getattr(row, field) for field in _FIELDS})

    async def change(self, changed: ReleaseState) -> None:
        values = {"context": changed.context, "policy": changed.policy, "revision": changed.revision}
        await self._connection.execute(update(release).where(release.c.id == changed.id).values(values))

    async def document_of(self, release_id: str, part: str, sha256: str) -> StoredDocument | None:
        same = (document.c.release_id == release_id, document.c.part == part, document.c.sha256 == sha256)
        row = (await self._connection.execute(select(document).where(*same))).one_or_none()
        return _stored(row) if row else None

    async def add_document(self, stored: StoredDocument) -> None:
        values = {
            "id": stored.document.id,
            "release_id": stored.release_id,
            "part": stored.document.part,
            "sha256": stored.document.sha256,
            "inventory_sha256": stored.inventory_sha256,
            "warnings_sha256": stored.warnings_sha256,
            "ignored_sha256": stored.ignored_sha256,
            "shown": msgspec.json.encode(stored.document),
        }
        await self._connection.execute(insert(document).values(values))

    async def make_current(self, release_id: str, part: str, document_id: str) -> None:
        of_part = (current_document.c.release_id == release_id, current_document.c.part == part)
        await self._connection.execute(delete(current_document).where(*of_part))
        values = {"release_id": release_id, "part": part, "document_id": document_id}
        await self._connection.execute(insert(current_document).values(values))

    async def current(self, release_id: str) -> list[CurrentDocument]:
        joined = current_document.join(document, document.c.id == current_document.c.document_id)
        query = (
            select(document.c.part, document.c.id, document.c.sha256, document.c.inventory_sha256, document.c.shown)
            .select_from(joined)
            .where(current_document.c.release_id == release_id)
        )
        rows = (await self._connection.execute(query)).all()
        return sorted((CurrentDocument(*row[:-1], _quality(row.shown)) for row in rows), key=lambda each: each.part)


class SqlUnitOfWork(UnitOfWork):
    """One transaction over releases, documents and events."""

    async def __aenter__(self) -> "SqlUnitOfWork":
        await super().__aenter__()
        self.releases = SqlReleases(self.connection)
        return self


class SqlLibrary:
    """`application.ports.Library`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def document(self, document_id: str) -> StoredDocument:
        async with self._database.read() as connection:
            row = (await connection.execute(select(document).where(document.c.id == document_id))).one_or_none()
        if row is None:
            raise NotFound(f"There is no SBOM document {document_id!r}.")
        return _stored(row)


def _quality(shown: bytes) -> float:
    return msgspec.json.decode(shown, type=Document).quality.score


def _stored(row: Row[Any]) -> StoredDocument:
    return StoredDocument(
        release_id=row.release_id,
        document=msgspec.json.decode(row.shown, type=Document),
        inventory_sha256=row.inventory_sha256,
        warnings_sha256=row.warnings_sha256,
        ignored_sha256=row.ignored_sha256,
    )
