"""Faults of the wire, and of what is agreed on over it: connections, channels, queues, acknowledgements, credentials."""

import asyncio
import time
from contextlib import suppress
from random import Random

import aio_pika
import asyncpg
from sqlalchemy.engine import make_url

from tests.support.pipelines import pipelines
from tests.support.processes import wait_until
from tools.chaos.field import VHOST, Field

_WORK, _DEAD = "licet.policy-eval", "licet.policy-eval.dead"
_DELIVERIES = 5
_CONSUMERS = ("licet.policy-eval", "licet.obligations", "licet.gateway")


def broker_half_open(field: Field, _chance: Random) -> None:
    """For 25 seconds nothing passes between services and broker, and no connection ends."""
    field.to_rabbit.hold()
    time.sleep(25)
    field.to_rabbit.forward()


def database_half_open(field: Field, _chance: Random) -> None:
    """For 25 seconds nothing passes between services and database, and no connection ends."""
    field.to_postgres.hold()
    time.sleep(25)
    field.to_postgres.forward()


def connections_reset(field: Field, _chance: Random) -> None:
    for _ in range(5):
        field.to_rabbit.cut()
        field.to_postgres.cut()
        time.sleep(2)


def acknowledgements_lost(field: Field, _chance: Random) -> None:
    """What services send to the broker does not arrive for 3 seconds, acknowledgements too; then connections are cut."""
    field.to_rabbit.hold(answers_too=False)
    time.sleep(3)
    field.to_rabbit.cut()
    time.sleep(0.5)
    field.to_rabbit.forward()


def channel_closed(field: Field, _chance: Random) -> None:
    """The broker closes channels that do not acknowledge within 2 seconds, while policy-eval is paused for longer."""
    before = _closed_channels(field)
    _time_out_consumers(field, milliseconds=2_000, look_every=1_000)
    field.licet.pause("policy-eval")
    try:
        with pipelines(field.licet, 4):  # so that something is delivered to it
            has_work = wait_until(lambda: _is_delivered(field), timeout=15)
        time.sleep(5)
    finally:
        field.licet.resume("policy-eval")
        came_back = wait_until(lambda: _all_consume(field), timeout=30)
        _time_out_consumers(field, milliseconds=1_800_000, look_every=60_000)
    if not has_work:
        raise RuntimeError("policy-eval had nothing that it could have acknowledged")
    if _closed_channels(field) == before:
        raise RuntimeError("the broker has closed no channel")
    if not came_back:
        raise RuntimeError("a service consumes no more after its channel was closed")


def dead_letter_queue_gone(field: Field, _chance: Random) -> None:
    """The queue of dead letters is deleted, then the broker gives a message up; the letter is there after a restart."""
    field.licet.pause("policy-eval")
    try:
        if not asyncio.run(_give_one_up(field)):
            raise RuntimeError("no message was waiting to be given up")
    finally:
        field.licet.resume("policy-eval")
    time.sleep(3)
    field.licet.restart("policy-eval")
    if not wait_until(lambda: _replayed(field), timeout=200):
        raise RuntimeError("no dead letter came")


def credentials_wrong(field: Field, _chance: Random) -> None:
    """For ten seconds the broker's password is another and the databases let nobody in; all connections are cut."""
    asyncio.run(_locked_out(field))
    if "guest:guest" in field.licet.logs():
        raise RuntimeError("a log shows the broker's password")


def _time_out_consumers(field: Field, milliseconds: int, look_every: int) -> None:
    """Set after what time the broker closes a channel that does not acknowledge, for the channels that come now."""
    for name, value in (("consumer_timeout", milliseconds), ("channel_tick_interval", look_every)):
        field.rabbit.ctl("eval", f"application:set_env(rabbit, {name}, {value}).")
    field.rabbit.ctl("close_all_connections", "--vhost", VHOST, "chaos")
    wait_until(lambda: _all_consume(field), timeout=30)


def _closed_channels(field: Field) -> int:
    return (field.rabbit.directory / "log").read_text(errors="replace").count("delivery acknowledgement on channel")


def _is_delivered(field: Field) -> bool:
    """Whether policy-eval holds messages that it has not acknowledged."""
    queues = field.rabbit.ctl(
        "list_queues", "--vhost", VHOST, "--quiet", "name", "messages_unacknowledged"
    ).splitlines()
    return any(line.split() == [_WORK, str(held)] for line in queues for held in range(1, 5))


def _all_consume(field: Field) -> bool:
    consumed = field.rabbit.ctl("list_consumers", "--vhost", VHOST, "--quiet", "queue_name").split()
    return all(each in consumed for each in _CONSUMERS)


async def _give_one_up(field: Field) -> bool:
    async with await aio_pika.connect(field.rabbit.url + VHOST) as connection:
        channel = await connection.channel()
        await channel.queue_delete(_DEAD)
        work = await channel.get_queue(_WORK, ensure=False)
        wanted, deliveries, deadline = "", 0, time.monotonic() + 15
        while deliveries < _DELIVERIES and time.monotonic() < deadline:
            message = await work.get(fail=False)
            if message is None:
                await asyncio.sleep(0.05)
                continue
            wanted = wanted or message.message_id or ""
            deliveries += message.message_id == wanted
            await message.reject(requeue=True)
        return deliveries == _DELIVERIES


def _replayed(field: Field) -> bool:
    with suppress(Exception), field.licet.client() as client:  # policy-eval may not serve yet
        letters = client.get("/api/v1/dead-letters").raise_for_status().json()["items"]
        waiting = [each for each in letters if each["replayed_at"] is None]
        for each in waiting:
            if "given up by the broker" not in each["reason"]:
                raise RuntimeError(each["reason"])
            client.post(f"/api/v1/dead-letters/{each['id']}/replay").raise_for_status()
        return bool(waiting)
    return False


async def _locked_out(field: Field) -> None:
    url = make_url(next(iter(field.licet.databases.values()))).set(drivername="postgresql")
    keeper = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        field.rabbit.ctl("change_password", "guest", "another")
        field.rabbit.ctl("close_all_connections", "--vhost", VHOST, "chaos")
        await keeper.execute("ALTER ROLE licet NOLOGIN")
        await keeper.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        await asyncio.sleep(10)
    finally:
        await keeper.execute("ALTER ROLE licet LOGIN")
        await keeper.close()
        field.rabbit.ctl("change_password", "guest", "guest")
