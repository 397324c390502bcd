"""What only a broker in a process of its own can do: be away, give up on a message, hold messages of strangers."""

import asyncio
import os
import sys
from pathlib import Path

import aio_pika
import pytest
from sqlalchemy import make_url

from shared.messaging.rabbitmq import RabbitBroker
from shared.messaging.tables import outbox
from shared.persistence.engine import Database
from tests.contract.messaging.conftest import Place
from tests.support.post_office import SHORT_DELAYS, WRITTEN, PostOffice, until
from tests.support.processes import ServiceProcess
from tests.support.rabbitmq import ThrowawayRabbit
from tests.support.tcp_proxy import Proxy

pytestmark = pytest.mark.servers
_RESETS = 8


async def test_rabbitmq_and_sqlite_go_together(rabbit_and_sqlite: Place) -> None:
    office = rabbit_and_sqlite.office()
    office.consumer("clerk")

    async with office:
        await office.write("one", "two")
        await office.until_done(("clerk", "one"), ("clerk", "two"))
        await office.until_sent()


async def test_an_event_is_kept_for_a_consumer_that_has_never_run(rabbit_place: Place) -> None:
    topology = {"clerk": (WRITTEN,), "archivist": (WRITTEN,)}
    broker = RabbitBroker(rabbit_place.broker_url, rabbit_place.prefix, SHORT_DELAYS, topology)
    first = PostOffice(Database(rabbit_place.database_url), broker)
    first.consumer("clerk")
    async with first:
        await first.write("early")
        await first.until_done(("clerk", "early"))
        await first.until_sent()

    later = rabbit_place.office()
    later.consumer("archivist")
    async with later:
        await later.until_done(("clerk", "early"), ("archivist", "early"))


async def test_events_wait_in_the_outbox_while_the_broker_is_away(
    mortal_place: Place, mortal_rabbitmq: ThrowawayRabbit
) -> None:
    before = mortal_place.office()
    before.consumer("clerk")
    async with before:
        await before.write("before")
        await before.until_done(("clerk", "before"))
        await asyncio.to_thread(mortal_rabbitmq.wait_until_on_disk, f"{mortal_place.prefix}.clerk")
        await asyncio.to_thread(mortal_rabbitmq.kill)
        try:
            await before.write("lost its connection")
            late = mortal_place.office()
            late.consumer("archivist")
            async with late:
                await late.write("starts without a broker")
                await asyncio.sleep(5 * late.relay.poll_seconds)
                assert not late.broker.connected
                assert await _tries_of(late, "starts without a broker") == [0], "it is due as soon as there is a broker"
        finally:
            await asyncio.to_thread(mortal_rabbitmq.start)

        await before.until_done(
            ("clerk", "before"), ("clerk", "lost its connection"), ("clerk", "starts without a broker")
        )
        await before.until_sent()
        assert before.broker.connected


async def test_a_message_that_kills_its_consumer_five_times_is_buried(rabbit_place: Place, tmp_path: Path) -> None:
    victim = ServiceProcess(
        [sys.executable, "-m", "tests.support.poisoned_consumer", rabbit_place.broker_url, rabbit_place.prefix],
        {"PATH": os.environ["PATH"], "PYTHONPATH": os.getcwd()},
        log_path=tmp_path / "log",
    )
    writer = rabbit_place.office()
    async with writer:
        await writer.write("poison")
        with victim:
            await until(lambda: _is(not victim.running), seconds=40)
            assert victim.log() == ""
        await writer.until_sent()

    heir = rabbit_place.office()
    heir.consumer("clerk")
    async with heir:
        (letter,) = await heir.until_dead()
        await heir.write("next")
        await heir.until_done(("clerk", "next"))

        assert letter.reason == "given up by the broker: delivery_limit after 5 deliveries"
        assert heir.tries == ["next"]


async def test_messages_of_strangers_are_buried_each_for_itself(rabbit_place: Place) -> None:
    office = rabbit_place.office()
    office.consumer("clerk")

    async with office:
        await until(lambda: _is(office.broker.connected))
        await _publish_as_stranger(rabbit_place, aio_pika.Message(b"one"))
        await _publish_as_stranger(rabbit_place, aio_pika.Message(b"two"))
        await _publish_as_stranger(rabbit_place, aio_pika.Message(b"three", message_id="x" * 250, type="y\0" * 120))
        letters = await office.until_dead(3)

        assert sorted(letter.body for letter in letters) == [b"one", b"three", b"two"]
        assert len({letter.message_id for letter in letters}) == 3


async def test_a_queue_that_is_deleted_while_it_is_used_comes_back(rabbit_place: Place) -> None:
    office = rabbit_place.office()
    office.consumer("clerk")

    async with office:
        await office.write("before")
        await office.until_done(("clerk", "before"))
        async with await aio_pika.connect(rabbit_place.broker_url) as connection:
            channel = await connection.channel()
            await channel.queue_delete(f"{rabbit_place.prefix}.clerk")
        await office.write("after")

        await office.until_done(("clerk", "before"), ("clerk", "after"))
        await office.until_sent()


async def test_consumers_come_back_though_connections_are_reset_while_they_do(rabbit_place: Place) -> None:
    server = make_url(rabbit_place.broker_url)
    with Proxy(server.port or 5672).running() as proxy:
        url = server.set(port=proxy.port).render_as_string(hide_password=False)
        office = PostOffice(Database(rabbit_place.database_url), RabbitBroker(url, rabbit_place.prefix, SHORT_DELAYS))
        office.consumer("clerk")
        async with office:
            await office.write("before")
            await office.until_done(("clerk", "before"))
            for number in range(_RESETS):
                await until(lambda: _is(proxy.connections > 0))
                await asyncio.sleep(0.02 * number)
                proxy.cut()
                await asyncio.sleep(0.1)
            await office.write("after")

            await office.until_done(("clerk", "before"), ("clerk", "after"))
            await office.until_sent()


async def _publish_as_stranger(place: Place, message: aio_pika.Message) -> None:
    async with await aio_pika.connect(place.broker_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(f"{place.prefix}.events")
        await exchange.publish(message, routing_key=WRITTEN)


async def _tries_of(office: PostOffice, subject: str) -> list[int]:
    return [row.attempts for row in await office.rows(outbox) if row.subject == subject and row.sent_at is None]


async def _is(value: bool) -> bool:
    return value
