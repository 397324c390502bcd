"""Answers what every request asks - who has this key, which release is this - for less than a transaction costs.

On SQLite the row is read in place, in microseconds: handing the question to a thread costs a hundred times as much. It is
kept until this process writes anything, which is at once, and for a second at most, since another process may write too. On
PostgreSQL, where replicas write, it is one prepared statement, one way there and back, each time.
"""

import re
import sqlite3
import time
from typing import Any, Final

import asyncpg
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine import make_url

from shared.persistence.engine import Database
from shared.persistence.postgres_server import PostgresServer

_BUSY_SECONDS: Final = 0.05
_SECONDS_OF_A_LOOK: Final = 1.0
_CONNECTIONS: Final = 5
_KEPT_SECONDS: Final = 1.0
_MOST_KEPT: Final = 10_000
_FAILURES = (
    sqlite3.Error,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that was lost in between: "another operation is in progress"
    OSError,
    TimeoutError,
)


class LookUps:
    """Connections for such questions to one database, beside those for everything else."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sqlite: sqlite3.Connection | None = None
        self._pool: asyncpg.Pool | None = None
        self._kept: dict[tuple[Query, tuple[str, ...]], tuple[Any, ...]] = {}
        self._kept_at = 0, 0.0

    async def one(self, query: "Query", *values: str) -> tuple[Any, ...] | None:
        """Return the row, None if there is none; raises what `Database.read` raises when the database is away."""
        try:
            if self._database.server is None:
                return self._in_place(query, values)
            found = await self._over_there(self._database.server, query, values)
        except _FAILURES:
            return await self._slowly(query, values)
        return tuple(found.values()) if found is not None else None

    def _in_place(self, query: "Query", values: tuple[str, ...]) -> tuple[Any, ...] | None:
        kept = self._still_kept()
        row = kept.get((query, values))
        if row is None:
            row = self._opened().execute(query.sqlite, values).fetchone()
            if row is not None:  # guesses are not worth keeping
                kept[query, values] = row
        return row

    def _still_kept(self) -> dict[tuple["Query", tuple[str, ...]], tuple[Any, ...]]:
        writes, since = self._kept_at
        now = time.monotonic()
        if writes != self._database.writes or now - since > _KEPT_SECONDS or len(self._kept) > _MOST_KEPT:
            self._kept.clear()
            self._kept_at = self._database.writes, now
        return self._kept

    async def close(self) -> None:
        if self._sqlite is not None:
            self._sqlite.close()
        if self._pool is not None:
            await self._pool.close()

    async def _slowly(self, query: "Query", values: tuple[str, ...]) -> tuple[Any, ...] | None:
        async with self._database.read() as connection:
            row = (await connection.execute(query.select, dict(zip(query.names, values, strict=True)))).one_or_none()
        return tuple(row) if row is not None else None

    def _opened(self) -> sqlite3.Connection:
        if self._sqlite is None:
            file = make_url(self._database.url).database or ""
            address = f"file:{_escaped(file)}?mode=ro"
            self._sqlite = sqlite3.connect(address, timeout=_BUSY_SECONDS, isolation_level=None, uri=True)
        return self._sqlite

    async def _over_there(
        self, server: PostgresServer, query: "Query", values: tuple[str, ...]
    ) -> asyncpg.Record | None:
        if self._pool is None:
            self._pool = asyncpg.create_pool(
                connect=server.connect, min_size=0, max_size=_CONNECTIONS, reset=_nothing_to_reset
            )
        with server.watched():
            async with (await self._pool).acquire(timeout=_SECONDS_OF_A_LOOK) as connection:
                try:
                    return await connection.fetchrow(query.postgresql, *values, timeout=_SECONDS_OF_A_LOOK)
                except TimeoutError:
                    connection.terminate()  # giving it back would wait until the server has cancelled the statement
                    raise


class Query:
    """A SELECT of one row, compiled once; `names` are those of its parameters, in the order of their values."""

    def __init__(self, select: Select[Any], *names: str) -> None:
        self.select = select
        self.names = names
        self.sqlite = _compiled(select, sqlite.dialect(paramstyle="named"), names, "?")
        dialect = PGDialect_asyncpg(paramstyle="named")  # type: ignore[no-untyped-call]  # SQLAlchemy's own gap
        self.postgresql = _compiled(select, dialect, names, "$")


def _compiled(select: Select[Any], dialect: Any, names: tuple[str, ...], mark: str) -> str:
    text = str(select.compile(dialect=dialect))
    for number, name in enumerate(names, 1):
        text = re.sub(rf":{name}\b", f"{mark}{number}", text)
    return text


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


async def _nothing_to_reset(_connection: Any) -> None:
    """A statement that only reads leaves nothing behind."""
