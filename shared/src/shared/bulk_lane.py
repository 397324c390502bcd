"""Two lanes for the work of one process: what people wait for goes first."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from shared.contracts.envelope import Envelope, UndecodableMessage

Handler = Callable[[Envelope], Awaitable[None]]
_LONGEST_WAIT = 60.0


class BulkLane:
    """Knows whether somebody waits; bulk work asks for its turn before each piece."""

    def __init__(self) -> None:
        self._waiting = 0
        self._free = asyncio.Event()
        self._free.set()

    def first(self, handle: Handler) -> Handler:
        """Return the handler, during which no bulk work begins."""

        async def handle_first(envelope: Envelope) -> None:
            self._waiting += 1
            self._free.clear()
            try:
                await handle(envelope)
            finally:
                self._waiting -= 1
                if not self._waiting:
                    self._free.set()

        return handle_first

    async def turn(self) -> None:
        """Return once nobody waits, or after a minute: bulk work gets on under any load, and its message is kept in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_WAIT):
                await self._free.wait()


@dataclass(frozen=True, slots=True)
class InTwoLanes:
    """A handler of events of which `in_bulk` tells those for which nobody waits: they are handled while no other is."""

    handle: Handler
    in_bulk: Callable[[Envelope], bool]
    _lane: BulkLane = field(default_factory=BulkLane)

    def is_bulk(self, envelope: Envelope) -> bool:
        """Whether nobody waits for the event; no for one that cannot be read, of which the handler will say so."""
        try:
            return self.in_bulk(envelope)
        except UndecodableMessage:
            return False

    async def __call__(self, envelope: Envelope) -> None:
        if not self.is_bulk(envelope):
            await self._lane.first(self.handle)(envelope)
            return
        await self._lane.turn()
        await self.handle(envelope)
