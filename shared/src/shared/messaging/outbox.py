"""The transactional outbox: events are rows of the business transaction, published afterwards by a relay.

The order of the events of one subject (a release) is kept: only the oldest unsent one of each subject is taken. A row is
marked only after the broker has confirmed it; none is taken while there is no broker. A row whose time lies further ahead
than any delay was written under a clock that has been set back since, and is due. With PostgreSQL the rows at hand are
locked, so that several relays share the work; with SQLite there is one process, which remembers what it has in hand.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, or_, select, true, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock, timestamp
from shared.contracts.envelope import Envelope
from shared.crash import crash_point
from shared.messaging.broker import Broker, Message, PublishFailed, retry_delay
from shared.messaging.tables import outbox
from shared.observability import get_logger
from shared.persistence.engine import Database

_BATCH = 500
_STOP_SECONDS = 20.0
_CLOCKS_APART = timedelta(minutes=1)  # what is no sign yet that a clock was set back


async def put(connection: AsyncConnection, envelope: Envelope, body: bytes) -> None:
    """Insert the event into the outbox of the transaction at hand."""
    await connection.execute(
        outbox.insert().values(
            id=envelope.id,
            type=envelope.type,
            subject=envelope.subject,
            body=body,
            created_at=envelope.time,
            attempts=0,
            next_at=envelope.time,
        )
    )


def _has_come(next_at: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether that time has come: up to `now`, or after `latest`."""
    return or_(next_at <= bindparam("now"), next_at > bindparam("latest"))


def _due() -> Select[Any]:
    """The oldest unsent event of each subject, if its time has come."""
    earlier = outbox.alias("earlier")
    waiting_before = exists().where(
        and_(earlier.c.subject == outbox.c.subject, earlier.c.seq < outbox.c.seq, earlier.c.sent_at.is_(None))
    )
    due = and_(outbox.c.sent_at.is_(None), _has_come(outbox.c.next_at), ~waiting_before)
    return select(outbox).where(due).order_by(outbox.c.seq).limit(_BATCH)


def _due_and_unlocked() -> Select[Any]:
    """The same of PostgreSQL, each row locked, without those that another relay has in hand.

    Written so that the plan follows from it: the index of the unsent tells the oldest of each subject, and rows are locked
    one by one until there are enough. Left to itself the planner walks through all that was sent in 90 days.
    """
    unsent = select(outbox.c.seq, outbox.c.next_at).where(outbox.c.sent_at.is_(None))
    of_each = unsent.ext(distinct_on(outbox.c.subject)).order_by(outbox.c.subject, outbox.c.seq)
    oldest = of_each.cte("oldest").prefix_with("MATERIALIZED")
    due = select(oldest.c.seq).where(_has_come(oldest.c.next_at)).order_by(oldest.c.seq).subquery("due")
    row = select(outbox).where(outbox.c.seq == due.c.seq, outbox.c.sent_at.is_(None))
    locked = row.with_for_update(skip_locked=True).lateral("locked")
    return select(locked).select_from(due.join(locked, true())).limit(_BATCH)


_DUE = _due()
_DUE_AND_UNLOCKED = _due_and_unlocked()
_MARK_SENT = update(outbox).where(outbox.c.seq == bindparam("of_seq")).values(last_error=None, sent_at=bindparam("now"))
_POSTPONE = (
    update(outbox)
    .where(outbox.c.seq == bindparam("of_seq"))
    .values(attempts=bindparam("tried"), next_at=bindparam("later"), last_error=bindparam("failure"))
)


