"""A service in this same process, asked through ASGI: the same times and the same pressure back as over a connection."""

import asyncio
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Scope

from gateway.adapters.patience import Patience, within
from gateway.application.services import Answered, Asked
from shared.errors import BadAnswer

_NOTHING: Message = {"type": "http.request", "body": b"", "more_body": False}
_GONE: Message = {"type": "http.disconnect"}


class InProcessService:
    """`application.services.Service`, an ASGI application."""

    def __init__(self, name: str, app: ASGIApp) -> None:
        self.name = name
        self._app = app
        self._running: set[asyncio.Task[None]] = set()

    async def ask(self, asked: Asked) -> Answered:
        patience = Patience(self.name, asked)
        exchange = _Exchange(self.name, patience)
        task = asyncio.get_running_loop().create_task(exchange.run(self._app, _scope(asked)))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            async with patience.until_answered():
                start = await exchange.message()
        except BaseException:
            exchange.leave()
            raise
        headers = [(name.lower(), value) for name, value in start["headers"]]
        return Answered(start["status"], headers, _Pieces(exchange, asked.seconds))

    async def close(self) -> None:
        """What still runs is finished by the service itself."""


class _Exchange:
    """One request. Who asked may leave; the service is then not ended, but told so, as it is over a connection."""

    def __init__(self, name: str, patience: Patience) -> None:
        self._name = name
        self._patience = patience
        self._messages: asyncio.Queue[Message | None] = asyncio.Queue(1)
        self._is_bodyless = patience.is_complete
        self._has_left = asyncio.Event()

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        # Whatever it is, the service has put it in its log.
        with suppress(Exception):
            await app(scope, self._receive, self._send)
        await self._put(None)

    async def message(self) -> Message:
        message = await self._messages.get()
        if message is None:
            if self._patience.failure is not None:
                raise self._patience.failure
            raise BadAnswer(f"{self._name} broke its answer off.", service=self._name, retry_after=2)
        return message

    async def message_within(self, seconds: float) -> Message:
        return await within(seconds, self._name, self.message())

    def leave(self) -> None:
        self._has_left.set()
        while not self._messages.empty():
            self._messages.get_nowait()

    async def _receive(self) -> MutableMapping[str, Any]:
        if self._has_left.is_set():
            return _GONE
        if not self._patience.is_complete:
            return await self._patience.receive()
        if self._is_bodyless:
            self._is_bodyless = False
            return _NOTHING
        await self._has_left.wait()
        return _GONE

    async def _send(self, message: Message) -> None:
        await self._put(message)

    async def _put(self, message: Message | None) -> None:
        if not self._has_left.is_set():
            await self._messages.put(message)


class _Pieces:
    """`application.services.Pieces` of an exchange."""

    def __init__(self, exchange: _Exchange, seconds: float) -> None:
        self._exchange = exchange
        self._seconds = seconds
        self.at_end = False

    async def next(self) -> bytes:
        try:
            while not self.at_end:
                message = await self._exchange.message_within(self._seconds)
                self.at_end = not message.get("more_body", False)
                if piece := message.get("body", b""):
                    return bytes(piece)
        except BaseException:
            self.close()
            raise
        self.close()
        return b""

    def close(self) -> None:
        self._exchange.leave()


def _scope(asked: Asked) -> Scope:
    path, _, query = asked.target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": asked.method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": asked.headers
        if asked.length is None
        else [*asked.headers, (b"content-length", b"%d" % asked.length)],
        "scheme": "http",
        "root_path": "",
        "client": None,
        "server": None,
        "state": {},
    }
