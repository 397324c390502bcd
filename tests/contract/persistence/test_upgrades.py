"""A database that was filled under any earlier schema keeps its rows through every later migration."""

import asyncio
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
)

from shared.persistence.engine import Database
from shared.persistence.migrate import configuration, migrate
from tests.contract.persistence.test_migrations import PACKAGES

_WITH_DATA = ("policy_eval", "gateway")  # whose migrations look into rows
_OF_ALEMBIC = "alembic_version"
_RECORD = b'{"id": "0", "release": {"id": "0", "project": "shop"}, "route": null}'
"""What migrations look into: an evaluation, a finding that asks nobody, its waiver."""


@pytest.mark.parametrize(
    "package", [pytest.param(each, marks=() if each in _WITH_DATA else (pytest.mark.long,)) for each in PACKAGES]
)
def test_rows_of_every_earlier_schema_are_there_after_all_later_migrations(package: str, database_url: str) -> None:
    expected: dict[str, int] = {}
    with configuration(package, database_url) as config:
        history = [each.revision for each in ScriptDirectory.from_config(config).walk_revisions()][::-1]
        for number, revision in enumerate(history):
            command.upgrade(config, revision)
            for table in asyncio.run(_with_tables(database_url, lambda c, t, n=number: _add_rows(c, t, n))):
                expected[table] = expected.get(table, 0) + 1

    found = asyncio.run(_with_tables(database_url, _counts))
    assert {table: min(found[table], rows) for table, rows in expected.items()} == expected


@pytest.mark.long
def test_a_migration_waits_for_a_table_that_is_in_use(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite locks the whole file, and the driver waits for it")
    migrate("gateway", database_url)

    async def in_use() -> None:
        database = Database(database_url)
        async with database.write() as connection:
            await connection.execute(text("LOCK TABLE outbox IN ACCESS SHARE MODE"))
            with configuration("gateway", database_url) as config:
                undone = asyncio.create_task(asyncio.to_thread(command.downgrade, config, "base"))
                await asyncio.sleep(3)
                assert not undone.done()
                await connection.rollback()
                await undone
        await database.close()

    asyncio.run(in_use())

    assert asyncio.run(_with_tables(database_url, _counts)) == {}


async def _with_tables(url: str, use: Any) -> Any:
    """Return what `use` makes of the connection and the tables that are there."""

    def run(connection: Connection) -> Any:
        metadata = MetaData()
        metadata.reflect(connection)
        return use(connection, [each for each in metadata.sorted_tables if each.name != _OF_ALEMBIC])

    database = Database(url)
    async with database.write() as connection:
        found = await connection.run_sync(run)
        await connection.commit()
    await database.close()
    return found


def _add_rows(connection: Connection, tables: list[Table], number: int) -> list[str]:
    """Add one row to each table, with a value in every column; return the tables' names."""
    for table in tables:
        connection.execute(insert(table).values({column.name: _value(column, number) for column in table.columns}))
    return [each.name for each in tables]


def _value(column: Column[Any], number: int) -> object:
    match column.type:
        case Boolean():
            return True
        case BigInteger() | Integer() | Float():
            return number + 1
        case LargeBinary():
            return _RECORD
        case _:
            return f"{number}"


def _counts(connection: Connection, tables: list[Table]) -> dict[str, int]:
    return {each.name: connection.execute(select(func.count()).select_from(each)).scalar_one() for each in tables}