class OutboxRelay:
    """Publishes the outbox of one service: woken by `wake()`, polling once a second as a fallback."""

    poll_seconds = 1.0

    def __init__(self, service: str, database: Database, broker: Broker, clock: Clock) -> None:
        self._service = service
        self._database = database
        self._broker = broker
        self._clock = clock
        self._log = get_logger(service)
        self._woken = asyncio.Event()
        self._stopping = False
        self._in_hand: dict[str, asyncio.Task[None]] = {}
        self._work_task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Publish soon: something was committed."""
        self._woken.set()

    def start(self) -> None:
        self._work_task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """End once nothing is due, after 20 s at the latest; what is left is published by the next process."""
        self._stopping = True
        self._woken.set()
        if self._work_task is None:
            return
        await asyncio.wait([self._work_task], timeout=_STOP_SECONDS)
        left = [task for task in (self._work_task, *self._in_hand.values()) if not task.done()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _work(self) -> None:
        found, last = True, False
        while found or self._in_hand or not last:
            last = self._stopping  # before the look, so that it sees what was committed before `stop`
            self._woken.clear()
            try:
                found = await self._publish_some()
                if not found and (self._in_hand or not last):
                    await self._pause()
            except Exception as error:  # the relay outlives every fault of database and broker
                self._log.warning("outbox relay failed", error=repr(error))
                found = False
                await asyncio.sleep(self.poll_seconds)

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self.poll_seconds):
                await self._woken.wait()

    async def _publish_some(self) -> bool:
        if not self._broker.connected:
            return False
        if self._database.is_sqlite:
            return await self._hand_out_of_sqlite()
        async with self._database.write() as connection:
            rows = (await connection.execute(_DUE_AND_UNLOCKED, self._times())).all()
            if not rows:
                return False
            results = await asyncio.gather(*(self._publish(row) for row in rows))
            crash_point("outbox-before-mark")
            await self._mark(connection, list(zip(rows, results, strict=True)))
            await connection.commit()
        return any(failure is None for failure in results)

    async def _hand_out_of_sqlite(self) -> bool:
        # What was in hand before the query may be shown by it as unsent, though it has been marked meanwhile.
        before = set(self._in_hand)
        free = self._broker.publishers - len(before)
        if free <= 0:
            return False
        async with self._database.read() as connection:
            due = (await connection.execute(_DUE, self._times())).all()
        rows = [row for row in due if row.id not in before][:free]
        for row in rows:
            self._in_hand[row.id] = asyncio.create_task(self._publish_one_of_sqlite(row))
        return bool(rows)

    async def _publish_one_of_sqlite(self, row: Row[Any]) -> None:
        try:
            failure = await self._publish(row)
            crash_point("outbox-before-mark")
            async with self._database.write() as connection:
                await self._mark(connection, [(row, failure)])
                await connection.commit()
        except Exception as error:  # the row stays unsent and is taken again
            self._log.warning("event not marked as sent", event_id=row.id, error=repr(error))
            await asyncio.sleep(self.poll_seconds)
        finally:
            del self._in_hand[row.id]
            self.wake()

    async def _publish(self, row: Row[Any]) -> str | None:
        crash_point("outbox-before-publish")
        try:
            await self._broker.publish(Message(row.id, row.type, row.subject, row.body))
        except PublishFailed as failure:
            return str(failure)
        return None

    async def _mark(self, connection: AsyncConnection, tried: list[tuple[Row[Any], str | None]]) -> None:
        """Note what was sent and when the rest is tried again, each in one way there and back for all."""
        now = self._clock.now()
        if sent := [{"of_seq": row.seq, "now": timestamp(now)} for row, failure in tried if failure is None]:
            await connection.execute(_MARK_SENT, sent)
        if failed := [(row, failure) for row, failure in tried if failure is not None]:
            self._log.warning("events not published yet", events=len(failed), error=failed[0][1])
            await connection.execute(_POSTPONE, [self._postponed(row, failure, now) for row, failure in failed])

    def _postponed(self, row: Row[Any], failure: str, now: datetime) -> dict[str, Any]:
        later = now + timedelta(seconds=retry_delay(self._broker.retry_delays, row.attempts + 1))
        return {"of_seq": row.seq, "tried": row.attempts + 1, "later": timestamp(later), "failure": failure[:2000]}

    def _times(self) -> dict[str, str]:
        now = self._clock.now()
        latest = now + timedelta(seconds=max(self._broker.retry_delays)) + _CLOCKS_APART
        return {"now": timestamp(now), "latest": timestamp(latest)}
