"""The broker over RabbitMQ: one durable topic exchange, one quorum queue per consumer, confirms, manual acknowledgement.

Queues of a consumer `policy-eval` (prefix `licet`):

| queue                         | what it holds                                                                        |
| ----------------------------- | ------------------------------------------------------------------------------------ |
| `licet.policy-eval`           | its work; a message delivered five times without an answer goes to `….dead`            |
| `licet.policy-eval.retry.<n>` | messages that wait n seconds, then go back to the work queue                          |
| `licet.policy-eval.dead`      | what the broker gave up on; the consumer moves it into its table of dead letters      |

Only features of RabbitMQ 3.10 are used, and every limit is explicit, because its defaults differ in 4.x.
"""

import asyncio
import hashlib
import re
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage, AbstractRobustConnection

from shared.crash import crash_point
from shared.messaging.broker import (
    RETRY_DELAYS,
    TRIES,
    Message,
    PublishFailed,
    Retry,
    Subscription,
    retry_delay,
)
from shared.observability import get_logger

_TIMEOUT = 10.0
_PREFETCH = 4
_SECONDS_TO_END = 20.0
_MESSAGE_ID = re.compile(r"[!-~]{1,100}")
_REDELIVERIES = TRIES - 1  # what the broker counts
_NEVER = 1_000_000  # a delivery limit that is explicit and not reached


class RabbitBroker:
    """Publishes and consumes over two connections, so that a blocked publisher never stops acknowledgements.

    `topology` names all consumers with their event types. Their queues are declared before anything is published, so that
    an event is kept for a service that has never run yet.
    """

    publishers = 1

    def __init__(
        self,
        url: str,
        prefix: str = "licet",
        retry_delays: Sequence[float] = RETRY_DELAYS,
        topology: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.retry_delays = retry_delays
        self._topology = topology or {}
        self._url = url
        self._prefix = prefix
        self._log = get_logger("broker")
        self._subscriptions: list[Subscription] = []
        self._publishing: AbstractRobustConnection | None = None
        self._consuming: AbstractRobustConnection | None = None
        self._exchange: AbstractExchange | None = None
        self._retries: AbstractExchange | None = None
        self._ready = asyncio.Event()
        self._starting: asyncio.Task[None] | None = None
        self._tags: list[tuple[Any, str]] = []
        self._running: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        links = (self._publishing, self._consuming)
        return self._ready.is_set() and all(each is not None and each.connected.is_set() for each in links)

    def subscribe(self, subscription: Subscription) -> None:
        self._subscriptions.append(subscription)

    async def start(self) -> None:
        self._starting = asyncio.create_task(self._connect())

    async def publish(self, message: Message) -> None:
        await _publish(self._exchange, message, message.type)

    async def close(self) -> None:
        if self._starting is not None:
            self._starting.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._starting
        for queue, tag in self._tags:
            await _quietly(queue.cancel(tag))
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=_SECONDS_TO_END)
            for each in late:
                each.cancel()
        await self._disconnect()

    async def _disconnect(self) -> None:
        for connection in (self._consuming, self._publishing):
            if connection is not None:
                await _quietly(connection.close())
        self._consuming = self._publishing = None
        self._tags.clear()

    async def _connect(self) -> None:
        while not self._ready.is_set():
            try:
                await self._connect_once()
            except Exception as error:  # whatever keeps the broker away, it is tried again
                self._log.warning("broker not reachable", error=repr(error))
                await self._disconnect()
                await asyncio.sleep(1)

    async def _connect_once(self) -> None:
        options: dict[str, Any] = {"reconnect_interval": 1, "heartbeat": 10, "timeout": 5}
        self._publishing = await aio_pika.connect_robust(self._url, **options)
        self._consuming = await aio_pika.connect_robust(self._url, **options)
        channel = await self._publishing.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.declare_exchange(self._name("events"), "topic", durable=True)
        self._retries = channel.default_exchange
        for consumer, types in self._topology.items():
            await self._declare(channel, consumer, types)
        for subscription in self._subscriptions:
            await self._consume(await self._consuming.channel(), subscription)
        self._exchange = exchange
        self._ready.set()

    async def _consume(self, channel: AbstractChannel, subscription: Subscription) -> None:
        await channel.set_qos(prefetch_count=_PREFETCH)
        work, dead = await self._declare(channel, subscription.consumer, subscription.types)

        async def deliver(incoming: AbstractIncomingMessage) -> None:
            self._spawn(self._deliver(subscription, incoming))

        async def bury(incoming: AbstractIncomingMessage) -> None:
            self._spawn(self._bury(subscription, incoming))

        self._tags.append((work, await work.consume(deliver)))
        self._tags.append((dead, await dead.consume(bury)))

    async def _declare(self, channel: AbstractChannel, consumer: str, types: Sequence[str]) -> tuple[Any, Any]:
        exchange = await channel.declare_exchange(self._name("events"), "topic", durable=True)
        name = self._name(consumer)
        dead = await channel.declare_queue(f"{name}.dead", durable=True, arguments=_quorum(limit=_NEVER))
        work = await channel.declare_queue(
            name, durable=True, arguments=_quorum(limit=_REDELIVERIES) | _dead_letters_to(f"{name}.dead")
        )
        for delay in sorted(set(self.retry_delays)):
            waiting = _quorum(limit=_NEVER) | _dead_letters_to(name) | {"x-message-ttl": int(delay * 1000)}
            await channel.declare_queue(f"{name}.retry.{delay:g}", durable=True, arguments=waiting)
        for type_ in types:
            await work.bind(exchange, routing_key=type_)
        return work, dead

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _deliver(self, subscription: Subscription, incoming: AbstractIncomingMessage) -> None:
        message = _incoming(incoming)
        outcome = await subscription.deliver(message)
        if isinstance(outcome, Retry):
            await self._send_to_retry(subscription.consumer, message, outcome, incoming)
        crash_point("rabbit-before-ack")
        await self._acknowledge(incoming)

    async def _send_to_retry(
        self, consumer: str, message: Message, outcome: Retry, incoming: AbstractIncomingMessage
    ) -> None:
        queue = f"{self._name(consumer)}.retry.{retry_delay(self.retry_delays, message.attempt + message.postponed):g}"
        if outcome.counted:
            again = replace(message, attempt=message.attempt + 1)
        else:
            again = replace(message, postponed=message.postponed + 1)
        # Without an answer the message would stay with this consumer until its connection ends.
        while not incoming.channel.is_closed:
            try:
                await _publish(self._retries, again, queue)
            except PublishFailed as failure:
                self._log.warning("retry not queued yet", message_id=message.id, error=str(failure))
                await asyncio.sleep(1)
            else:
                return

    async def _bury(self, subscription: Subscription, incoming: AbstractIncomingMessage) -> None:
        while not incoming.channel.is_closed:
            try:
                await subscription.bury(_incoming(incoming), _reason(incoming))
            except Exception as error:  # the table is unreachable: the message stays here until it is
                self._log.warning("dead letter not stored yet", error=repr(error))
                await asyncio.sleep(5)
            else:
                await self._acknowledge(incoming)
                return

    async def _acknowledge(self, incoming: AbstractIncomingMessage) -> None:
        try:
            await incoming.ack()
        except Exception as error:  # the channel is gone: the broker delivers again, the inbox swallows it
            self._log.warning("message not acknowledged", message_id=incoming.message_id, error=repr(error))

    def _name(self, suffix: str) -> str:
        return f"{self._prefix}.{suffix}"


