"""What a database did for a question, as it says itself."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import msgspec
from sqlalchemy import event, text

from shared.persistence.engine import Database

Ask = Callable[[], Awaitable[Any]]
_STEPS = 1_000


class Plans(Protocol):
    """Tells the work of a question; `unit` is what is counted."""

    unit: str

    async def work_of(self, ask: Ask) -> int: ...


def plans_of(database: Database) -> Plans:
    """Return what tells the work of this database."""
    return _SqlitePlans(database) if database.is_sqlite else _PostgresPlans(database)


class _PostgresPlans:
    """Rows that the plans' scans gave or threw away."""

    unit = "rows"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def work_of(self, ask: Ask) -> int:
        with _statements(self._database) as statements:
            await ask()
        rows = 0
        for statement, values in statements:
            async with self._database.read() as connection:
                explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
                answer = (await connection.exec_driver_sql(explained, values)).scalar_one()
                plan = msgspec.json.decode(answer) if isinstance(answer, str) else answer
                rows += sum(_scanned(plan[0]["Plan"]))
        return rows


def _scanned(node: dict[str, Any]) -> Iterator[int]:
    removed = sum(value for name, value in node.items() if name.startswith("Rows Removed by"))
    own = node["Actual Rows"] if "Scan" in node["Node Type"] else 0
    yield (own + removed) * node["Actual Loops"]
    for each in node.get("Plans", ()):
        yield from _scanned(each)


@contextmanager
def _statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, values))

    engine = database._engine.sync_engine  # the only place to listen at
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


class _SqlitePlans:
    """Instructions of SQLite's virtual machine, in thousands."""

    unit = "1,000 steps"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def work_of(self, ask: Ask) -> int:
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        await self._on_all_connections(count)
        await ask()
        await self._on_all_connections(None)
        return steps

    async def _on_all_connections(self, handler: Callable[[], int] | None) -> None:
        # Questions come one by one, so that the pool gives each the connection that it gives here.
        async with self._database.read() as connection:
            await connection.execute(text("SELECT 1"))
            raw: Any = (await connection.get_raw_connection()).driver_connection
            driver: sqlite3.Connection = raw._conn
            await raw._execute(driver.set_progress_handler, handler, _STEPS)
