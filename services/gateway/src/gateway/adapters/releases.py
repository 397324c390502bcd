"""The projection of releases in the gateway's database."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import Row, Select, bindparam, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.adapters.tables import document, release
from gateway.adapters.webhooks import SqlMailbox
from gateway.application.ports import ReleaseFilter
from gateway.domain.stages import ReleaseProgress
from gateway.domain.steps import NONE_OPEN
from shared.contracts.documents import Document
from shared.contracts.events import ReleaseState
from shared.messaging.unit_of_work import UnitOfWork
from shared.persistence.engine import Database, on_conflict_do_nothing
from shared.persistence.look_up import LookUps, Query

_IDS_AT_A_TIME: Final = 1_000
_CURRENT: Final = release.c.archived_at.is_(None)
_PROGRESS: Final = select(release.c.progress)
_SAME_ID: Final = release.c.id == bindparam("id")
_SAME_NAME: Final = (release.c.project == bindparam("project"), release.c.version == bindparam("version"))
_BY_ID: Final = Query(_PROGRESS.where(_SAME_ID, _CURRENT), "id")
_ARCHIVED: Final = Query(_PROGRESS.where(_SAME_ID, ~_CURRENT), "id")
_BY_NAME: Final = Query(_PROGRESS.where(*_SAME_NAME, _CURRENT), "project", "version")
_OF_DOCUMENT: Final = Query(
    _PROGRESS.join(document, document.c.release_id == release.c.id).where(document.c.id == bindparam("id"), _CURRENT),
    "id",
)


class SqlReleases:
    """`application.ports.Releases`."""

    def __init__(self, database: Database, look_ups: LookUps) -> None:
        self._database = database
        self._look_ups = look_ups

    async def by_id(self, release_id: str) -> ReleaseProgress | None:
        return await self._one(_BY_ID, release_id)

    async def archived(self, release_id: str) -> ReleaseProgress | None:
        return await self._one(_ARCHIVED, release_id)

    async def by_name(self, project: str, version: str) -> ReleaseProgress | None:
        return await self._one(_BY_NAME, project, version)

    async def of_document(self, document_id: str) -> ReleaseProgress | None:
        return await self._one(_OF_DOCUMENT, document_id)

    async def documents(self, release_ids: list[str]) -> dict[str, Document]:
        query = select(document.c.id, document.c.shown).where(document.c.release_id.in_(release_ids))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {row.id: msgspec.json.decode(row.shown, type=Document) for row in rows}

    async def page(
        self, wanted: ReleaseFilter, visible: Callable[[str], bool], after: str | None, limit: int
    ) -> list[ReleaseProgress]:
        found: list[ReleaseProgress] = []
        async with self._database.read() as connection:
            for some in _some_at_a_time(wanted):
                last = after
                while len(found) < limit:
                    query = _newest_first(some, last).limit(limit)
                    rows = (await connection.execute(query)).all()
                    found += [_progress(row) for row in rows if visible(row.project)]
                    if len(rows) < limit:
                        break
                    last = rows[-1].id
        return found[:limit]

    async def projects(self) -> list[dict[str, Any]]:
        counted = select(release.c.project, func.count().label("releases"))
        query = counted.where(_CURRENT).group_by(release.c.project)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return sorted(({"name": row.project, "releases": row.releases} for row in rows), key=lambda each: each["name"])

    async def _one(self, query: Query, *values: str) -> ReleaseProgress | None:
        row = await self._look_ups.one(query, *values)
        return _decoded(row[0]) if row else None


class SqlProjection:
    """`application.ports.Projection` on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def load_or_create(self, wanted: ReleaseState) -> ReleaseProgress:
        names = {"id": wanted.id, "project": wanted.project, "version": wanted.version}
        values = names | _values(ReleaseProgress(wanted, {}))
        await self._connection.execute(on_conflict_do_nothing(self._connection, release, values))
        query = select(release.c.progress).where(release.c.id == wanted.id).with_for_update()
        return _progress((await self._connection.execute(query)).one())

    async def save(self, progress: ReleaseProgress, awaited_from: str | None) -> None:
        of_release = update(release).where(release.c.id == progress.release.id)
        await self._connection.execute(of_release.values(_values(progress) | _awaited(progress, awaited_from)))

    async def archive(self, release_id: str, now: str | None) -> bool:
        other = release.c.archived_at.is_distinct_from(now)
        changed = update(release).where(release.c.id == release_id, other).values(archived_at=now)
        return bool((await self._connection.execute(changed)).rowcount)

    async def add_document(self, release_id: str, shown: Document) -> None:
        values = {"id": shown.id, "release_id": release_id, "shown": msgspec.json.encode(shown)}
        await self._connection.execute(on_conflict_do_nothing(self._connection, document, values))


