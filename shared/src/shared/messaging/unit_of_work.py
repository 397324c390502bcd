"""One business transaction: the rows, the inbox mark and the outbox events of a use case, or none of them."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock, NewId, timestamp
from shared.contracts.envelope import SPEC_VERSION, Envelope, encode
from shared.messaging import inbox, outbox
from shared.messaging.broker import Message
from shared.messaging.tables import dead_letter
from shared.observability import correlation
from shared.persistence.engine import Database


class UnitOfWork:
    """`async with` opens a transaction; leaving without `commit()` rolls it back.

    `service` is the source of its events; `wake` is called after a commit that emitted any, so that the relay runs.
    """

    def __init__(self, database: Database, service: str, clock: Clock, new_id: NewId, wake: Callable[[], None]) -> None:
        self._database = database
        self._service = service
        self._clock = clock
        self._new_id = new_id
        self._wake = wake
        self._emitted = 0
        self.connection: AsyncConnection

    async def __aenter__(self) -> Self:
        self._transaction = self._database.write()
        self.connection = await self._transaction.__aenter__()
        self._emitted = 0
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transaction.__aexit__(kind, error, trace)

    async def until_possible(self, seconds: float) -> None:
        """Wait while the database is known to answer nobody, so long at most: before the transaction is opened."""
        await self._database.until_there(seconds)

    async def accept(self, consumer: str, message_id: str) -> bool:
        """Mark the message as handled by `consumer`; False when it was before, and then nothing must be done."""
        return await inbox.accept(self.connection, consumer, message_id, timestamp(self._clock.now()))

    async def emit(self, type_: str, subject: str, data: msgspec.Struct) -> str:
        """Put an event into the outbox, to be published once this transaction is committed; return its id."""
        request_id, traceparent = correlation()
        envelope = Envelope(
            id=self._new_id(),
            source=f"/licet/{self._service}",
            type=type_,
            subject=subject,
            time=timestamp(self._clock.now()),
            data=msgspec.Raw(msgspec.json.encode(data)),
            specversion=SPEC_VERSION,
            correlationid=request_id,
            traceparent=traceparent,
        )
        await outbox.put(self.connection, envelope, encode(envelope))
        self._emitted += 1
        return envelope.id

    async def keep_dead_letter(self, consumer: str, message: Message, reason: str) -> None:
        """Keep a message that will not be tried again, with the reason."""
        await self.connection.execute(
            dead_letter.insert().values(
                id=self._new_id(),
                consumer=consumer,
                message_id=message.id,
                type=_storable(message.type),
                subject=_storable(message.subject),
                body=message.body,
                reason=reason.replace("\0", "\\0"),
                attempts=message.attempt,
                dead_at=timestamp(self._clock.now()),
            )
        )

    async def commit(self) -> None:
        await self.connection.commit()
        if self._emitted:
            self._wake()


def _storable(text: str) -> str:
    """Return what fits a column for names: a foreign message must not be able to prevent its own burial."""
    return text.replace("\0", "\\0")[:100]
