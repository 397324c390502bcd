"""A PostgreSQL that hangs, or to which nothing passes, is found out while it does; one that takes its time is not."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, String, Table, bindparam, select, text
from sqlalchemy.engine import make_url

from shared.persistence import postgres_server
from shared.persistence.engine import Database
from shared.persistence.faults import is_away
from shared.persistence.look_up import LookUps, Query
from shared.persistence.postgres_server import PostgresServer, ServerSilent
from tests.support.postgresql import ThrowawayPostgres
from tests.support.tcp_proxy import Proxy

pytestmark = pytest.mark.servers
_TABLE = Table("looked_up", MetaData(), Column("id", String(36), primary_key=True))
_BY_ID = Query(select(_TABLE.c.id).where(_TABLE.c.id == bindparam("id")), "id")
_SECONDS_WITHOUT_THE_WATCH = 15.0  # what a statement may take, which waited for at least that long


@pytest.fixture
def proxy(postgres: ThrowawayPostgres) -> Iterator[Proxy]:
    with Proxy(postgres.port).running() as running:
        yield running


@pytest.fixture
async def database(postgres_url: str, proxy: Proxy) -> AsyncIterator[Database]:
    opened = Database(make_url(postgres_url).set(port=proxy.port).render_as_string(hide_password=False))
    async with opened.write() as connection:
        await connection.run_sync(_TABLE.metadata.create_all)
        await connection.commit()
    yield opened
    await opened.close()


@pytest.fixture(params=["hangs", "is cut off"])
def harm(
    request: pytest.FixtureRequest, postgres: ThrowawayPostgres, proxy: Proxy
) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """What makes the server silent, and what heals it."""
    if request.param == "hangs":
        yield postgres.pause, postgres.resume
        postgres.resume()
    else:
        yield proxy.hold, proxy.forward


async def test_all_who_wait_for_a_silent_server_are_told_while_it_is_silent_and_served_once_it_is_back(
    database: Database, harm: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    silence, heal = harm
    look_ups = LookUps(database)
    await look_ups.one(_BY_ID, "a")
    under_way = [asyncio.create_task(_fault_of(database, "SELECT pg_sleep(60)")) for _ in range(2)]
    await asyncio.sleep(0.2)

    silence()
    async with asyncio.timeout(_SECONDS_WITHOUT_THE_WATCH):
        more_than_there_are_connections = range(database.most_connections + 2)
        asked = [_fault_of(database, "SELECT 1") for _ in more_than_there_are_connections]
        looked_up = [_fault(look_ups.one(_BY_ID, "a")) for _ in range(7)]
        told = await asyncio.gather(*under_way, *asked, *looked_up)
        at_once = [await _fault_of(database, "SELECT 1"), await _fault(look_ups.one(_BY_ID, "a"))]
        in_use = database.connections_in_use()
    heal()
    await database.until_there(60)

    assert [repr(fault) for fault in told if fault is None or not is_away(fault)] == []
    assert [type(fault) for fault in at_once] == [ServerSilent, ServerSilent]
    assert in_use == 0
    assert await _fault_of(database, "SELECT 1") is None
    assert await look_ups.one(_BY_ID, "a") is None
    await look_ups.close()


async def test_a_transaction_that_is_broken_off_leaves_nothing(
    database: Database, harm: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    silence, heal = harm

    async def insert(id_: str) -> None:
        async with database.write() as connection:
            await connection.execute(_TABLE.insert().values(id=id_))
            if id_ == "broken off":
                silence()
                await connection.execute(_TABLE.insert().values(id="more"))
            await connection.commit()

    async with asyncio.timeout(_SECONDS_WITHOUT_THE_WATCH):
        broken_off = await _fault(insert("broken off"))
    heal()
    await database.until_there(60)
    await insert("after")

    assert broken_off is not None
    assert is_away(broken_off)
    async with database.read() as connection:
        assert list((await connection.execute(select(_TABLE.c.id))).scalars()) == ["after"]


async def test_a_statement_that_takes_its_time_is_waited_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _doubting_soon(monkeypatch)

    assert await _fault_of(database, "SELECT pg_sleep(1)") is None
    assert len(asked) > 1


async def test_a_server_that_refuses_whoever_asks_is_there(
    database: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _doubting_soon(monkeypatch)
    name = make_url(postgres_url).database
    slow = asyncio.create_task(_fault_of(database, "SELECT pg_sleep(1)"))
    await asyncio.sleep(0)
    other = Database(postgres_url.replace(f"/{name}", "/postgres"))
    async with other.write() as connection:
        await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        await connection.commit()

    assert await slow is None
    assert len(asked) > 1
    async with other.write() as connection:
        await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
        await connection.commit()
    await other.close()


async def test_a_process_that_was_held_up_itself_does_not_take_that_for_silence(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _doubting_soon(monkeypatch)
    monkeypatch.setattr(postgres_server, "_SECONDS_OF_SILENCE", 0.35)
    slow = asyncio.create_task(_fault_of(database, "SELECT pg_sleep(1)"))
    while not asked:  # noqa: ASYNC110 - a moment, in which no Event of ours is set
        await asyncio.sleep(0.001)

    time.sleep(0.5)  # noqa: ASYNC251 - this holds the loop up, on purpose

    assert await slow is None


async def test_a_connection_that_leads_nowhere_is_replaced_when_it_is_taken(database: Database) -> None:
    async with database.read() as connection:
        lost = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()

    with _paused(lost):
        async with asyncio.timeout(_SECONDS_WITHOUT_THE_WATCH), database.read() as connection:
            found = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()

    assert found != lost


async def test_a_look_up_over_a_connection_that_leads_nowhere_is_answered(database: Database) -> None:
    look_ups = LookUps(database)
    pid = Query(select(text("pg_backend_pid()::text")))
    (lost,) = await look_ups.one(pid) or ("",)

    with _paused(int(lost)):
        async with asyncio.timeout(_SECONDS_WITHOUT_THE_WATCH):
            (found,) = await look_ups.one(pid) or ("",)

    assert found not in {lost, ""}
    await look_ups.close()


def _doubting_soon(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Have the server doubted after a moment; each question makes the list longer."""
    asked = list[None]()
    ask = PostgresServer._ask

    async def counted(server: PostgresServer) -> None:
        asked.append(None)
        await ask(server)

    monkeypatch.setattr(PostgresServer, "_ask", counted)
    monkeypatch.setattr(postgres_server, "_SECONDS_BEFORE_DOUBT", 0.05)
    monkeypatch.setattr(postgres_server, "_SECONDS_BETWEEN_QUESTIONS", 0.05)
    return asked


@contextmanager
def _paused(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def _fault(asking: Coroutine[Any, Any, object]) -> Exception | None:
    try:
        await asking
    except Exception as fault:
        return fault
    return None


async def _fault_of(database: Database, statement: str) -> Exception | None:
    async def ask() -> None:
        async with database.read() as connection:
            await connection.execute(text(statement))

    return await _fault(ask())
