"""Lets the bodies of requests in one after the other, so that whoever asks for little does not wait for all of them."""

import asyncio
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Turns:
    """Passes one piece of a body on in each round of the event loop, however many bodies there are.

    The server reads no more of a connection before its last piece is taken, so that a round is as long as one piece
    takes. Who waits for its sender has no turn to lose.
    """

    app: ASGIApp
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        is_first = True

        async def in_turn() -> Message:
            nonlocal is_first
            if not is_first:
                async with self._turn:
                    await asyncio.sleep(0)
            is_first = False
            return await receive()

        await self.app(scope, in_turn, send)
