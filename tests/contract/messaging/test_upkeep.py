"""What nothing needs any more is removed, what somebody must see is counted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from shared.clock import timestamp
from shared.messaging.tables import dead_letter, inbox, outbox
from shared.messaging.upkeep import Upkeep
from shared.observability import Metrics
from shared.persistence.engine import Database
from tests.support.post_office import create_tables

_NOW = datetime(2026, 3, 1, tzinfo=UTC)
_OLD, _YOUNG = (timestamp(_NOW - timedelta(days=days)) for days in (91, 89))


class _Clock:
    def now(self) -> datetime:
        return _NOW


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    sqlite = f"sqlite+aiosqlite:///{tmp_path}/upkeep.sqlite"
    made = Database(sqlite if request.param == "sqlite" else request.getfixturevalue("postgres_url"))
    await create_tables(made)
    async with made.write() as connection:
        for table, rows in _rows().items():
            await connection.execute(insert(table), rows)
        await connection.commit()
    return made


def _rows() -> dict[object, list[dict[str, object]]]:
    event = {"type": "t", "subject": "s", "body": b"", "created_at": _OLD, "attempts": 0, "next_at": _OLD}
    letter = {
        "consumer": "c",
        "message_id": "m",
        "type": "t",
        "subject": "s",
        "body": b"",
        "reason": "r",
        "attempts": 5,
    }
    many = [event | {"id": f"old-{number}", "sent_at": _OLD} for number in range(2500)]
    return {
        outbox: [*many, event | {"id": "young", "sent_at": _YOUNG}, event | {"id": "unsent", "sent_at": None}],
        inbox: [{"consumer": "c", "message_id": each, "accepted_at": at} for each, at in (("o", _OLD), ("y", _YOUNG))],
        dead_letter: [
            letter | {"id": "replayed", "dead_at": _OLD, "replayed_at": _OLD},
            letter | {"id": "waiting", "dead_at": _OLD, "replayed_at": None},
        ],
    }  # fmt: skip


async def test_old_rows_are_removed_and_what_waits_is_kept(database: Database) -> None:
    upkeep = Upkeep("test", database, _Clock(), Metrics("test"))

    removed = await upkeep.sweep()

    assert removed == 2500 + 1 + 1
    async with database.read() as connection:
        assert set((await connection.execute(select(outbox.c.id))).scalars()) == {"young", "unsent"}
        assert set((await connection.execute(select(inbox.c.message_id))).scalars()) == {"y"}
        assert set((await connection.execute(select(dead_letter.c.id))).scalars()) == {"waiting"}
    await database.close()


async def test_events_and_dead_letters_that_wait_are_counted(database: Database) -> None:
    metrics = Metrics("test")

    await Upkeep("test", database, _Clock(), metrics).measure()

    async with database.read() as connection:
        count = (await connection.execute(select(func.count()).select_from(dead_letter))).scalar_one()
    assert count == 2
    assert metrics.registry.get_sample_value("licet_dead_letters") == 1
    assert metrics.registry.get_sample_value("licet_outbox_unsent") == 1
    assert metrics.registry.get_sample_value("licet_outbox_oldest_seconds") == timedelta(days=91).total_seconds()
    await database.close()
