"""Faults of a database that pass are told from those that a statement has earned."""

import asyncio

import pytest
from sqlalchemy import text

from shared.persistence import engine
from shared.persistence.engine import Database
from shared.persistence.faults import is_away
from tests.support.postgresql import ThrowawayPostgres

pytestmark = pytest.mark.servers


async def test_a_server_that_goes_is_away_until_it_is_back_and_whoever_asks_while_it_starts_waits(
    postgres: ThrowawayPostgres, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgres_url)
    asking = asyncio.create_task(_fault_of(database, "SELECT pg_sleep(30)"))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(postgres.kill)
    monkeypatch.setattr(engine, "_SECONDS_TO_START", 0.0)
    faults = [await asking, await _fault_of(database, "SELECT 1")]
    starting = asyncio.create_task(asyncio.to_thread(postgres.start))
    while not starting.done():
        if fault := await _fault_of(database, "SELECT 1"):
            faults.append(fault)
    await asyncio.to_thread(postgres.kill)
    monkeypatch.setattr(engine, "_SECONDS_TO_START", 60.0)
    waiting = asyncio.create_task(_fault_of(database, "SELECT 1"))
    await asyncio.to_thread(postgres.start)

    assert [repr(fault) for fault in faults if fault is None or not is_away(fault)] == []
    assert await waiting is None
    await database.close()


async def test_who_is_not_patient_is_told_at_once_that_a_server_is_away(
    postgres: ThrowawayPostgres, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgres_url)
    await asyncio.to_thread(postgres.kill)
    monkeypatch.setattr(engine, "_SECONDS_TO_START", 600.0)

    with pytest.raises(OSError, match=r"refused|failed"):
        async with asyncio.timeout(60), database.write(patient=False):
            pass

    await asyncio.to_thread(postgres.start)
    await database.close()


@pytest.mark.parametrize("statement", ["SELECT 1/0", "SELEKT", "SELECT * FROM nowhere"])
async def test_what_a_statement_has_earned_does_not_pass(postgres_url: str, statement: str) -> None:
    database = Database(postgres_url)

    fault = await _fault_of(database, statement)

    assert fault is not None
    assert not is_away(fault)
    await database.close()


async def test_a_lock_that_is_not_given_in_time_passes(postgres_url: str) -> None:
    database = Database(postgres_url)
    async with database.write() as holder:
        await holder.execute(text("SELECT pg_advisory_xact_lock(1)"))
        fault = await _fault_of(database, "SET lock_timeout = '20ms'", "SELECT pg_advisory_xact_lock(1)")

    assert fault is not None
    assert is_away(fault)
    await database.close()


async def _fault_of(database: Database, *statements: str) -> Exception | None:
    try:
        async with database.write() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    except Exception as fault:
        return fault
    return None
