"""API keys in the gateway's database."""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.sql import ColumnElement

from gateway.adapters.tables import api_key
from gateway.application.ports import StoredKey
from shared.persistence.engine import Database


class SqlKeys:
    """`application.ports.Keys`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_hash(self, sha256: str) -> StoredKey | None:
        either = (api_key.c.sha256 == sha256) | (api_key.c.previous_sha256 == sha256)
        return next(iter(await self._select(either)), None)

    async def by_id(self, key_id: str) -> StoredKey | None:
        return next(iter(await self._select(api_key.c.id == key_id)), None)

    async def all(self) -> list[StoredKey]:
        return await self._select(api_key.c.id.is_not(None))

    async def add(self, key: StoredKey) -> None:
        async with self._database.write() as connection:
            await connection.execute(insert(api_key).values(_values(key)))
            await connection.commit()

    async def replace(self, key: StoredKey) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(api_key).where(api_key.c.id == key.id))
            await connection.execute(insert(api_key).values(_values(key)))
            await connection.commit()

    async def note_use(self, used: dict[str, str]) -> None:
        async with self._database.write() as connection:
            for key_id, moment in sorted(used.items()):
                await connection.execute(update(api_key).where(api_key.c.id == key_id).values(last_used_at=moment))
            await connection.commit()

    async def revoke(self, key_id: str, now: str) -> bool:
        async with self._database.write() as connection:
            valid = update(api_key).where(api_key.c.id == key_id, api_key.c.revoked_at.is_(None))
            result = await connection.execute(valid.values(revoked_at=now))
            await connection.commit()
        return bool(result.rowcount)

    async def _select(self, condition: ColumnElement[bool]) -> list[StoredKey]:
        async with self._database.read() as connection:
            rows = (await connection.execute(select(api_key).where(condition).order_by(api_key.c.id))).all()
        return [_key(row) for row in rows]


def _values(key: StoredKey) -> dict[str, Any]:
    return asdict(key) | {"roles": json.dumps(key.roles), "projects": json.dumps(key.projects)}


def _key(row: Row[Any]) -> StoredKey:
    lists = {"roles": tuple(json.loads(row.roles)), "projects": tuple(json.loads(row.projects))}
    return StoredKey(**{**row._mapping, **lists})
