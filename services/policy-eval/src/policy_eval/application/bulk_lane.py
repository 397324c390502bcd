"""Two lanes for evaluations in one process: what people wait for goes first."""

import asyncio
from collections.abc import Awaitable, Callable

from shared.contracts.envelope import Envelope

Handler = Callable[[Envelope], Awaitable[None]]


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
        """Return once nobody waits."""
        await self._free.wait()
