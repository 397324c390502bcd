"""The relay keeps the order of each release's events, shares the work with other relays and outlives the database."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.clock import timestamp
from shared.messaging.broker import Message, PublishFailed, Subscription
from shared.messaging.outbox import _DUE_AND_UNLOCKED
from shared.messaging.tables import outbox
from shared.persistence.engine import Database
from tests.support.post_office import SHORT_DELAYS, WRITTEN, PostOffice, create_tables


class RecordingBroker:
    """Takes every message and notes it; refuses those of the subject `refused` until so many others have come."""

    connected = True
    publishers = 4
    retry_delays = SHORT_DELAYS

    def __init__(self, others_first: int = 0) -> None:
        self.published: list[Message] = []
        self._others_first = others_first

    def subscribe(self, subscription: Subscription) -> None:
        raise AssertionError("nobody subscribes to a broker that only counts")

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def publish(self, message: Message) -> None:
        await asyncio.sleep(0.001)
        if message.subject == "refused" and len(self.published) < self._others_first:
            raise PublishFailed("not now")
        self.published.append(message)

    def ids(self, subject: str) -> list[str]:
        return [each.id for each in self.published if each.subject == subject]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    sqlite = f"sqlite+aiosqlite:///{tmp_path}/outbox.sqlite"
    url: str = sqlite if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    await _create(url)
    return url


async def test_the_events_of_one_release_are_published_in_the_order_in_which_they_were_emitted(
    database_url: str,
) -> None:
    broker = RecordingBroker()

    async with PostOffice(Database(database_url), broker) as office:
        emitted = await _write_in_turn(office, subjects=("a", "b", "c"), each=10)
        await office.until_sent()

    assert {subject: broker.ids(subject) for subject in "abc"} == emitted
    assert len(broker.published) == 30


async def test_an_event_that_cannot_be_published_holds_up_its_own_release_only(database_url: str) -> None:
    broker = RecordingBroker(others_first=4)

    async with PostOffice(Database(database_url), broker) as office:
        emitted = await _write_in_turn(office, subjects=("refused", "b"), each=4)
        await office.until_sent()

    assert {subject: broker.ids(subject) for subject in ("refused", "b")} == emitted
    assert [each.subject for each in broker.published] == ["b"] * 4 + ["refused"] * 4
    assert {each.attempt for each in broker.published} == {1}, "a delivery's tries are not the relay's"


async def test_the_relay_outlives_a_fault_of_the_database(database_url: str) -> None:
    broker = RecordingBroker()

    async with PostOffice(Database(database_url), broker) as office:
        await _execute(office.database, "ALTER TABLE outbox RENAME TO away")
        await asyncio.sleep(5 * office.relay.poll_seconds)
        await _execute(office.database, "ALTER TABLE away RENAME TO outbox")
        await office.write("after the fault")
        await office.until_sent()

    assert [each.subject for each in broker.published] == ["after the fault"]


async def test_an_event_of_a_clock_that_was_set_back_since_is_published_at_once(database_url: str) -> None:
    broker = RecordingBroker()

    async with PostOffice(Database(database_url), broker) as office:
        ahead = timestamp(datetime.now(UTC) + timedelta(hours=2))
        row = {"id": "of later", "type": WRITTEN, "subject": "a", "body": b"", "created_at": ahead, "next_at": ahead}
        async with office.database.write() as connection:
            await connection.execute(outbox.insert().values(row | {"attempts": 0}))
            await connection.commit()
        await office.until_sent()

    assert broker.ids("a") == ["of later"]


async def test_closing_publishes_first_what_is_due(database_url: str) -> None:
    broker = RecordingBroker()

    async with PostOffice(Database(database_url), broker) as office:
        await office.write(*(f"event {number}" for number in range(30)))

    assert len(broker.published) == 30


@pytest.mark.servers
async def test_the_database_is_asked_for_what_waits_and_does_not_look_through_what_was_sent(postgres_url: str) -> None:
    await _create(postgres_url)
    office = PostOffice(Database(postgres_url), RecordingBroker())
    await _execute(
        office.database,
        "INSERT INTO outbox (id, type, subject, body, created_at, attempts, next_at, sent_at)"
        " SELECT n, 'letter.written.v1', n, '', '2026', 0, '2026', '2026' FROM generate_series(1, 50000) AS n",
    )
    await office.write(*(f"waits {number}" for number in range(100)))
    await _execute(office.database, "ANALYZE outbox")

    async with office.database.write() as connection:
        now = timestamp(datetime.now(UTC))
        due = (await connection.execute(_DUE_AND_UNLOCKED, {"now": now, "latest": now})).all()
        read = "SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'outbox'"
        rows_read = (await connection.execute(text(read))).scalar_one()

    assert len(due) == 100
    assert rows_read < 1_000
    await office.database.close()


@pytest.mark.servers
async def test_two_relays_share_the_events_of_one_database(postgres_url: str) -> None:
    await _create(postgres_url)
    broker = RecordingBroker()

    async with PostOffice(Database(postgres_url), broker) as one, PostOffice(Database(postgres_url), broker) as two:
        first = await _write_in_turn(one, subjects=("a", "b", "c"), each=20)
        second = await _write_in_turn(two, subjects=("d", "e", "f"), each=20)
        await one.until_sent()

    assert {subject: broker.ids(subject) for subject in "abcdef"} == first | second
    assert len(broker.published) == 120, "each is published once"


async def _write_in_turn(office: PostOffice, subjects: tuple[str, ...], each: int) -> dict[str, list[str]]:
    emitted: dict[str, list[str]] = defaultdict(list)
    for number in range(each):
        for subject in subjects:
            emitted[subject] += await office.write(f"{subject} {number}", subject=subject)
    return dict(emitted)


async def _create(url: str) -> None:
    database = Database(url)
    await create_tables(database)
    await database.close()


async def _execute(database: Database, statement: str) -> None:
    async with database.write() as connection:
        await connection.execute(text(statement))
        await connection.commit()
