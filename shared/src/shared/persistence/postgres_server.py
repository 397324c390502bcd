"""Connections to one PostgreSQL server, and the watch over it: one that answers nobody is treated as if it had ended.

A server that ends is noticed by all who wait for it; one that hangs, or to which nothing passes any more, by nobody. So
whoever has waited for 0.75 s makes the watch ask the server for one more connection, again and again while anybody waits.
Whatever it answers, a refusal too, is a sign of life, and waiting goes on: statements may take their time. If nothing
comes for 1.75 s, from it and to nobody else either, all connections are broken off, so that who waits is told within
2.5 s, and none is begun until the server answers again (decision 44).
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from weakref import WeakSet

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine import make_url

from shared.observability import get_logger

_SETTINGS: Final = {
    "statement_timeout": "15000",
    "lock_timeout": "5000",
    "idle_in_transaction_session_timeout": "60000",
    # Statements here take milliseconds; compiling one takes a hundred.
    "jit": "off",
}
_SECONDS_OF_A_STATEMENT: Final = 20.0
_SECONDS_TO_CONNECT: Final = 5.0
_SECONDS_BEFORE_DOUBT: Final = 0.75
_SECONDS_OF_SILENCE: Final = 1.75
_LOOKS: Final = 7  # of which one is lost when it is this process that was held up
_SECONDS_BETWEEN_QUESTIONS: Final = 0.5


class ServerSilent(ConnectionError):
    """The server answers nobody now."""

    def __init__(self) -> None:
        super().__init__("PostgreSQL does not answer.")


class PostgresServer:
    """The server at a SQLAlchemy URL. Belongs to the event loop in which it is used first."""

    def __init__(self, url: str) -> None:
        # As SQLAlchemy understands the URL: asyncpg takes `?ssl=require` for a setting of the server.
        _, self._arguments = PGDialect_asyncpg().create_connect_args(make_url(url))  # type: ignore[no-untyped-call]  # SQLAlchemy's own gap
        self._log = get_logger("database")
        self._open: WeakSet[asyncpg.Connection] = WeakSet()
        self._opening: set[asyncio.Timeout] = set()
        self._overdue: set[object] = set()
        self._last_sign = 0.0
        self._there = asyncio.Event()
        self._there.set()
        self._watch: asyncio.Task[None] | None = None

    @property
    def is_silent(self) -> bool:
        """Whether it was found to answer nobody, and has not answered since."""
        return not self._there.is_set()

    async def connect(self, *_: Any, **more: Any) -> asyncpg.Connection:
        """Return a new connection; raises ServerSilent, TimeoutError, asyncpg's errors. `more`: what its pool adds."""
        if self.is_silent:
            raise ServerSilent
        async with asyncio.timeout(_SECONDS_TO_CONNECT) as patience:
            self._opening.add(patience)
            try:
                connection = await self._connect(**more)
            finally:
                self._opening.discard(patience)
        self._open.add(connection)
        return connection

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Doubt the server if what is done inside takes long; leaving without an error is a sign of its life."""
        waiting = object()
        doubt = asyncio.get_running_loop().call_later(_SECONDS_BEFORE_DOUBT, self._doubt, waiting)
        try:
            yield
            self._last_sign = time.monotonic()
        finally:
            doubt.cancel()
            self._overdue.discard(waiting)

    async def until_there(self, seconds: float) -> None:
        """Wait while the server is silent, so long at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._there.wait()

    async def close(self) -> None:
        """End the watch."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch

    async def _connect(self, **more: Any) -> asyncpg.Connection:
        fixed = {"command_timeout": _SECONDS_OF_A_STATEMENT, "server_settings": _SETTINGS}
        return await asyncpg.connect(**self._arguments, **fixed, **more)

    def _doubt(self, waiting: object) -> None:
        self._overdue.add(waiting)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._keep_asking())

    async def _keep_asking(self) -> None:
        while self._overdue or self.is_silent:
            if await self._answers():
                self._there.set()
            elif not self.is_silent:
                self._break_off()
            await asyncio.sleep(_SECONDS_BETWEEN_QUESTIONS)

    async def _answers(self) -> bool:
        asked_at = time.monotonic()
        question = asyncio.create_task(self._ask())
        try:
            for _ in range(_LOOKS):
                await asyncio.wait({question}, timeout=_SECONDS_OF_SILENCE / _LOOKS)
                if question.done() or self._last_sign > asked_at:
                    return True
            return False
        finally:
            question.cancel()

    async def _ask(self) -> None:
        """Return when there was an answer, be it a refusal."""
        with suppress(Exception):
            connection = await self._connect()
            await connection.close(timeout=_SECONDS_OF_SILENCE)

    def _break_off(self) -> None:
        self._log.error("PostgreSQL does not answer: all connections are broken off", connections=len(self._open))
        self._there.clear()
        for patience in self._opening:
            if not patience.expired():
                patience.reschedule(0)
        for connection in tuple(self._open):
            connection.terminate()
