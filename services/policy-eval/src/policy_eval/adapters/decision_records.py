"""Decisions of people in the service's database."""

from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Select, insert, select, update

from policy_eval.adapters.changes import moved
from policy_eval.adapters.decision_tables import decision
from policy_eval.adapters.reevaluations import add_request
from policy_eval.application.change_ports import Reevaluation
from policy_eval.domain.decision_records import DecisionKind, DecisionRecord, DecisionState
from policy_eval.domain.purls import index_key
from shared.crash import crash_point
from shared.errors import NotFound
from shared.persistence.engine import Database

_decode = msgspec.json.Decoder(DecisionRecord).decode
_NEWER = "+"
"""Ends the kind and the state of rows that older versions of Licet cannot read, so that these do not look at them."""


class SqlDecisionRecords:
    """`application.record_ports.DecisionRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, record: DecisionRecord, purl_name: str | None, ask: Reevaluation | None = None) -> None:
        values = {
            "id": record.id,
            "kind": record.kind + _mark(record),
            "state": record.state + _mark(record),
            "purl_name": None if purl_name is None else index_key(purl_name),
            "record": msgspec.json.encode(record),
            "ends_at": getattr(record.content(), "expires_at", None),
        }
        async with self._database.write() as connection:
            await connection.execute(insert(decision).values(values))
            await moved(connection)
            crash_point("decide-before-request")
            await add_request(connection, ask)
            await connection.commit()
        crash_point("decide-after-commit")

    async def get(self, kind: DecisionKind, id_: str) -> DecisionRecord:
        found = await self._records(
            select(decision.c.record).where(_either(decision.c.kind, kind), decision.c.id == id_)
        )
        if not found:
            raise NotFound(f"There is no {kind} {id_!r} that this key may see.")
        return found[0]

    async def change(self, record: DecisionRecord, from_state: DecisionState, ask: Reevaluation | None = None) -> bool:
        same = (decision.c.id == record.id) & _either(decision.c.state, from_state)
        values = {"state": record.state + _mark(record), "record": msgspec.json.encode(record)}
        async with self._database.write() as connection:
            changed = await connection.execute(update(decision).where(same).values(values))
            if changed.rowcount != 1:
                return False
            await moved(connection)
            await add_request(connection, ask)
            await connection.commit()
        return True

    async def in_effect(self) -> list[DecisionRecord]:
        query = select(decision.c.record).where(_either(decision.c.state, "in-effect"))
        return await self._records(query.order_by(decision.c.id))

    async def ended_between(self, after: str, until: str, limit: int) -> list[DecisionRecord]:
        ended = (_either(decision.c.state, "in-effect"), decision.c.ends_at > after, decision.c.ends_at <= until)
        query = select(decision.c.record).where(*ended).order_by(decision.c.ends_at, decision.c.id)
        return await self._records(query.limit(limit))

    async def on_package(self, kind: DecisionKind, purl_name: str | None) -> list[DecisionRecord]:
        same = decision.c.purl_name.is_(None) if purl_name is None else decision.c.purl_name == index_key(purl_name)
        held = (_either(decision.c.kind, kind), _either(decision.c.state, "in-effect"), same)
        query = select(decision.c.record).where(*held)
        return await self._records(query.order_by(decision.c.id))

    async def page(self, kind: DecisionKind, before: str | None, limit: int) -> list[DecisionRecord]:
        query = select(decision.c.record).where(_either(decision.c.kind, kind))
        if before is not None:
            query = query.where(decision.c.id < before)
        return await self._records(query.order_by(decision.c.id.desc()).limit(limit))

    async def _records(self, query: Select[Any]) -> list[DecisionRecord]:
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [_decode(row.record) for row in rows]


def _mark(record: DecisionRecord) -> str:
    return _NEWER if record.is_newer else ""


def _either(column: Column[Any], value: str) -> ColumnElement[bool]:
    return column.in_((value, value + _NEWER))
