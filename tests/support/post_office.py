"""A service reduced to its messaging: one database, one broker, an outbox relay, and consumers that note what they did."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Self

import msgspec
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, MetaData, Row, String, Table, select

from shared.bulk_lane import InTwoLanes
from shared.clock import SystemClock, id_source, timestamp
from shared.contracts.envelope import Envelope, encode
from shared.messaging import migrations
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.outbox import OutboxRelay
from shared.messaging.tables import dead_letter, outbox
from shared.messaging.unit_of_work import UnitOfWork
from shared.observability import Metrics
from shared.persistence.engine import Database

WRITTEN = "letter.written.v1"
LOST = "letter.lost.v1"
SHORT_DELAYS = (0.03, 0.06, 0.12, 0.2)

_own = MetaData()
effect = Table("effect", _own, Column("consumer", String(100)), Column("text", String(100)))

Before = Callable[[str], Awaitable[None]]


class Letter(msgspec.Struct, frozen=True):
    """The data of every event here."""

    text: str


async def _nothing(_text: str) -> None:
    return None


async def create_tables(database: Database) -> None:
    """Create the messaging tables as a service's first migration does, and the table of effects."""

    def create(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            migrations.create_version_1()
        _own.create_all(connection)

    async with database.write() as connection:
        await connection.run_sync(create)
        await connection.commit()


async def until(condition: Callable[[], Awaitable[Any]], seconds: float = 20.0) -> None:
    """Return once the condition holds; fails after so many seconds."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - databases and brokers set no Event of ours
            await asyncio.sleep(0.02)


class PostOffice:
    """Publishes letters and hands them to its consumers, from `async with` on."""

    def __init__(self, database: Database, broker: Broker) -> None:
        self.database = database
        self.broker = broker
        self.clock = SystemClock()
        self.new_id = id_source(self.clock)
        self.metrics = Metrics("post-office")
        self.relay = OutboxRelay("post-office", database, broker, self.clock)
        self.relay.poll_seconds = 0.05
        self.tries: list[str] = []

    def unit(self) -> UnitOfWork:
        return UnitOfWork(self.database, "post-office", self.clock, self.new_id, self.relay.wake)

    def consumer(
        self,
        name: str,
        before: Before = _nothing,
        types: Iterable[str] = (WRITTEN,),
        on_buried: Any = None,
        in_bulk: Callable[[Envelope], bool] | None = None,
    ) -> Consumer[UnitOfWork]:
        """Subscribe a consumer that notes each letter's text; `before` is awaited with the text at each try."""

        async def handle(envelope: Envelope) -> None:
            text = msgspec.json.decode(envelope.data, type=Letter).text
            self.tries.append(text)
            await before(text)
            async with self.unit() as unit:
                if await unit.accept(name, envelope.id):
                    await unit.connection.execute(effect.insert().values(consumer=name, text=text))
                    await unit.commit()

        handler = handle if in_bulk is None else InTwoLanes(handle, in_bulk)
        consumer = Consumer(name, dict.fromkeys(types, handler), self.unit, self.metrics, on_buried)
        self.broker.subscribe(consumer.subscription())
        return consumer

    def letters_of(self, consumer: Consumer[UnitOfWork]) -> DeadLetters:
        return DeadLetters(self.database, consumer, self.clock)

    async def write(self, *texts: str, subject: str | None = None) -> list[str]:
        """Emit the letters in one transaction, each about a subject of its own unless told; return their ids."""
        async with self.unit() as unit:
            ids = [await unit.emit(WRITTEN, subject or text, Letter(text)) for text in texts]
            await unit.commit()
        return ids

    async def write_raw(self, body: bytes) -> None:
        """Put a body that no `emit` would make into the outbox."""
        now = timestamp(self.clock.now())
        row = {"id": self.new_id(), "type": WRITTEN, "subject": "raw", "body": body, "created_at": now}
        async with self.database.write() as connection:
            await connection.execute(outbox.insert().values(row | {"attempts": 0, "next_at": now}))
            await connection.commit()

    def enveloped(self, type_: str) -> bytes:
        """Return the body of an event of any type."""
        data = msgspec.Raw(msgspec.json.encode(Letter("foreign")))
        return encode(Envelope(self.new_id(), "/elsewhere", type_, "raw", timestamp(self.clock.now()), data, "1.0"))

    async def effects(self) -> list[tuple[str, str]]:
        """Return (consumer, text) of everything that was done, sorted."""
        return sorted((row.consumer, row.text) for row in await self.rows(effect))

    async def rows(self, table: Table) -> list[Row[Any]]:
        async with self.database.read() as connection:
            return list((await connection.execute(select(table))).all())

    async def dead(self) -> list[Row[Any]]:
        return await self.rows(dead_letter)

    async def until_done(self, *effects: tuple[str, str]) -> None:
        """Wait until exactly these effects are there."""

        async def done() -> bool:
            return await self.effects() == sorted(effects)

        await until(done)

    async def until_sent(self) -> None:
        """Wait until nothing is left in the outbox."""

        async def sent() -> bool:
            return all(row.sent_at for row in await self.rows(outbox))

        await until(sent)

    async def until_dead(self, number: int = 1) -> list[Row[Any]]:
        """Wait for so many dead letters and return them."""

        async def buried() -> bool:
            return len(await self.dead()) == number

        await until(buried)
        return await self.dead()

    async def __aenter__(self) -> Self:
        await self.broker.start()
        self.relay.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.relay.stop()
        await self.broker.close()
        await self.database.close()
