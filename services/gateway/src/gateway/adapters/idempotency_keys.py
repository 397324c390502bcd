"""Idempotency keys in the gateway's database."""

from typing import Any

import msgspec
from sqlalchemy import and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ColumnElement

from gateway.adapters.tables import idempotency_key
from gateway.application.idempotency import KeyRecord
from shared.persistence.engine import Database, on_conflict_do_nothing


class SqlKeyStore:
    """`application.idempotency.KeyStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, key: str, record: KeyRecord, now: str, forget_before: str) -> KeyRecord | None:
        table = idempotency_key
        # A lease that has run out belongs to a request whose process ended without an answer.
        abandoned = table.c.answered.is_(False) & (table.c.lease_until < now)
        async with self._database.write() as connection:
            await connection.execute(delete(table).where((table.c.created_at < forget_before) | abandoned))
            values = {
                "key": key,
                "created_at": now,
                "lease_until": record.lease_until,
                "answered": False,
                "record": msgspec.json.encode(record),
            }
            row = None
            # The row in the way may be gone before it is read: then there is room for this one.
            while row is None and not (await connection.execute(_insert(connection, values))).rowcount:
                row = (await connection.execute(select(table.c.record).where(table.c.key == key))).one_or_none()
            await connection.commit()
        return msgspec.json.decode(row.record, type=KeyRecord) if row is not None else None

    async def finish(self, key: str, record: KeyRecord) -> None:
        values = {"answered": True, "record": msgspec.json.encode(record)}
        async with self._database.write() as connection:
            await connection.execute(update(idempotency_key).where(_unanswered(key)).values(values))
            await connection.commit()

    async def release(self, key: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(idempotency_key).where(_unanswered(key)))
            await connection.commit()


def _unanswered(key: str) -> ColumnElement[bool]:
    # A request that outlived its lease must not undo the answer of the one that took its place.
    return and_(idempotency_key.c.key == key, idempotency_key.c.answered.is_(False))


def _insert(connection: AsyncConnection, values: dict[str, Any]) -> Any:
    return on_conflict_do_nothing(connection, idempotency_key, values)
