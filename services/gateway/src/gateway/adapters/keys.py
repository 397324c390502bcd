"""API keys in the gateway's database."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.sql import ColumnElement

from gateway.adapters.tables import api_key
from gateway.application.ports import StoredKey
from shared.persistence.engine import Database
from shared.persistence.look_up import LookUps, Query

_HASH: Any = bindparam("hash")
_BY_HASH = Query(select(api_key).where((api_key.c.sha256 == _HASH) | (api_key.c.previous_sha256 == _HASH)), "hash")
_COLUMNS = tuple(api_key.columns.keys())


class SqlKeys:
    """`application.ports.Keys`."""

    def __init__(self, database: Database, look_ups: LookUps) -> None:
        self._database = database
        self._look_ups = look_ups

    async def by_hash(self, sha256: str) -> StoredKey | None:
        row = await self._look_ups.one(_BY_HASH, sha256)
        return _key_of(row) if row else None

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
        return [_key(row._asdict()) for row in rows]


def _values(key: StoredKey) -> dict[str, Any]:
    return asdict(key) | {"roles": json.dumps(key.roles), "projects": json.dumps(key.projects)}


@lru_cache(1_000)
def _key_of(row: tuple[Any, ...]) -> StoredKey:
    return _key(dict(zip(_COLUMNS, row, strict=True)))


def _key(row: Mapping[str, Any]) -> StoredKey:
    lists = {"roles": tuple(json.loads(row["roles"])), "projects": tuple(json.loads(row["projects"]))}
    return StoredKey(**{**row, **lists})
