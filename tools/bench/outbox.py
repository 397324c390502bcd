"""Measures how quickly the relay of one service sends the events that wait in its outbox, on RabbitMQ and PostgreSQL.

    python -m tools.bench.outbox [--events 5000] [--of-a-release 1] [--sent 200000] [--away 15] [--repeats 3]

The queues are those of production, and nobody consumes; the outbox holds rows that were sent before too, as it does for 90
days. `waiting`: the relay starts with the events waiting. `away`: the broker is stopped while they are written, for so many
seconds with the relay running; from its start to the last mark, finding it again included. `floor`: the same bytes
published with confirms, 256 under way, and nothing else. CPU in microseconds for an event, by process.
"""

import argparse
import asyncio
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median

import structlog
from sqlalchemy import text

from shared.clock import SystemClock
from shared.contracts.events import CONSUMERS, SBOM_INGESTED
from shared.messaging.broker import Message
from shared.messaging.outbox import OutboxRelay
from shared.messaging.rabbitmq import RabbitBroker
from shared.persistence.engine import Database
from tests.support.post_office import create_tables, until
from tests.support.postgresql import ThrowawayPostgres
from tests.support.rabbitmq import ThrowawayRabbit
from tools.bench.accounting import cpu_seconds, tree

_BODY = b"x" * 900  # sbom.ingested.v1 of one part
_WINDOW = 256
_FILL = """
    INSERT INTO outbox (id, type, subject, body, created_at, attempts, next_at, sent_at)
    SELECT gen_random_uuid(), :type, 'release ' || n / :each, :body, :now, 0, :now, :sent
    FROM generate_series(0, :events - 1) AS n"""
_LEFT = text("SELECT count(*) FROM outbox WHERE sent_at IS NULL")


@dataclass(frozen=True)
class Place:
    """Two servers, a database with an outbox in it, and how much is sent."""

    rabbit: ThrowawayRabbit
    postgres: ThrowawayPostgres
    database: Database
    events: int
    of_a_release: int

    async def fill(self, events: int, sent: str | None = None) -> None:
        """Write so many events that wait, or that were sent at that time."""
        now = "2026-01-01T00:00:00.000000Z"
        values = {"type": SBOM_INGESTED, "body": _BODY, "now": now, "sent": sent, "events": events}
        async with self.database.write() as connection:
            await connection.execute(text(_FILL), values | {"each": self.of_a_release})
            await connection.commit()
        async with self.database.write() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM ANALYZE outbox"))

    async def is_drained(self) -> bool:
        async with self.database.read() as connection:
            return not (await connection.execute(_LEFT)).scalar_one()

    def clocks(self) -> tuple[float, ...]:
        """The time, and the CPU seconds of this process, PostgreSQL and RabbitMQ."""
        servers = (self.postgres.directory / "cluster/postmaster.pid", self.rabbit.directory / "pid")
        pids = [int(file.read_text().split()[0]) for file in servers]
        return time.monotonic(), cpu_seconds([os.getpid()]), *(cpu_seconds(tree(pid)) for pid in pids)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.outbox", description="Measure the relay of an outbox.")
    parser.add_argument("--events", type=int, default=5_000)
    parser.add_argument(
        "--of-a-release", type=int, default=1, help="events of the same release, sent one after the other"
    )
    parser.add_argument("--sent", type=int, default=200_000, help="rows in the outbox that were sent before")
    parser.add_argument("--away", type=float, default=15.0, help="seconds without a broker")
    parser.add_argument("--repeats", type=int, default=3, help="the median is shown")
    arguments = parser.parse_args()
    logging.disable()  # what is said of a broker that is away is no news here
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with ThrowawayPostgres(fsync=True) as postgres, ThrowawayRabbit() as rabbit:
        place = Place(rabbit, postgres, Database(postgres.database("outbox")), arguments.events, arguments.of_a_release)
        asyncio.run(_measure(place, arguments))
    return 0


async def _measure(place: Place, arguments: argparse.Namespace) -> None:
    await create_tables(place.database)
    await place.fill(arguments.sent, sent="2026-01-01T00:00:00.000000Z")
    _show("", ["events/s", "seconds", "relay", "PostgreSQL", "RabbitMQ"])
    for name, way in {"floor": _floor, "waiting": _waiting, "away": _away}.items():
        runs = [await way(place, arguments.away) for _ in range(arguments.repeats)]
        figures = [median(each) for each in zip(*runs, strict=True)]
        cpu = [f"{each / place.events * 1e6:,.0f}" for each in figures[1:]]
        _show(name, [f"{place.events / figures[0]:,.0f}", f"{figures[0]:.2f}", *cpu])
    await place.database.close()


async def _floor(place: Place, _away: float) -> list[float]:
    async with _connected(place) as broker:
        started = place.clocks()
        turns = asyncio.Semaphore(_WINDOW)

        async def publish(number: int) -> None:
            async with turns:
                await broker.publish(Message(str(number), SBOM_INGESTED, f"release {number}", _BODY))

        await asyncio.gather(*(publish(number) for number in range(place.events)))
        return _since(started, place)


async def _waiting(place: Place, _away: float) -> list[float]:
    await place.fill(place.events)
    async with _connected(place) as broker:
        return await _drained(place, OutboxRelay("bench", place.database, broker, SystemClock()))


async def _away(place: Place, seconds: float) -> list[float]:
    async with _connected(place) as broker:
        relay = OutboxRelay("bench", place.database, broker, SystemClock())
        relay.start()
        await asyncio.to_thread(place.rabbit.ctl, "stop_app")
        await place.fill(place.events)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(place.rabbit.ctl, "start_app")
        return await _drained(place, relay, is_started=True)


async def _drained(place: Place, relay: OutboxRelay, *, is_started: bool = False) -> list[float]:
    started = place.clocks()
    if not is_started:
        relay.start()
    await until(place.is_drained, seconds=600)
    taken = _since(started, place)
    await relay.stop()
    return taken


@asynccontextmanager
async def _connected(place: Place) -> AsyncIterator[RabbitBroker]:
    broker = RabbitBroker(place.rabbit.url, "bench", topology=CONSUMERS)
    await broker.start()
    try:
        async with asyncio.timeout(60):
            while not broker.connected:  # noqa: ASYNC110 - it sets no Event of ours
                await asyncio.sleep(0.05)
        yield broker
    finally:
        await broker.close()


def _since(started: tuple[float, ...], place: Place) -> list[float]:
    return [now - before for now, before in zip(place.clocks(), started, strict=True)]


def _show(name: str, cells: Sequence[str]) -> None:
    print(f"{name:10}", *(f"{each:>12}" for each in cells), flush=True)


if __name__ == "__main__":
    sys.exit(main())
