"""The dead letters of one service: listed, looked into, and tried again."""

from typing import Any

from sqlalchemy import Row, delete, select, update

from shared.clock import Clock, timestamp
from shared.errors import NotFound
from shared.messaging.broker import Buried, Handled, Message, PutOff, Retry
from shared.messaging.consumer import Consumer, grave_of
from shared.messaging.tables import dead_letter, inbox
from shared.persistence.engine import Database


class DeadLetters:
    """Reads and replays the dead letters of a service's consumer."""

    def __init__(self, database: Database, consumer: Consumer[Any], clock: Clock) -> None:
        self._database = database
        self._consumer = consumer
        self._clock = clock

    async def page(self, after: str | None, limit: int) -> list[Row[Any]]:
        """Return up to `limit` dead letters, the newest first, older than the one with the id `after`."""
        query = select(dead_letter).order_by(dead_letter.c.id.desc()).limit(limit)
        if after is not None:
            query = query.where(dead_letter.c.id < after)
        async with self._database.read() as connection:
            return list((await connection.execute(query)).all())

    async def replay(self, id_: str) -> Handled | Retry | Buried:
        """Deliver the message once more, as if for the first time, and put it off no more; raises NotFound."""
        async with self._database.write() as connection:
            row = (await connection.execute(select(dead_letter).where(dead_letter.c.id == id_))).one_or_none()
            if row is None:
                raise NotFound(f"There is no dead letter {id_!r}.")
            grave = (inbox.c.consumer == grave_of(row.consumer), inbox.c.message_id == row.message_id)
            await connection.execute(delete(inbox).where(*grave))
            replayed = update(dead_letter).where(dead_letter.c.id == id_)
            await connection.execute(replayed.values(replayed_at=timestamp(self._clock.now())))
            await connection.commit()
        outcome = await self._consumer.deliver(Message(row.message_id, row.type, row.subject, row.body, bulk=True))
        assert not isinstance(outcome, PutOff)  # what came by the bulk lane never is
        return outcome
