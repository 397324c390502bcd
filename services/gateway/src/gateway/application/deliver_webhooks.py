"""Send what webhooks are to be told of: at least once, each in its own time, none in the way of others."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from gateway.application.ports import Sender, Sent, Times, Webhooks
from gateway.domain.webhooks import DAYS_KEPT, Delivery, Webhook, delay_after, latest_tries, signature
from shared.clock import Clock, timestamp
from shared.observability import get_logger

_AT_ONCE = 16
_LOOK_SECONDS = 10.0
"""Whoever writes a delivery down in this process wakes: only those of a replica that has ended are found by looking."""
_LEASE = timedelta(seconds=60)
_SECONDS_BETWEEN_SWEEPS = 3600.0


@dataclass(slots=True)
class DeliverWebhooks:
    """Takes due deliveries from the database and sends them; several replicas share them."""

    webhooks: Webhooks
    sender: Sender
    clock: Clock
    _under_way: Counter[str] = field(default_factory=Counter)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Look for due deliveries now."""
        self._wake.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver while inside; what is under way at the end is tried again after its lease."""
        loops = [asyncio.create_task(each) for each in (self._deliver(), self._sweep())]
        try:
            yield
        finally:
            for each in (*loops, *self._tasks):
                each.cancel()
            await asyncio.gather(*loops, *self._tasks, return_exceptions=True)
            await self.sender.close()

    async def _deliver(self) -> None:
        while True:
            self._wake.clear()
            try:
                began = await self._begin()
            except Exception as error:  # it outlives every fault of the database
                get_logger("gateway").warning("webhooks cannot be looked up", error=repr(error))
                began = 0
            if not began:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await self._wake.wait()

    async def _begin(self) -> int:
        """Take as many due deliveries as there is room for; return how many."""
        room = _AT_ONCE - len(self._tasks)
        if room <= 0:
            return 0
        busy = [webhook for webhook, count in self._under_way.items() if count]
        due = await self.webhooks.claim(self._times(), busy, room)
        for webhook, delivery in due:
            self._under_way[webhook.id] += 1
            task = asyncio.create_task(self._send(webhook, delivery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(due)

    def _times(self) -> Times:
        now = self.clock.now()
        return Times(timestamp(now), timestamp(now + _LEASE), tuple(map(timestamp, latest_tries(now, _LEASE))))

    async def _send(self, webhook: Webhook, delivery: Delivery) -> None:
        try:
            await self._tried(webhook, delivery)
        except Exception as error:  # its lease ends, and it is tried again
            get_logger("gateway").warning("a delivery could not be finished", delivery=delivery.id, error=repr(error))
        finally:
            self._under_way[webhook.id] -= 1
            self.wake()

    async def _tried(self, webhook: Webhook, delivery: Delivery) -> None:
        now = self.clock.now()
        headers = {
            "Host": _host(webhook.url),
            "Content-Type": "application/json",
            "Content-Length": str(len(delivery.body)),
            "User-Agent": "Licet-Webhook/1",
            "Licet-Event": delivery.event,
            "Licet-Delivery": delivery.id,
            "Licet-Signature": signature(webhook.secrets(timestamp(now)), int(now.timestamp()), delivery.body),
        }
        sent = await self.sender.send(webhook.url, headers, delivery.body)
        after = self._after(delivery, sent)
        await self.webhooks.replace_delivery(after)
        if after.next_try_at is not None:
            delay = delay_after(after.attempts) or _LEASE
            asyncio.get_running_loop().call_later(delay.total_seconds(), self.wake)
        if after.status != "pending":
            await self.webhooks.note_end(webhook.id, after.error, timestamp(self.clock.now()))

    def _after(self, delivery: Delivery, sent: Sent) -> Delivery:
        now, attempts = self.clock.now(), delivery.attempts + 1
        tried = replace(delivery, attempts=attempts, answer_status=sent.status, error=sent.error)
        if sent.error is None:
            return replace(tried, status="delivered", next_try_at=None, ended_at=timestamp(now))
        delay = delay_after(attempts)
        if delay is None:
            return replace(tried, status="failed", next_try_at=None, ended_at=timestamp(now))
        return replace(tried, next_try_at=timestamp(now + delay))

    async def _sweep(self) -> None:
        """Remove deliveries that ended long ago, now and every hour."""
        while True:
            before = timestamp(self.clock.now() - timedelta(days=DAYS_KEPT))
            try:
                await self.webhooks.sweep(before)
            except Exception as error:  # what is left is removed an hour later
                get_logger("gateway").warning("old deliveries were not removed", error=repr(error))
            await asyncio.sleep(_SECONDS_BETWEEN_SWEEPS)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]
