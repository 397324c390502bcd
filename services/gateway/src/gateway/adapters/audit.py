"""The audit trail in the gateway's database."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from gateway.adapters.tables import audit_entry, audit_head
from gateway.application.audit_trail import AuditFilter
from gateway.domain.audit import Entry, Head, Link, linked
from shared.persistence.engine import Database


class SqlTrail:
    """`application.audit_trail.Trail`. The row of the head is locked while a link is added."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._key = key

    async def append(self, entry: Entry) -> None:
        # What failed may have waited for the database already, here or in the service: then it is not waited for twice.
        async with self._database.write(patient=entry.status < HTTPStatus.INTERNAL_SERVER_ERROR) as connection:
            row = (await connection.execute(select(audit_head).with_for_update())).one()
            link = linked(Head(row.seq, row.hash), entry, self._key)
            values = {"seq": link.seq, "hash": link.hash}
            await connection.execute(insert(audit_entry).values(asdict(entry) | values))
            await connection.execute(update(audit_head).values(values))
            await connection.commit()

    async def newest(self, wanted: AuditFilter, before: int | None, limit: int) -> list[Link]:
        query = _matching(wanted).order_by(audit_entry.c.seq.desc()).limit(limit)
        return await self._links(query if before is None else query.where(audit_entry.c.seq < before))

    async def oldest(self, wanted: AuditFilter, after: int, limit: int) -> list[Link]:
        query = _matching(wanted).order_by(audit_entry.c.seq).limit(limit)
        return await self._links(query.where(audit_entry.c.seq > after))

    async def head(self) -> Head:
        async with self._database.read() as connection:
            row = (await connection.execute(select(audit_head))).one()
        return Head(row.seq, row.hash)

    async def _links(self, query: Select[Any]) -> list[Link]:
        async with self._database.read() as connection:
            return [_link(row) for row in (await connection.execute(query)).all()]


def _matching(wanted: AuditFilter) -> Select[Any]:
    query = select(audit_entry)
    for name in ("subject", "action", "project", "outcome", "request_id"):
        if (value := getattr(wanted, name)) is not None:
            query = query.where(audit_entry.c[name] == value)
    if wanted.since is not None:
        query = query.where(audit_entry.c.at >= wanted.since)
    return query if wanted.until is None else query.where(audit_entry.c.at < wanted.until)


def _link(row: Row[Any]) -> Link:
    fields = row._mapping
    return Link(row.seq, Entry(**{name: fields[name] for name in Entry.__slots__}), row.hash)
