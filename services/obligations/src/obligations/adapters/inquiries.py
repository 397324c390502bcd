"""Inquiries in the service's database."""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Select, and_, func, insert, or_, select, update

from obligations.adapters.tables import inquiry as table
from obligations.application.inquiry_ports import InquiryFilter, OpenInquiries
from obligations.application.keep_inquiries import etag_of
from obligations.domain.inquiries import Inquiry, Kind
from shared.errors import NotFound
from shared.persistence.engine import Database


@dataclass(frozen=True, slots=True)
class SqlInquiries:
    """`application.inquiry_ports.Inquiries`."""

    database: Database

    async def add(self, inquiry: Inquiry) -> None:
        async with self.database.write() as connection:
            await connection.execute(insert(table).values(_row(inquiry)))
            await connection.commit()

    async def get(self, id_: str) -> Inquiry:
        found = await self._all(select(table.c.record).where(table.c.id == id_))
        if not found:
            raise NotFound(f"There is no inquiry {id_!r}.")
        return found[0]

    async def replace(self, before: Inquiry, after: Inquiry) -> bool:
        as_before = and_(table.c.id == before.id, table.c.etag == etag_of(before))
        async with self.database.write() as connection:
            done = await connection.execute(update(table).where(as_before).values(_row(after)))
            await connection.commit()
        return bool(done.rowcount == 1)

    async def page(self, wanted: InquiryFilter, now: str, before: str | None, limit: int) -> list[Inquiry]:
        equal = {"kind": wanted.kind, "status": wanted.status, "project": wanted.project}
        conditions = [table.c[name] == value for name, value in equal.items() if value is not None]
        if wanted.overdue is not None:
            in_time = or_(table.c.due_at.is_(None), table.c.due_at > now)
            conditions.append(table.c.due_at <= now if wanted.overdue else in_time)
        if before is not None:
            conditions.append(table.c.id < before)
        return await self._all(select(table.c.record).where(*conditions).order_by(table.c.id.desc()).limit(limit))

    async def open(self) -> dict[Kind, OpenInquiries]:
        earliest = func.min(table.c.due_at)
        query = select(table.c.kind, func.count(), earliest).where(table.c.status != "answered").group_by(table.c.kind)
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {kind: OpenInquiries(count, due_at) for kind, count, due_at in rows}

    async def _all(self, query: Select[Any]) -> list[Inquiry]:
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [msgspec.json.decode(row.record, type=Inquiry) for row in rows]


def _row(inquiry: Inquiry) -> dict[str, Any]:
    return {
        "id": inquiry.id,
        "kind": inquiry.kind,
        "status": inquiry.status,
        "project": inquiry.project,
        "due_at": inquiry.next_deadline(),
        "etag": etag_of(inquiry),
        "record": msgspec.json.encode(inquiry),
    }
