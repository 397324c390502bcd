"""A request to a service and its answer: HTTP/1.1 (RFC 9112), read by the parser that reads what callers send, llhttp."""

import asyncio
from asyncio import Future, Task, TimerHandle
from http import HTTPStatus
from typing import Protocol

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser
from starlette.requests import ClientDisconnect

from gateway.adapters.patience import timed_out
from gateway.application.services import Asked, Body, BrokeOff, Headers
from shared.errors import BadAnswer

_MOST_OF_A_HEAD = 64 * 1024
_MOST_HELD = 256 * 1024
_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class Line(Protocol):
    """The connection on which an exchange takes place."""

    def write(self, content: bytes) -> None: ...

    async def drain(self) -> None:
        """Wait until the other side has taken most of what was written."""
        ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def end(self, *, is_sound: bool) -> None:
        """The exchange is over; the connection serves for another one if it is sound."""
        ...


class Exchange:
    """One request. `application.services.Pieces` of its answer.

    What goes wrong is raised in whoever waits for the answer, and is the end of the connection.
    """

    def __init__(self, service: str, asked: Asked, line: Line) -> None:
        self._service = service
        self._seconds = asked.seconds
        self._line: Line | None = line
        self._parser = HttpResponseParser(self)
        self._sending: Task[None] | None = None
        self._waiter: Future[None] | None = None
        self._timer: TimerHandle | None = None
        self._failure: BaseException | None = None
        self._came: list[bytes] = []
        self._held = 0
        self._bytes_of_head = 0
        self._has_head = False
        self._is_complete = False
        self._is_sound = True
        self.status = 0
        self.headers: Headers = []

    async def begin(self, head: bytes, body: Body | None, length: int | None) -> None:
        """Send the request, return when the answer has begun; raises BrokeOff, BadAnswer, TimedOut, what the body raises."""
        if self._line is not None:  # else the connection has ended by itself
            self._line.write(head)
        if body is not None:
            self._sending = asyncio.get_running_loop().create_task(self._send(body, length))
        while self._failure is None and not self._has_head:
            await self._wait()
        if self._failure is not None:
            raise self._failure

    @property
    def at_end(self) -> bool:
        return self._is_complete and not self._came

    async def next(self) -> bytes:
        while not self._came:
            if self._failure is not None:
                raise self._failure
            if self._is_complete:
                return b""
            await self._wait()
        piece = self._came[0] if len(self._came) == 1 else b"".join(self._came)
        self._came.clear()
        if self._held > _MOST_HELD and self._line is not None:
            self._line.resume_reading()
        self._held = 0
        return piece

    def close(self) -> None:
        self._leave(is_sound=False)

    def feed(self, content: bytes) -> None:
        """Take what came from the service."""
        if not self._has_head:
            self._bytes_of_head += len(content)
        try:
            self._parser.feed_data(content)
        except (HttpParserError, HttpParserUpgrade):
            self._fail(self._bad("gave an answer that is not HTTP"))
            return
        if self._is_complete:
            self._leave(is_sound=self._is_sound)
        elif not self._has_head and self._bytes_of_head > _MOST_OF_A_HEAD:
            self._fail(self._bad("gave an answer whose head is too large"))
        if self._has_head:
            self._wake()

    def lost(self, error: Exception | None) -> None:
        """The connection has ended."""
        if error is None and self._has_head and self._ends_with_the_connection():
            self._is_complete = True
            self._leave(is_sound=False)
            self._wake()
        elif self._has_head:
            self._fail(self._bad("broke its answer off"))
        else:
            told = f"{self._service} ended the connection without an answer."
            self._fail(BrokeOff(told, service=self._service, retry_after=2))

    # What the parser finds

    def on_message_begin(self) -> None:
        if self._is_complete:  # nobody asked for a second answer
            self._is_sound = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._has_head:  # else it is a trailer
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < HTTPStatus.OK:  # the final answer is still to come (RFC 9110, §15.2)
            self.headers.clear()
        elif not self._has_head:
            self.status, self._has_head = status, True
            self._is_sound = self._parser.should_keep_alive()

    def on_body(self, piece: bytes) -> None:
        if self._is_complete:
            return
        self._came.append(piece)
        before, self._held = self._held, self._held + len(piece)
        if before <= _MOST_HELD < self._held and self._line is not None:
            self._line.pause_reading()

    def on_message_complete(self) -> None:
        self._is_complete = self._has_head

    # Inside

    async def _send(self, body: Body, length: int | None) -> None:
        try:
            sent, more = 0, True
            while more and self._line is not None:
                self._unwatch()  # whoever waits for the caller does not wait for the service
                message = await body()
                self._watch()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                piece, more = message.get("body", b""), message.get("more_body", False)
                sent += len(piece)
                if length is not None and (sent > length or (not more and sent != length)):
                    raise RuntimeError("the body is not as long as its head says")
                await self._send_piece(piece, more, is_chunked=length is None)
        except Exception as error:  # whatever kept the body from being read, the asker is told
            self._fail(error)

    async def _send_piece(self, piece: bytes, more: bool, *, is_chunked: bool) -> None:
        if self._line is None:
            return
        if is_chunked:
            chunk = b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
            piece = chunk if more else chunk + b"0\r\n\r\n"
        self._line.write(piece)
        await self._line.drain()

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        self._watch()
        try:
            await self._waiter
        except BaseException:
            self.close()
            raise
        finally:
            self._waiter = None
            self._unwatch()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _watch(self) -> None:
        """Count the service's time from now on, if somebody waits for it."""
        if self._waiter is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._is_late)

    def _unwatch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _is_late(self) -> None:
        self._fail(timed_out(self._service))

    def _fail(self, error: BaseException) -> None:
        if self._failure is None and not self._is_complete:
            self._failure = error
        self._leave(is_sound=False)
        self._wake()

    def _leave(self, *, is_sound: bool) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        if self._sending is not None and not self._sending.done():
            is_sound = False
            if self._sending is not asyncio.current_task():
                self._sending.cancel()
        if self._held > _MOST_HELD:
            line.resume_reading()  # for the next exchange on it, which holds nothing yet
        line.end(is_sound=is_sound)

    def _ends_with_the_connection(self) -> bool:
        """Whether nothing in its head says how long the answer is (RFC 9112, §6.3)."""
        framed = any(name in (b"content-length", b"transfer-encoding") for name, _ in self.headers)
        return not framed and self.status not in _WITHOUT_BODY

    def _bad(self, what: str) -> BadAnswer:
        return BadAnswer(f"{self._service} {what}.", service=self._service, retry_after=2)
