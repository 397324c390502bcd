"""Keeps the messaging tables small, and says how many events wait to be published, and how many dead letters for somebody.

Rows that nothing needs any more are removed after 90 days: events that were sent, marks of what was handled, and dead
letters that were replayed. No message comes again after so long: the broker keeps none that old, and an outbox row that was
not sent stays.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, delete, func, select, tuple_

from shared.clock import Clock, timestamp
from shared.messaging.tables import dead_letter, inbox, outbox
from shared.observability import Metrics, get_logger
from shared.persistence.engine import Database

DAYS_KEPT: Final = 90
_SECONDS_BETWEEN_LOOKS: Final = 15.0
_LOOKS_BETWEEN_SWEEPS: Final = 240  # an hour
_FIRST_SWEEP: Final = 4  # not while a service starts
_AT_A_TIME: Final = 1000

_UNSENT = select(func.count(), func.min(outbox.c.created_at)).where(outbox.c.sent_at.is_(None))
_UNREPLAYED = select(func.count()).select_from(dead_letter).where(dead_letter.c.replayed_at.is_(None))


class Upkeep:
    """The upkeep of one service's messaging tables."""

    def __init__(self, service: str, database: Database, clock: Clock, metrics: Metrics) -> None:
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._log = get_logger(service)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look every quarter of a minute and sweep every hour, while inside."""
        work = asyncio.create_task(self._work())
        try:
            yield
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    async def sweep(self) -> int:
        """Remove what is older than it is kept; return the number of rows."""
        before = timestamp(self._clock.now() - timedelta(days=DAYS_KEPT))
        return sum([
            await self._remove(outbox, (outbox.c.seq,), outbox.c.sent_at < before),
            await self._remove(inbox, (inbox.c.consumer, inbox.c.message_id), inbox.c.accepted_at < before),
            await self._remove(dead_letter, (dead_letter.c.id,), dead_letter.c.replayed_at < before),
        ])  # fmt: skip

    async def measure(self) -> None:
        """Count the events that were not sent, with the age of the oldest, and the dead letters that were not replayed."""
        async with self._database.read() as connection:
            unsent, oldest = (await connection.execute(_UNSENT)).one()
            self._metrics.dead_letters.set((await connection.execute(_UNREPLAYED)).scalar_one())
        self._metrics.outbox_unsent.set(unsent)
        age = self._clock.now() - datetime.fromisoformat(oldest) if oldest else timedelta()
        self._metrics.outbox_oldest.set(max(0.0, age.total_seconds()))

    async def _work(self) -> None:
        looks = 0
        while True:
            try:
                await self.measure()
                if looks % _LOOKS_BETWEEN_SWEEPS == _FIRST_SWEEP and (removed := await self.sweep()):
                    self._log.info("old messages removed", rows=removed)
            except Exception as error:  # the upkeep outlives every fault of the database
                self._log.warning("upkeep failed", error=repr(error))
            looks += 1
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    async def _remove(self, table: Table, key: tuple[Any, ...], is_old: ColumnElement[bool]) -> int:
        """Remove rows a thousand at a time, so that nobody waits for a long transaction."""
        removed = 0
        while True:
            some = select(*key).where(is_old).limit(_AT_A_TIME)
            async with self._database.write() as connection:
                done = (await connection.execute(delete(table).where(tuple_(*key).in_(some)))).rowcount
                await connection.commit()
            removed += done
            if done < _AT_A_TIME:
                return removed
