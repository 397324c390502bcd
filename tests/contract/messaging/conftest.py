"""Every combination of broker and database that a service may run on."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import aio_pika
import pytest

from shared.messaging.broker import Broker
from shared.messaging.memory import MemoryBroker
from shared.messaging.rabbitmq import RabbitBroker
from shared.persistence.engine import Database
from tests.support.post_office import SHORT_DELAYS, PostOffice, create_tables
from tests.support.rabbitmq import ThrowawayRabbit

_numbers = itertools.count(1)


@dataclass
class Place:
    """A database with the messaging tables, and a broker: what outlives a service's process."""

    database_url: str
    new_broker: Callable[[], Broker]
    broker_url: str = ""
    prefix: str = ""

    def office(self) -> PostOffice:
        """Return a new service process in this place: consumers subscribe, then `async with` runs it."""
        return PostOffice(Database(self.database_url), self.new_broker())

    async def delete_queues(self, consumers: tuple[str, ...] = ("clerk", "archivist")) -> None:
        """Remove what the consumers declared on RabbitMQ."""
        suffixes = ("", ".dead", ".bulk", *(f".retry.{delay:g}" for delay in SHORT_DELAYS))
        async with await aio_pika.connect(self.broker_url) as connection:
            channel = await connection.channel()
            for consumer, suffix in itertools.product(consumers, suffixes):
                await channel.queue_delete(f"{self.prefix}.{consumer}{suffix}")
            await channel.exchange_delete(f"{self.prefix}.events")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/messages.sqlite"


@pytest.fixture(params=["memory+sqlite", pytest.param("rabbitmq+postgresql", marks=pytest.mark.servers)])
def place(request: pytest.FixtureRequest) -> Place:
    """The two that are shipped."""
    name = "memory_place" if request.param == "memory+sqlite" else "rabbit_place"
    made: Place = request.getfixturevalue(name)
    return made


@pytest.fixture
def memory_place(sqlite_url: str) -> Place:
    asyncio.run(_prepare(sqlite_url))
    return Place(sqlite_url, lambda: MemoryBroker(SHORT_DELAYS))


@pytest.fixture
def rabbit_place(postgres_url: str, rabbitmq: ThrowawayRabbit) -> Iterator[Place]:
    yield from _on_rabbitmq(postgres_url, rabbitmq.url)


@pytest.fixture
def mortal_rabbitmq() -> Iterator[ThrowawayRabbit]:
    """A broker that a test may kill: RabbitMQ 3.10 can lose young quorum queues then, which are not to be other tests'."""
    with ThrowawayRabbit() as rabbitmq:
        yield rabbitmq


@pytest.fixture
def mortal_place(postgres_url: str, mortal_rabbitmq: ThrowawayRabbit) -> Place:
    asyncio.run(_prepare(postgres_url))
    url, prefix = mortal_rabbitmq.url, f"contract{next(_numbers)}"
    return Place(postgres_url, lambda: RabbitBroker(url, prefix, SHORT_DELAYS), url, prefix)


@pytest.fixture
def rabbit_and_sqlite(sqlite_url: str, rabbitmq: ThrowawayRabbit) -> Iterator[Place]:
    yield from _on_rabbitmq(sqlite_url, rabbitmq.url)


def _on_rabbitmq(database_url: str, broker_url: str) -> Iterator[Place]:
    prefix = f"contract{next(_numbers)}"
    asyncio.run(_prepare(database_url))
    made = Place(database_url, lambda: RabbitBroker(broker_url, prefix, SHORT_DELAYS), broker_url, prefix)
    yield made
    asyncio.run(made.delete_queues())


async def _prepare(url: str) -> None:
    database = Database(url)
    await create_tables(database)
    await database.close()
