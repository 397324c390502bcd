"""Bounds how long a request may keep the gateway waiting for its body."""

import asyncio
import time
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import TooSlow


@dataclass(frozen=True, slots=True)
class SteadyBody:
    """Raises TooSlow in whoever reads the body when its sender falls `grace` seconds behind `rate` bytes a second.

    Only waiting for the sender counts, and only until the body is complete. To be ahead earns nothing.
    """

    app: ASGIApp
    grace: float = 10.0
    rate: int = 10_000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, _Pace(receive, self.grace, self.rate, self.grace).receive, send)


@dataclass(slots=True)
class _Pace:
    source: Receive
    grace: float
    rate: int
    seconds_left: float
    is_complete: bool = False

    async def receive(self) -> Message:
        if self.is_complete:
            return await self.source()
        limit = self.seconds_left
        begun = time.monotonic()
        try:
            async with asyncio.timeout(max(limit, 0)):
                message = await self.source()
        except TimeoutError:
            raise TooSlow("The body came too slowly: at least 10 kB a second are expected.") from None
        earned = len(message.get("body", b"")) / self.rate
        self.seconds_left = min(self.grace, limit - (time.monotonic() - begun) + earned)
        self.is_complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message
