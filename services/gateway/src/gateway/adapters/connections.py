"""Kept connections to a service."""

import asyncio
import ssl
import time
from typing import Final, cast
from urllib.parse import urlsplit

from gateway.adapters.exchange import Exchange
from gateway.adapters.patience import timed_out
from gateway.application.services import Asked, Unreached

_MOST: Final = 200
_CONNECT_SECONDS: Final = 2.0
# The services close a connection that was idle for 5 s; whoever used it at that moment would lose a request.
_KEPT_SECONDS: Final = 4.0


class Connections:
    """The connections to one address: as many as are needed at once, up to a limit."""

    def __init__(self, name: str, url: str) -> None:
        parts = urlsplit(url)
        self.name = name
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._address = parts.hostname or "", parts.port or (443 if self._tls else 80)
        self._idle: dict[Connection, float] = {}
        self._room = asyncio.Semaphore(_MOST)

    async def take(self, seconds: float) -> "Connection":
        """Return a connection that nobody uses; raises Unreached, and TimedOut when none comes free."""
        if self._room.locked():
            await self._wait_for_room(seconds)
        else:
            await self._room.acquire()
        while self._idle:
            connection, since = self._idle.popitem()
            if time.monotonic() - since < _KEPT_SECONDS:
                return connection
            connection.close()
        try:
            return await self._opened()
        except BaseException:
            self._room.release()
            raise

    def give_back(self, connection: "Connection", *, is_sound: bool) -> None:
        self._room.release()
        if is_sound:
            self._idle[connection] = time.monotonic()
        else:
            connection.close()

    def forget(self, connection: "Connection") -> None:
        self._idle.pop(connection, None)

    def close(self) -> None:
        for connection in list(self._idle):
            connection.close()

    async def _wait_for_room(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._room.acquire()
        except TimeoutError as error:
            raise timed_out(self.name) from error

    async def _opened(self) -> "Connection":
        loop, (host, port) = asyncio.get_running_loop(), self._address
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                _, connection = await loop.create_connection(lambda: Connection(self), host, port, ssl=self._tls)
        except (OSError, TimeoutError) as error:
            raise Unreached(f"{self.name} cannot be reached.", service=self.name, retry_after=2) from error
        return connection


class Connection(asyncio.Protocol):
    """One connection, with one exchange at a time on it: `adapters.exchange.Line`."""

    _transport: asyncio.Transport

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._exchange: Exchange | None = None
        self._is_lost = False
        self._taken: asyncio.Event | None = None

    def begin(self, asked: Asked) -> Exchange:
        """Return the exchange for a request, still to be sent."""
        self._exchange = exchange = Exchange(self._connections.name, asked, self)
        if self._is_lost:
            exchange.lost(None)
        return exchange

    def close(self) -> None:
        self._transport.abort()

    # As a line of an exchange

    def write(self, content: bytes) -> None:
        self._transport.write(content)

    async def drain(self) -> None:
        if self._taken is not None:
            await self._taken.wait()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def end(self, *, is_sound: bool) -> None:
        self._exchange = None
        self._connections.give_back(self, is_sound=is_sound and not self._is_lost)

    # As a protocol of asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class

    def data_received(self, data: bytes) -> None:
        if self._exchange is None:  # nobody has asked
            self.close()
        else:
            self._exchange.feed(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_lost = True
        self.resume_writing()
        self._connections.forget(self)
        if self._exchange is not None:
            self._exchange.lost(exc)

    def pause_writing(self) -> None:
        self._taken = asyncio.Event()

    def resume_writing(self) -> None:
        if self._taken is not None:
            self._taken.set()
            self._taken = None