def _quorum(limit: int) -> dict[str, Any]:
    return {"x-queue-type": "quorum", "x-delivery-limit": limit}


def _dead_letters_to(queue: str) -> dict[str, Any]:
    return {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def _outgoing(message: Message) -> aio_pika.Message:
    return aio_pika.Message(
        message.body,
        message_id=message.id,
        type=message.type,
        content_type="application/cloudevents+json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        headers={
            "licet-subject": message.subject,
            "licet-attempt": message.attempt,
            "licet-postponed": message.postponed,
            **({"traceparent": message.traceparent} if message.traceparent else {}),
        },
    )


def _incoming(message: AbstractIncomingMessage) -> Message:
    return Message(
        id=_id_of(message),
        type=message.type or message.routing_key or "",
        subject=str(message.headers.get("licet-subject", "")),
        body=message.body,
        attempt=_count(message, "licet-attempt", least=1),
        postponed=_count(message, "licet-postponed", least=0),
        traceparent=str(message.headers.get("traceparent", "")),
    )


def _id_of(message: AbstractIncomingMessage) -> str:
    """Return the message's id; one that is foreign and has none gets one, to be buried under."""
    given = message.message_id or ""
    return given if _MESSAGE_ID.fullmatch(given) else hashlib.sha256(message.body).hexdigest()


def _count(message: AbstractIncomingMessage, header: str, least: int) -> int:
    value = message.headers.get(header)
    return value if isinstance(value, int) and value >= least else least


def _reason(message: AbstractIncomingMessage) -> str:
    deaths: Any = message.headers.get("x-death") or [{}]
    return f"given up by the broker: {deaths[0].get('reason', 'unknown')} after {TRIES} deliveries"


async def _publish(exchange: AbstractExchange | None, message: Message, routing_key: str) -> None:
    if exchange is None:
        raise PublishFailed("not connected to the broker")
    try:
        async with asyncio.timeout(_TIMEOUT):
            await exchange.publish(_outgoing(message), routing_key=routing_key, mandatory=True)
    except Exception as error:  # aio-pika and aiormq raise many kinds; each means "not confirmed"
        raise PublishFailed(repr(error)) from error


async def _quietly(closing: Any) -> None:
    with suppress(Exception):
        async with asyncio.timeout(5):
            await closing
