"""A TCP proxy before a server or its replicas, which can stop forwarding or cut its connections: what a network does."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from tests.support.ports import free_port

_PIECE = 64 * 1024
_Result = TypeVar("_Result")


class Proxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`to`, or to replicas in turn: to the next one where a connection is refused.

    While it is held nothing is forwarded, not even the end of a connection, and nobody is told (half-open connections).
    """

    def __init__(self, *to: int) -> None:
        self.port = free_port()
        self._to = to
        self._loop = asyncio.new_event_loop()
        self._up, self._down = asyncio.Event(), asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def connections(self) -> int:
        """How many connections pass through it now."""
        return len(self._writers) // 2

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        """Serve in a thread of its own while the context lasts."""
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        server = self._in_thread(self._start())
        try:
            yield self
        finally:
            self._in_thread(self._end(server))
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    def hold(self, *, answers_too: bool = True) -> None:
        """Forward nothing to the server, and nothing from it unless told."""
        self._loop.call_soon_threadsafe(self._up.clear)
        if answers_too:
            self._loop.call_soon_threadsafe(self._down.clear)

    def forward(self) -> None:
        """Forward again, what was held too."""
        self._loop.call_soon_threadsafe(self._up.set)
        self._loop.call_soon_threadsafe(self._down.set)

    def cut(self) -> None:
        """Reset all connections; what was held is lost."""
        self._loop.call_soon_threadsafe(self._abort_all)

    def _in_thread(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self) -> asyncio.Server:
        self._up.set()
        self._down.set()
        return await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _end(self, server: asyncio.Server) -> None:
        server.close()
        self._abort_all()
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for each in under_way:
            each.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    def _abort_all(self) -> None:
        for each in tuple(self._writers):
            each.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened = await self._opened()
        if opened is None:
            writer.transport.abort()
            return
        server_reader, server_writer = opened
        both = {writer, server_writer}
        self._writers |= both
        try:
            await asyncio.gather(_pipe(reader, server_writer, self._up), _pipe(server_reader, writer, self._down))
        finally:
            self._writers -= both

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        self._to = (*self._to[1:], self._to[0])
        for each in self._to:
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", each)
        return None


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_open: asyncio.Event) -> None:
    with suppress(OSError):
        while data := await reader.read(_PIECE):
            await is_open.wait()
            writer.write(data)
            await writer.drain()
        await is_open.wait()
    writer.close()
