"""A look-up sees what was committed, answers nothing where nothing is, and survives what it is not made for."""

import sqlite3
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, bindparam, insert, select, text, update

from shared.persistence import look_up
from shared.persistence.engine import Database
from shared.persistence.look_up import LookUps, Query

_TABLE = Table(
    "looked_up", MetaData(), Column("id", String(36), primary_key=True), Column("value", LargeBinary, nullable=False)
)
_BY_ID = Query(select(_TABLE.c.id, _TABLE.c.value).where(_TABLE.c.id == bindparam("id")), "id")
_EITHER = Query(
    select(_TABLE.c.id).where((_TABLE.c.id == bindparam("one")) | (_TABLE.c.id == bindparam("other"))), "one", "other"
)


@pytest.fixture
async def look_ups(database: Database) -> AsyncIterator[LookUps]:
    async with database.write() as connection:
        await connection.run_sync(_TABLE.metadata.create_all)
        await connection.commit()
    opened = LookUps(database)
    yield opened
    await opened.close()


async def _store(database: Database, id_: str, value: bytes) -> None:
    async with database.write() as connection:
        await connection.execute(insert(_TABLE).values(id=id_, value=value))
        await connection.commit()


async def test_what_was_committed_is_seen_at_once(database: Database, look_ups: LookUps) -> None:
    before = await look_ups.one(_BY_ID, "a")
    await _store(database, "a", b"\0one")

    assert before is None
    assert await look_ups.one(_BY_ID, "a") == ("a", b"\0one")


async def test_a_change_of_what_was_looked_up_is_seen_at_once(database: Database, look_ups: LookUps) -> None:
    await _store(database, "a", b"one")
    before = await look_ups.one(_BY_ID, "a")
    async with database.write() as connection:
        await connection.execute(update(_TABLE).values(value=b"two"))
        await connection.commit()

    assert (before, await look_ups.one(_BY_ID, "a")) == (("a", b"one"), ("a", b"two"))


async def test_a_change_by_another_process_is_seen_within_a_second_on_sqlite_and_at_once_on_postgresql(
    database: Database, look_ups: LookUps, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _store(database, "a", b"one")
    await look_ups.one(_BY_ID, "a")
    other = Database(database.url)
    async with other.write() as connection:
        await connection.execute(update(_TABLE).values(value=b"two"))
        await connection.commit()
    await other.close()

    kept = await look_ups.one(_BY_ID, "a")
    monkeypatch.setattr(look_up, "_KEPT_SECONDS", 0.0)

    assert kept == ("a", b"one" if database.is_sqlite else b"two")
    assert await look_ups.one(_BY_ID, "a") == ("a", b"two")


async def test_what_is_not_committed_is_not_seen(database: Database, look_ups: LookUps) -> None:
    async with database.write() as connection:
        await connection.execute(insert(_TABLE).values(id="a", value=b""))

        assert await look_ups.one(_BY_ID, "a") is None


async def test_values_stand_where_their_names_do(database: Database, look_ups: LookUps) -> None:
    await _store(database, "b", b"")

    assert await look_ups.one(_EITHER, "a", "b") == ("b",)
    assert await look_ups.one(_EITHER, "b' OR '1'='1", "c") is None


async def test_a_look_up_that_fails_is_a_question_in_the_usual_way(
    database: Database, look_ups: LookUps, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _store(database, "a", b"one")

    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("locked")

    monkeypatch.setattr(look_ups, "_opened", broken)
    monkeypatch.setattr(look_ups, "_over_there", broken)

    assert await look_ups.one(_BY_ID, "a") == ("a", b"one")


async def test_a_url_that_says_how_tls_is_spoken_is_understood(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"{postgres_url}?ssl=prefer")
    look_ups = LookUps(database)
    async with database.write() as connection:
        await connection.run_sync(_TABLE.metadata.create_all)
        await connection.commit()
    monkeypatch.setattr(LookUps, "_slowly", None)

    assert await look_ups.one(_BY_ID, "a") is None
    await look_ups.close()
    await database.close()


async def test_a_table_that_is_not_there_is_told_as_usual(database: Database, look_ups: LookUps) -> None:
    async with database.write() as connection:
        await connection.execute(text("DROP TABLE looked_up"))
        await connection.commit()

    with pytest.raises(Exception, match="looked_up"):
        await look_ups.one(_BY_ID, "a")
