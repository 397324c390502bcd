"""Decides, in one place, what becomes of a message: handled, tried again, or buried.

| what happened                                            | outcome                                     |
| -------------------------------------------------------- | ------------------------------------------- |
| the handler returned                                     | handled                                     |
| another service, the database or the broker is away      | tried again with growing delays, for ever   |
| the message cannot be decoded, its type is not handled,  | buried at once                              |
| or its promise is broken                                 |                                             |
| anything else                                            | tried again, buried after five tries        |
| it is bulk work that came by the interactive lane        | put off: it comes again by the bulk lane    |
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Generic, TypeVar

from shared.bulk_lane import InTwoLanes
from shared.contracts.envelope import BrokenPromise, Envelope, UndecodableMessage, decode
from shared.crash import crash_point
from shared.errors import Unavailable
from shared.messaging.broker import TRIES, Buried, Handled, Message, Outcome, PutOff, Retry, Subscription
from shared.messaging.unit_of_work import UnitOfWork
from shared.observability import Metrics, correlated, get_logger
from shared.persistence.faults import is_away

_DEADLINE_SECONDS = 300.0
_SECONDS_FOR_THE_DATABASE = 60.0

Handler = Callable[[Envelope], Awaitable[None]]
Unit = TypeVar("Unit", bound=UnitOfWork)


class Consumer(Generic[Unit]):
    """Runs one service's handlers over the messages of its subscription.

    `handlers` maps an event type to its use case. `on_buried` is told of a decoded message inside the transaction that
    buries it, so that the failure can be published. What a handler `InTwoLanes` calls bulk is put off.
    """

    def __init__(
        self,
        name: str,
        handlers: Mapping[str, Handler],
        unit_of_work: Callable[[], Unit],
        metrics: Metrics,
        on_buried: Callable[[Unit, Envelope, str], Awaitable[None]] | None = None,
    ) -> None:
        self._name = name
        self._handlers = handlers
        self._unit_of_work = unit_of_work
        self._metrics = metrics
        self._on_buried = on_buried
        self._log = get_logger(name)

    def subscription(self) -> Subscription:
        has_bulk_lane = any(isinstance(each, InTwoLanes) for each in self._handlers.values())
        return Subscription(self._name, tuple(sorted(self._handlers)), self.deliver, self.bury, has_bulk_lane)

    async def deliver(self, message: Message) -> Outcome:
        """Handle the message and say what became of it; never raises.

        While the database answers nobody it is kept, so that it is handled at once, and not after a growing delay, when it
        does again.
        """
        await self._unit_of_work().until_possible(_SECONDS_FOR_THE_DATABASE)
        outcome = await self._try(message)
        self._metrics.messages.labels(self._name, type(outcome).__name__.lower()).inc()
        return outcome

    async def _try(self, message: Message) -> Outcome:
        try:
            envelope = decode(message.body)
        except UndecodableMessage as error:
            return await self._bury_or_retry(message, str(error))
        traceparent = message.traceparent or envelope.traceparent
        with correlated(request_id=envelope.correlationid, traceparent=traceparent, release=envelope.subject):
            outcome = await self._handle(envelope, message)
            match outcome:
                case Buried(reason):
                    return await self._bury_or_retry(message, reason)
                case Retry(reason, counted):
                    self._log.warning("not handled", type=message.type, attempt=message.attempt, reason=reason)
                    if counted and message.attempt >= TRIES:
                        return await self._bury_or_retry(message, reason)
        return outcome

    async def _handle(self, envelope: Envelope, message: Message) -> Outcome:
        handler = self._handlers.get(envelope.type)
        if handler is None:
            return Buried(f"{self._name} does not handle {envelope.type!r}")
        if isinstance(handler, InTwoLanes) and not message.bulk and handler.is_bulk(envelope):
            return PutOff()
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS) as deadline:
                await handler(envelope)
        except (UndecodableMessage, BrokenPromise) as error:
            return Buried(str(error))
        except Exception as error:  # one message's fault must not end the consumer
            return self._failed(envelope, error, is_late=deadline.expired())
        if not message.bulk:  # of what nobody waits for, the age says nothing
            self._metrics.note_age(self._name, envelope.time)
        self._log.info("handled", type=envelope.type)
        crash_point("consumer-before-ack")
        return Handled()

    def _failed(self, envelope: Envelope, error: Exception, *, is_late: bool) -> Retry:
        passing = not is_late and (isinstance(error, Unavailable) or is_away(error))
        if not passing:
            self._log.exception("handler failed", type=envelope.type)
        return Retry(repr(error)[:500], counted=not passing)

    async def _bury_or_retry(self, message: Message, reason: str) -> Outcome:
        try:
            await self.bury(message, reason)
        except Exception as error:  # the grave is unreachable: keep the message
            return Retry(f"cannot be buried: {error!r}", counted=False)
        return Buried(reason)

    async def bury(self, message: Message, reason: str) -> None:
        """Keep the message among the dead letters, and publish the failure of its stage."""
        self._log.error("message buried", type=message.type, message_id=message.id, reason=reason)
        async with self._unit_of_work() as unit:
            if not await unit.accept(grave_of(self._name), message.id):
                return
            await unit.keep_dead_letter(self._name, message, reason)
            if self._on_buried is not None:
                # What cannot be read has no stage whose failure could be told.
                with suppress(UndecodableMessage):
                    await self._on_buried(unit, decode(message.body), reason)
            await unit.commit()


def grave_of(consumer: str) -> str:
    """Return the name under which the inbox remembers what the consumer has buried."""
    return f"{consumer}.dead"
