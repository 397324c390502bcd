"""Bound how often a caller asks, how often an address asks without a key or with wrong ones, and how many uploads run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from gateway.domain.rate import Quota, Spent
from shared.clock import Clock
from shared.errors import RateLimited, Saturated
from shared.sender import sender_of

_WRONG_KEYS = 6
"""An address may try a sixth as many wrong keys as a key may send requests."""


_COUNTED = {
    "requests": "requests with this key",
    "keyless": "requests without a key from this address",
    "wrong-keys": "wrong keys from this address",
}


class Buckets(Protocol):
    """Token buckets by name."""

    async def take(self, name: str, quota: Quota, now: float) -> Spent:
        """Take one token if there is one."""
        ...


@dataclass(frozen=True, slots=True)
class LimitRequests:
    """Counts requests; `a_minute` 0 bounds nothing."""

    buckets: Buckets
    clock: Clock
    a_minute: int

    async def spend(self, subject: str) -> Spent | None:
        """Count a request of the caller; None where there is no limit."""
        if not self.a_minute:
            return None
        return await self._take(subject, Quota("requests", self.a_minute))

    async def note_no_key(self, address: str) -> None:
        """Count a request without a key; raises RateLimited when the address has sent too many of them."""
        if self.a_minute:
            refuse_if_spent(await self._take(f"address:{sender_of(address)}", Quota("keyless", self.a_minute)))

    async def note_wrong_key(self, address: str) -> None:
        """Count a wrong key; raises RateLimited when the address has tried too many.

        Only wrong keys are ever refused so: whoever shares the address and has a valid one is let in.
        """
        if not self.a_minute:
            return
        quota = Quota("wrong-keys", max(self.a_minute // _WRONG_KEYS, 1))
        refuse_if_spent(await self._take(f"address:{sender_of(address)}", quota))

    async def _take(self, name: str, quota: Quota) -> Spent:
        return await self.buckets.take(f"{quota.name} {name}", quota, self.clock.now().timestamp())


def refuse_if_spent(spent: Spent | None) -> None:
    """Raise RateLimited for a request that is over its quota."""
    if spent is None or spent.allowed:
        return
    quota, many = spent.quota, _COUNTED[spent.quota.name]
    detail = f"More than {quota.requests} {many} in {quota.seconds} s; ask again in {spent.next_in} s."
    raise RateLimited(detail, limit=spent.quota.name, retry_after=max(spent.next_in, 1))


@dataclass(slots=True)
class UploadSlots:
    """Room for so many uploads at once, half of it for one caller at most."""

    slots: int
    patience: float = 10.0
    _used: int = 0
    _of_caller: dict[str, int] = field(default_factory=dict)
    _freed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def hold(self, subject: str) -> AsyncIterator[None]:
        """Hold a slot; raises Saturated when none comes free in `patience` seconds."""
        try:
            async with asyncio.timeout(self.patience), self._freed:
                await self._freed.wait_for(lambda: self._has_room(subject))
                self._count(subject, 1)
        except TimeoutError:
            raise Saturated("Too many uploads run at once; nothing was stored.", retry_after=5) from None
        try:
            yield
        finally:
            self._count(subject, -1)
            async with self._freed:
                self._freed.notify_all()

    def _has_room(self, subject: str) -> bool:
        return self._used < self.slots and self._of_caller.get(subject, 0) < max(self.slots // 2, 1)

    def _count(self, subject: str, change: int) -> None:
        self._used += change
        self._of_caller[subject] = self._of_caller.get(subject, 0) + change
        if not self._of_caller[subject]:
            del self._of_caller[subject]
