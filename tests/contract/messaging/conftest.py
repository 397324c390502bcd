"""Every combination of broker and database that a service may run on."""

import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aio_pika
import pytest

from shared.messaging.broker import Broker
from shared.messaging.memory import MemoryBroker
from shared.messaging.rabbitmq import RabbitBroker
from shared.persistence.engine import Database
from tests.support.post_office import SHORT_DELAYS, PostOffice, create_tables

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
        suffixes = ("", ".dead", *(f".retry.{delay:g}" for delay in SHORT_DELAYS))
        async with await aio_pika.connect(self.broker_url) as connection:
            channel = await connection.channel()
            for consumer, suffix in itertools.product(consumers, suffixes):
                await channel.queue_delete(f"{self.prefix}.{consumer}{suffix}")
            await channel.exchange_delete(f"{self.prefix}.events")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/messages.sqlite"


@pytest.fixture(
    params=[
        "memory+sqlite",
        pytest.param("rabbitmq+postgresql", marks=pytest.mark.servers),
        pytest.param("rabbitmq+sqlite", marks=pytest.mark.servers),
    ]
)
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    broker, database = request.param.split("+")
    url = request.getfixturevalue("postgres_url" if database == "postgresql" else "sqlite_url")
    made = _rabbit_place(url, request.getfixturevalue("rabbitmq").url) if broker == "rabbitmq" else _memory_place(url)
    await _prepare(made.database_url)
    yield made
    if made.broker_url:
        await made.delete_queues()


@pytest.fixture
async def rabbit_place(postgres_url: str, rabbitmq: Any) -> AsyncIterator[Place]:
    """RabbitMQ with PostgreSQL, for what only a broker of its own can do."""
    made = _rabbit_place(postgres_url, rabbitmq.url)
    await _prepare(made.database_url)
    yield made
    await made.delete_queues()


def _memory_place(url: str) -> Place:
    return Place(url, lambda: MemoryBroker(SHORT_DELAYS))


def _rabbit_place(database_url: str, broker_url: str) -> Place:
    prefix = f"contract{next(_numbers)}"
    return Place(database_url, lambda: RabbitBroker(broker_url, prefix, SHORT_DELAYS), broker_url, prefix)


async def _prepare(url: str) -> None:
    database = Database(url)
    await create_tables(database)
    await database.close()
