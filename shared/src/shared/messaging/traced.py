"""Published and handled messages as spans, whichever broker carries them.

An event belongs to the trace in which it was emitted, by the `traceparent` of its envelope and so of its row in the outbox.
What handles it is a child of what published it, by the `traceparent` of the message.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from opentelemetry.trace import SpanKind, StatusCode

from shared.messaging.broker import Broker, Handled, Message, Outcome, PutOff, Subscription
from shared.tracing import Attributes, Tracing, traceparent_of


class TracedBroker:
    """A broker, as one service uses it."""

    def __init__(self, broker: Broker, tracing: Tracing) -> None:
        self._broker = broker
        self._tracing = tracing

    def subscribe(self, subscription: Subscription) -> None:
        async def deliver(message: Message) -> Outcome:
            return await self._deliver(subscription, message)

        self._broker.subscribe(replace(subscription, deliver=deliver))

    async def start(self) -> None:
        await self._broker.start()

    async def publish(self, message: Message) -> None:
        name, parent = f"publish {message.type}", _emitted_in(message)
        with self._tracing.span(name, SpanKind.PRODUCER, parent, _attributes(message, "send")) as span:
            await self._broker.publish(replace(message, traceparent=traceparent_of(span)))

    async def close(self) -> None:
        await self._broker.close()

    @property
    def connected(self) -> bool:
        return self._broker.connected

    @property
    def retry_delays(self) -> Sequence[float]:
        return self._broker.retry_delays

    @property
    def publishers(self) -> int:
        return self._broker.publishers

    async def _deliver(self, subscription: Subscription, message: Message) -> Outcome:
        attributes = {**_attributes(message, "process"), "licet.attempt": message.attempt}
        name, parent = f"handle {message.type}", message.traceparent or _emitted_in(message)
        with self._tracing.span(name, SpanKind.CONSUMER, parent, attributes) as span:
            outcome = await subscription.deliver(replace(message, traceparent=traceparent_of(span)))
            span.set_attribute("licet.outcome", type(outcome).__name__.lower())
            if not isinstance(outcome, Handled | PutOff):
                span.set_status(StatusCode.ERROR)
        return outcome


class _Emitted(msgspec.Struct):
    traceparent: str = ""


def _emitted_in(message: Message) -> str:
    try:
        return msgspec.json.decode(message.body, type=_Emitted).traceparent
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""  # the consumer will bury it


def _attributes(message: Message, operation: str) -> Attributes:
    return {
        "messaging.operation.type": operation,
        "messaging.message.id": message.id,
        "messaging.destination.name": message.type,
        "licet.release": message.subject,
    }
