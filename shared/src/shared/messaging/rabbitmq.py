"""The broker over RabbitMQ: one durable topic exchange, one quorum queue per consumer, confirms, manual acknowledgement.

Queues of a consumer `policy-eval` (prefix `licet`):

| queue                         | what it holds                                                                        |
| ----------------------------- | ------------------------------------------------------------------------------------ |
| `licet.policy-eval`           | its work; a message delivered five times without an answer goes to `….dead`            |
| `licet.policy-eval.bulk`      | where there are two lanes: work for which nobody waits, which the consumer put off    |
| `licet.policy-eval.retry.<n>` | messages that wait n seconds, then go back to the work queue                          |
| `licet.policy-eval.dead`      | what the broker gave up on; the consumer moves it into its table of dead letters      |

Only features of RabbitMQ 3.10 are used, and every limit is explicit, because its defaults differ in 4.x.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractIncomingMessage
from aio_pika.exceptions import ChannelInvalidStateError

from shared.crash import crash_point
from shared.messaging.amqp_messages import outgoing, reason_of, received
from shared.messaging.broker import (
    RETRY_DELAYS,
    TRIES,
    Message,
    PublishFailed,
    PutOff,
    Retry,
    Subscription,
    retry_delay,
)
from shared.observability import get_logger

_TIMEOUT = 10.0
_PREFETCH = 4
_SECONDS_TO_END = 20.0
_REDELIVERIES = TRIES - 1  # what the broker counts
_NEVER = 1_000_000  # a delivery limit that is explicit and not reached


class RabbitBroker:
    """Publishes and consumes over two connections, so that a blocked publisher never stops acknowledgements.

    `topology` names all consumers with their event types. Their queues are declared before anything is published, so that
    an event is kept for a service that has never run yet.

    Whatever is lost - a connection, a channel, a consumer - all is left and made anew, queues too. aio-pika's own robust
    connections, reset while they restore a channel, leave it without its consumer for good (ADR 35).
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
        self._connections: list[AbstractConnection] = []
        self._exchange: AbstractExchange | None = None
        self._own_queues: AbstractExchange | None = None
        self._lost = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._tags: list[tuple[Any, str]] = []
        self._running: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        return self._exchange is not None and not self._lost.is_set()

    def subscribe(self, subscription: Subscription) -> None:
        self._subscriptions.append(subscription)

    async def start(self) -> None:
        self._keeping = asyncio.create_task(self._keep_connected())

    async def publish(self, message: Message) -> None:
        await _publish(self._exchange, message, message.type)

    async def close(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping
        for queue, tag in self._tags:
            await _quietly(queue.cancel(tag))
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=_SECONDS_TO_END)
            for each in late:
                each.cancel()
        await self._disconnect()

    async def _disconnect(self) -> None:
        self._exchange = self._own_queues = None
        self._tags.clear()
        left, self._connections = self._connections, []
        for each in left:
            await _quietly(each.close())

    async def _keep_connected(self) -> None:
        while True:
            self._lost.clear()
            try:
                await self._connect()
                await self._lost.wait()
                self._log.warning("broker lost")
            except Exception as error:  # whatever keeps the broker away, it is tried again
                self._log.warning("broker not reachable", error=repr(error))
            await self._disconnect()
            await asyncio.sleep(1)

    async def _connect(self) -> None:
        publishing, consuming = await self._connection(), await self._connection()
        channel = await self._channel(publishing)
        exchange = await channel.declare_exchange(self._name("events"), "topic", durable=True)
        for consumer, types in self._topology.items():
            await self._declare(channel, consumer, types)
        self._own_queues = channel.default_exchange
        for subscription in self._subscriptions:
            await self._consume(await self._channel(consuming), subscription)
            if subscription.has_bulk_lane:
                await self._consume_bulk(await self._channel(consuming), subscription)
        self._exchange = exchange

    async def _connection(self) -> AbstractConnection:
        connection = await aio_pika.connect(self._url, heartbeat=10, timeout=5)
        self._connections.append(connection)
        connection.close_callbacks.add(self._lose)
        return connection

    async def _channel(self, connection: AbstractConnection) -> AbstractChannel:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        channel.close_callbacks.add(self._lose)
        (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(self._lose)
        return channel

    def _lose(self, *_: object) -> None:
        self._lost.set()

    async def _consume(self, channel: AbstractChannel, subscription: Subscription) -> None:
        await channel.set_qos(prefetch_count=_PREFETCH)
        work, dead = await self._declare(channel, subscription.consumer, subscription.types)

        async def deliver(incoming: AbstractIncomingMessage) -> None:
            self._spawn(self._deliver(subscription, incoming))

        async def bury(incoming: AbstractIncomingMessage) -> None:
            self._spawn(self._bury(subscription, incoming))

        self._tags.append((work, await work.consume(deliver)))
        self._tags.append((dead, await dead.consume(bury)))

    async def _consume_bulk(self, channel: AbstractChannel, subscription: Subscription) -> None:
        """Consume what the consumer itself put off: one at a time, since nobody waits for it."""
        await channel.set_qos(prefetch_count=1)
        name = self._name(subscription.consumer)
        limits = _quorum(limit=_REDELIVERIES) | _dead_letters_to(f"{name}.dead")
        queue = await channel.declare_queue(f"{name}.bulk", durable=True, arguments=limits)

        async def deliver(incoming: AbstractIncomingMessage) -> None:
            self._spawn(self._deliver(subscription, incoming, bulk=True))

        self._tags.append((queue, await queue.consume(deliver)))

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

    async def _deliver(
        self, subscription: Subscription, incoming: AbstractIncomingMessage, *, bulk: bool = False
    ) -> None:
        message = replace(received(incoming), bulk=bulk)
        match await subscription.deliver(message):
            case Retry() as outcome:
                await self._send_to_retry(subscription.consumer, message, outcome, incoming)
            case PutOff():
                await self._send_on(message, f"{self._name(subscription.consumer)}.bulk", incoming)
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
        await self._send_on(again, queue, incoming)

    async def _send_on(self, message: Message, queue: str, incoming: AbstractIncomingMessage) -> None:
        # Without an answer the message would stay with this consumer until its connection ends.
        while _is_open(incoming):
            try:
                await _publish(self._own_queues, message, queue)
            except PublishFailed as failure:
                self._log.warning("message not sent on yet", queue=queue, message_id=message.id, error=str(failure))
                await asyncio.sleep(1)
            else:
                return

    async def _bury(self, subscription: Subscription, incoming: AbstractIncomingMessage) -> None:
        while _is_open(incoming):
            try:
                await subscription.bury(received(incoming), reason_of(incoming))
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


def _is_open(incoming: AbstractIncomingMessage) -> bool:
    try:
        return not incoming.channel.is_closed
    except ChannelInvalidStateError:  # how aio-pika says that it is closed
        return False


def _quorum(limit: int) -> dict[str, Any]:
    return {"x-queue-type": "quorum", "x-delivery-limit": limit}


def _dead_letters_to(queue: str) -> dict[str, Any]:
    return {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


async def _publish(exchange: AbstractExchange | None, message: Message, routing_key: str) -> None:
    if exchange is None:
        raise PublishFailed("not connected to the broker")
    try:
        async with asyncio.timeout(_TIMEOUT):
            await exchange.publish(outgoing(message), routing_key=routing_key, mandatory=True)
    except Exception as error:  # aio-pika and aiormq raise many kinds; each means "not confirmed"
        raise PublishFailed(repr(error)) from error


async def _quietly(closing: Any) -> None:
    with suppress(Exception):
        async with asyncio.timeout(5):
            await closing
