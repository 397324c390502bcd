"""One database of one service, on PostgreSQL or SQLite, with the same promises.

A read sees one consistent state and writes nothing. A write is one transaction that its user commits; on SQLite it takes
the write lock at once (BEGIN IMMEDIATE), so that it waits for its turn at the start instead of failing at its end.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from shared.persistence.faults import is_away
from shared.persistence.postgres_server import PostgresServer

_SECONDS_TO_START = 2.0
_PAUSE = 0.1
_SECONDS_OF_A_PING = 2.0
_SQLITE_PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_SQLITE_CONNECTIONS = 8
_ROWS_OF_A_COPY = 10_000
_POSTGRES_READ = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Database:
    """Connections to one database, `most_connections` at most. `url` is a SQLAlchemy URL with an asynchronous driver."""

    def __init__(self, url: str, pool_size: int = 5) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.server = None if self.is_sqlite else PostgresServer(url)
        self._engine = _sqlite_engine(url) if self.server is None else _postgres_engine(url, self.server, pool_size)
        self.most_connections = _SQLITE_CONNECTIONS if self.is_sqlite else 2 * pool_size
        self.writes = 0
        """How many transactions that may have written anything have ended in this process."""

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection for reading."""
        async with self._watched() as stack:
            connection = await self._connection(stack, _SECONDS_TO_START)
            yield connection if self.is_sqlite else await connection.execution_options(**_POSTGRES_READ)

    @asynccontextmanager
    async def write(self, *, patient: bool = True) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose transaction is rolled back unless it is committed inside.

        Not `patient`: a server that starts again is not waited for, since whoever asks has waited already.
        """
        try:
            async with self._watched() as stack:
                yield await (await self._connection(stack, _SECONDS_TO_START if patient else 0.0)).execution_options(
                    licet_write=True
                )
        finally:
            self.writes += 1

    async def check(self) -> None:
        """Raise when the database does not answer, or has no schema yet."""
        async with self.read() as connection:
            await connection.execute(text("SELECT version_num FROM alembic_version"))

    def connections_in_use(self) -> int:
        """Return how many connections are in somebody's hands now."""
        return cast(QueuePool, self._engine.pool).checkedout()

    async def until_there(self, seconds: float) -> None:
        """Wait while a server is known to answer nobody (decision 44), so long at most."""
        if self.server is not None:
            await self.server.until_there(seconds)

    async def close(self) -> None:
        await self._engine.dispose()
        if self.server is not None:
            await self.server.close()

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[AsyncExitStack]:
        with self.server.watched() if self.server is not None else nullcontext():
            async with AsyncExitStack() as stack:
                yield stack

    async def _connection(self, stack: AsyncExitStack, patience: float) -> AsyncConnection:
        """Return a connection that the stack gives back; waits for a server that starts again (decision 42)."""
        until = time.monotonic() + patience
        while True:
            try:
                return await stack.enter_async_context(self._engine.connect())
            except Exception as error:
                gone = self.server is None or self.server.is_silent
                if gone or not is_away(error) or time.monotonic() > until:
                    raise
            await asyncio.sleep(_PAUSE)


async def bulk_insert(connection: AsyncConnection, table: Table, columns: Sequence[str], rows: Sequence[Any]) -> None:
    """Insert tuples of `columns` in few statements: COPY on PostgreSQL, executemany on SQLite."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        if not driver.is_in_transaction():
            # It begins with the first statement of SQLAlchemy's; COPY alone would commit itself.
            await connection.execute(text("SELECT 1"))
        for start in range(0, len(rows), _ROWS_OF_A_COPY):  # each within the time that a statement may take
            part = rows[start : start + _ROWS_OF_A_COPY]
            await driver.copy_records_to_table(table.name, records=part, columns=list(columns))
        return
    marks = ", ".join("?" for _ in columns)
    await connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - names of our own tables
        [tuple(row) for row in rows],
    )


def _postgres_engine(url: str, server: PostgresServer, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        async_creator=server.connect,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        pool_recycle=1800,
    )
    event.listen(engine.sync_engine, "checkout", _ping)
    return engine


def _ping(connection: Any, _record: Any, _taken: Any) -> None:
    """Have a connection that was lost while nobody used it replaced: one way there and back, and not for long."""
    try:
        connection.run_async(lambda driver: driver.execute("SELECT 1", timeout=_SECONDS_OF_A_PING))
    except Exception as error:  # whichever way it fails
        connection.driver_connection.terminate()  # closing it in order would wait for an answer
        raise DisconnectionError from error


def _sqlite_engine(url: str) -> AsyncEngine:
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, pool_size=_SQLITE_CONNECTIONS, max_overflow=0, pool_timeout=15)
    event.listen(engine.sync_engine, "connect", _configure_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction control begins too late and never with IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("licet_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def on_conflict_do_nothing(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> Any:
    """Return an INSERT of `values` that inserts nothing where a unique key is taken already."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table).values(values).on_conflict_do_nothing()
