"""Both databases keep the same promises to a reader and to a writer."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from shared.observability import Metrics
from shared.persistence.engine import Database, bulk_insert, on_conflict_do_nothing

_metadata = MetaData()
component = Table(
    "component",
    _metadata,
    Column("number", Integer, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("purl", String(100)),
    Column("content", LargeBinary),
)


@pytest.fixture(autouse=True)
async def table(database: Database) -> None:
    async with database.write() as connection:
        await connection.run_sync(_metadata.create_all)
        await connection.commit()


async def test_what_is_committed_is_seen_by_later_readers(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(component.insert().values(number=1, name="lodash"))
        await connection.commit()

    assert await _names(database) == ["lodash"]


async def test_it_is_seen_how_many_connections_are_in_use(database: Database) -> None:
    metrics = Metrics("test")
    metrics.watch_pool("database", database.most_connections, database.connections_in_use)

    def shown(name: str) -> float | None:
        return metrics.registry.get_sample_value(name, {"pool": "database"})

    async with database.read(), database.read():
        assert shown("licet_pool_in_use") == 2
    assert shown("licet_pool_in_use") == 0
    assert shown("licet_pool_size") == database.most_connections


async def test_what_is_not_committed_is_rolled_back(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(component.insert().values(number=1, name="forgotten"))
    with suppress(LookupError):
        async with database.write() as connection:
            await connection.execute(component.insert().values(number=2, name="interrupted"))
            raise LookupError

    assert await _names(database) == []


async def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    async with database.read() as reader:
        before = (await reader.execute(select(func.count()).select_from(component))).scalar_one()
        async with database.write() as writer:
            await writer.execute(component.insert().values(number=1, name="meanwhile"))
            await writer.commit()
        after = (await reader.execute(select(func.count()).select_from(component))).scalar_one()

    assert (before, after) == (0, 0)
    assert await _names(database) == ["meanwhile"]


async def test_concurrent_writers_wait_for_each_other(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(component.insert().values(number=0, name="0"))
        await connection.commit()

    async def add_one() -> None:
        async with database.write() as connection:
            query = select(component.c.name).where(component.c.number == 0).with_for_update()
            count = int((await connection.execute(query)).scalar_one())
            await asyncio.sleep(0.001)
            await connection.execute(component.update().values(name=str(count + 1)))
            await connection.commit()

    await asyncio.gather(*(add_one() for _ in range(30)))

    assert await _names(database) == ["30"]


async def test_many_connections_may_be_the_first_at_once(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(6)]

    async def write(number: int) -> None:
        async with databases[number].write() as connection:
            await connection.execute(component.insert().values(number=number, name="first"))
            await connection.commit()

    await asyncio.gather(*(write(number) for number in range(6)))

    assert len(await _names(databases[0])) == 6
    for each in databases:
        await each.close()


async def test_rows_in_bulk_keep_their_values(database: Database) -> None:
    rows: list[tuple[Any, ...]] = [
        (1, "plain", "pkg:npm/plain@1", b"\x00\xff"),
        (2, "tab\tnewline\nbackslash\\ \\N quote'\" ünï", None, b""),
        (3, "", None, None),
    ]

    async with database.write() as connection:
        await bulk_insert(connection, component, ["number", "name", "purl", "content"], rows)
        await bulk_insert(connection, component, ["number", "name"], [])
        await connection.commit()

    async with database.read() as connection:
        assert [tuple(row) for row in await connection.execute(select(component).order_by("number"))] == rows


async def test_rows_in_bulk_belong_to_the_transaction(database: Database) -> None:
    async with database.write() as connection:
        await bulk_insert(connection, component, ["number", "name"], [(1, "forgotten")])

    assert await _names(database) == []


async def test_an_insert_that_conflicts_does_nothing(database: Database) -> None:
    async with database.write() as connection:
        first = await connection.execute(on_conflict_do_nothing(connection, component, {"number": 1, "name": "first"}))
        again = await connection.execute(on_conflict_do_nothing(connection, component, {"number": 1, "name": "again"}))
        await connection.commit()

    assert (first.rowcount, again.rowcount) == (1, 0)
    assert await _names(database) == ["first"]


async def test_an_insert_that_may_conflict_still_refuses_what_is_wrong(database: Database) -> None:
    async with database.write() as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(on_conflict_do_nothing(connection, component, {"number": 1, "name": None}))


@pytest.mark.servers
async def test_a_reader_cannot_write_on_postgresql(postgres_url: str) -> None:
    database = Database(postgres_url)

    async with database.read() as connection:
        with pytest.raises(DBAPIError, match="read-only"):
            await connection.execute(text("CREATE TABLE more (number int)"))
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE more (number int)"))

    await database.close()


async def test_a_database_without_a_schema_is_not_ready(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/empty.sqlite")

    with pytest.raises(DBAPIError, match="alembic_version"):
        await database.check()

    await database.close()


async def _names(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.execute(select(component.c.name).order_by("number"))).scalars())
