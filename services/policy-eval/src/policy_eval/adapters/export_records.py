"""Export records in the service's database."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Select, insert, select, update

from policy_eval.adapters.changes import moved
from policy_eval.adapters.export_tables import export_record
from policy_eval.adapters.reevaluations import add_request
from policy_eval.application.change_ports import Reevaluation
from policy_eval.domain.export.checks import day_of
from policy_eval.domain.export.records import Kind, Record, Verification
from shared.errors import NotFound
from shared.persistence.engine import Database


class SqlExportRecords:
    """`application.record_ports.ExportRecords` and `application.record_ports.TableVerifications`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, record: Record, ask: Reevaluation | None = None) -> None:
        values = {"id": record.id, "kind": record.kind, "project": record.project, "state": record.state}
        async with self._database.write() as connection:
            await connection.execute(insert(export_record).values(**values, record=msgspec.json.encode(record)))
            await moved(connection)
            await add_request(connection, ask)
            await connection.commit()

    async def get(self, kind: Kind, id_: str) -> Record:
        query = select(export_record.c.record).where(export_record.c.kind == kind, export_record.c.id == id_)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(f"There is no {kind} {id_!r} that this key may see.")
        return msgspec.json.decode(row.record, type=Record)

    async def change(self, record: Record, from_state: str, ask: Reevaluation | None = None) -> bool:
        same = (export_record.c.id == record.id) & (export_record.c.state == from_state)
        values = {"state": record.state, "record": msgspec.json.encode(record)}
        async with self._database.write() as connection:
            changed = await connection.execute(update(export_record).where(same).values(values))
            if changed.rowcount != 1:
                return False
            await moved(connection)
            await add_request(connection, ask)
            await connection.commit()
        return True

    async def of_project(self, project: str) -> list[Record]:
        query = select(export_record.c.record).where(
            export_record.c.project == project, export_record.c.state == "in-effect"
        )
        return await self._records(query.order_by(export_record.c.id))

    async def page(self, kind: Kind, project: str | None, before: str | None, limit: int) -> list[Record]:
        query = select(export_record.c.record).where(export_record.c.kind == kind)
        if project is not None:
            query = query.where(export_record.c.project == project)
        if before is not None:
            query = query.where(export_record.c.id < before)
        return await self._records(query.order_by(export_record.c.id.desc()).limit(limit))

    async def all(self) -> Mapping[str, date]:
        query = select(export_record.c.record).where(
            export_record.c.kind == "verification", export_record.c.state == "in-effect"
        )
        verified: dict[str, date] = {}
        for record in await self._records(query.order_by(export_record.c.id)):
            content = record.content()
            assert isinstance(content, Verification)
            day = day_of(content.verified_at)
            if day is not None:
                verified[content.table] = max(day, verified.get(content.table, day))
        return verified

    async def _records(self, query: Select[Any]) -> list[Record]:
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [msgspec.json.decode(row.record, type=Record) for row in rows]
