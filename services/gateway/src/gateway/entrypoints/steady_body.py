"""Bounds how long a request may keep the gateway waiting for its body."""

import asyncio
import time
from dataclasses import dataclass, field

from starlette.types import Message, Receive

from shared.errors import TooSlow


@dataclass(slots=True)
class SteadyBody:
    """Raises TooSlow in whoever reads the body when its sender falls `grace` seconds behind `rate` bytes a second.

    Only waiting for the sender counts, and only until the body is complete. To be ahead earns nothing.
    """

    source: Receive
    grace: float = 10.0
    rate: int = 10_000
    _seconds_left: float = field(init=False)
    _is_complete: bool = False

    def __post_init__(self) -> None:
        self._seconds_left = self.grace

    async def receive(self) -> Message:
        """Return the next message, as ASGI's `receive`."""
        if self._is_complete:
            return await self.source()
        limit = self._seconds_left
        begun = time.monotonic()
        try:
            async with asyncio.timeout(max(limit, 0)):
                message = await self.source()
        except TimeoutError:
            raise TooSlow("The body came too slowly: at least 10 kB a second are expected.") from None
        earned = len(message.get("body", b"")) / self.rate
        self._seconds_left = min(self.grace, limit - (time.monotonic() - begun) + earned)
        self._is_complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message