class SqlUnitOfWork(UnitOfWork):
    """One transaction over the projection."""

    async def __aenter__(self) -> "SqlUnitOfWork":
        await super().__aenter__()
        self.projection = SqlProjection(self.connection)
        self.mailbox = SqlMailbox(self.connection)
        return self


def _some_at_a_time(wanted: ReleaseFilter) -> Iterator[ReleaseFilter]:
    """The filter, or as many as it takes for none to name too many ids for a statement; the newest ids first."""
    if wanted.ids is None:
        yield wanted
        return
    ids = sorted(set(wanted.ids), reverse=True)
    for start in range(0, len(ids), _IDS_AT_A_TIME):
        yield replace(wanted, ids=tuple(ids[start : start + _IDS_AT_A_TIME]))


def _newest_first(wanted: ReleaseFilter, after: str | None) -> Select[Any]:
    query = select(release.c.id, release.c.project, release.c.progress).where(_CURRENT)
    query = query.order_by(release.c.id.desc())
    if after is not None:
        query = query.where(release.c.id < after)
    if wanted.ids is not None:
        query = query.where(release.c.id.in_(wanted.ids))
    for column, value in (
        (release.c.project, wanted.project),
        (release.c.version, wanted.version),
        (release.c.verdict, wanted.verdict),
        (release.c.first_open_step, wanted.first_open_step),
    ):
        if value is not None:
            query = query.where(column == value)
    return query if wanted.project is not None else _matching(query, wanted.patterns)


def _matching(query: Select[Any], patterns: tuple[str, ...]) -> Select[Any]:
    """The query without most rows whose project matches no pattern: who asks still looks at each project."""
    if any(set(each) <= {"*"} for each in patterns):
        return query
    plain = [each for each in patterns if not set(each) & set("*?[")]
    like = [release.c.project.like(_like(each), escape="\\") for each in sorted(set(patterns) - set(plain))]
    return query.where(or_(release.c.project.in_(plain), *like))


def _like(pattern: str) -> str:
    """What LIKE has for a shell's pattern; up to its first bracket, which LIKE does not know."""
    beginning, bracket, _ = pattern.partition("[")
    escaped = re.sub(r"([\\%_])", r"\\\1", beginning)
    return escaped.replace("*", "%").replace("?", "_") + ("%" if bracket else "")


def _values(progress: ReleaseProgress) -> dict[str, Any]:
    return {
        "revision": progress.release.revision,
        "verdict": progress.current_gate["verdict"] if progress.current_gate else None,
        "first_open_step": progress.first_open_step or NONE_OPEN,
        "progress": msgspec.json.encode(progress),
    }


def _awaited(progress: ReleaseProgress, awaited_from: str | None) -> dict[str, Any]:
    """Who waits for the stage already, goes on waiting since when they began."""
    if progress.awaited is None:
        return {"awaited": None, "awaited_since": None}
    goes_on = release.c.awaited == progress.awaited
    return {
        "awaited": case((goes_on, release.c.awaited), else_=progress.awaited if awaited_from else None),
        "awaited_since": case((goes_on, release.c.awaited_since), else_=awaited_from),
    }


_decoded: Final = lru_cache(1_000)(msgspec.json.Decoder(ReleaseProgress).decode)
"""The same bytes are the same progress, which nobody changes."""


def _progress(row: Row[Any]) -> ReleaseProgress:
    return msgspec.json.decode(row.progress, type=ReleaseProgress)
