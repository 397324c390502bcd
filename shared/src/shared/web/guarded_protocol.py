"""HTTP as uvicorn speaks it, for clients that take their time: a head must come, and an answer be taken, within limits.

uvicorn itself waits for a head without an end, and keeps all that comes of it; it takes trailers for headers, and keeps
a connection for ever whose request was answered before it ended.
"""

from asyncio import TimerHandle, Transport
from collections import Counter
from typing import ClassVar

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from shared.errors import LicetError, Malformed, OverLimit, RateLimited, TooSlow
from shared.sender import sender_of
from shared.web.problems import problem_response

_COME_BACK_SECONDS = 5


class GuardedProtocol(HttpToolsProtocol):
    """One connection. What it refuses before there is a request is a problem too, and the end of the connection."""

    head_seconds = 10.0
    """From the connection, or from the first byte of a later request, to the end of the head."""
    head_bytes = 64 * 1024
    target_bytes = 32 * 1024
    """Of the target, which is a part of the head; a server takes 8,000 or more (RFC 9112, §3)."""
    taking_seconds = 60.0
    """In which a client must take some 48 KiB of an answer for which it waits."""
    rest_seconds = 30.0
    """From an answer to the end of the body that it did not wait for."""

    _is_in_head = True
    _has_begun = False
    _came = 0
    """Bytes of the head; then of what is no body: extensions of chunks, trailers."""
    _pieces = 0
    _head_timer: TimerHandle | None = None
    _taking_timer: TimerHandle | None = None
    _rest_timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching_head()
        self._stop_watching_taking()
        self._stop_watching_rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self._is_in_head, self.cycle, self._pieces
        super().data_received(data)
        if self.transport.is_closing():
            return
        if not self._has_begun:
            self._wait_for_another()
            return
        if before == (self._is_in_head, self.cycle, self._pieces):  # all of it was of this head, or of what is no body
            self._came += len(data)
        if self._came > self.head_bytes:
            told = f"The head of a request has at most {self.head_bytes:,} bytes, and what stands around its body."
            self._refuse(OverLimit(told, limit="head-bytes"), 431)
        elif self._is_in_head and self._head_timer is None:
            self._watch_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._has_begun = True

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.target_bytes:
            told = f"The target of a request, its path and query, has at most {self.target_bytes:,} bytes."
            error = OverLimit(told, limit="target-bytes")
            self._refuse(error, 414)
            raise error  # ends the parsing, and comes back as `send_400_response`

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.headers = []  # where trailers go, which are no headers (RFC 9110, §6.5.1); the request has the list before
        self._is_in_head, self._came = False, 0
        self._stop_watching_head()

    def on_body(self, body: bytes) -> None:
        self._pieces, self._came = self._pieces + 1, 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_in_head, self._has_begun, self._came = True, False, 0
        self._stop_watching_rest()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_in_head and self.cycle.response_complete:
            self._rest_timer = self.loop.call_later(self.rest_seconds, self.transport.close)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taking_timer = self.loop.call_later(self.taking_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_watching_taking()

    def send_400_response(self, msg: str) -> None:
        self._refuse(Malformed("The request is not HTTP as RFC 9112 has it."), 400)

    def _watch_head(self) -> None:
        self._head_timer = self.loop.call_later(self.head_seconds, self._head_is_late)

    def _stop_watching_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_watching_taking(self) -> None:
        if self._taking_timer is not None:
            self._taking_timer.cancel()
            self._taking_timer = None

    def _stop_watching_rest(self) -> None:
        if self._rest_timer is not None:
            self._rest_timer.cancel()
            self._rest_timer = None

    def _wait_for_another(self) -> None:
        """Wait for a next request as long as for a first one, where uvicorn does not: it does so after answers alone."""
        is_idle = self.cycle is None or self.cycle.response_complete
        if is_idle and self._head_timer is None and self.timeout_keep_alive_task is None:
            self._watch_head()

    def _head_is_late(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._watch_head()  # an answer is under way, and is not broken off for a request that waits behind it
        elif self._has_begun:
            self._refuse(TooSlow(f"The head of a request must come within {self.head_seconds:g} s."), 408)
        else:
            self.transport.close()

    def _refuse(self, error: LicetError, status: int) -> None:
        if self.transport.is_closing():
            return
        if self._is_next():
            self.transport.write(_as_bytes(problem_response(error, "", status), status))
        self.transport.close()

    def _is_next(self) -> bool:
        """Whether what is written now is the answer to what is read now: not the middle, or in the place, of another."""
        if self.cycle is None:
            return True
        if self.pipeline:
            return False
        is_next: bool = self.cycle.response_complete if self._is_in_head else not self.cycle.response_started
        return is_next


def _as_bytes(answer: Response, status: int) -> bytes:
    headers = [*answer.raw_headers, (b"connection", b"close")]
    return STATUS_LINE[status] + b"".join(b"%b: %b\r\n" % each for each in headers) + b"\r\n" + bytes(answer.body)


class _Bounded(GuardedProtocol):
    """A connection that is one of so many of its sender."""

    most: ClassVar[int]
    proxies: ClassVar[frozenset[str]]
    open: ClassVar[Counter[str]]
    _sender: str | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        if self.client is None or self.client[0] in self.proxies:
            return
        self._sender = sender_of(self.client[0])
        self.open[self._sender] += 1
        if self.open[self._sender] > self.most:
            told = f"More than {self.most} connections of this address are open; close one, or use one again."
            self._refuse(RateLimited(told, limit="connections", retry_after=_COME_BACK_SECONDS), 429)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._sender is not None:
            self.open[self._sender] -= 1
            if not self.open[self._sender]:
                del self.open[self._sender]


def bounded(most_of_an_address: int, exempt: str = "") -> type[GuardedProtocol]:
    """Return the protocol for so many connections at once of one sender; 0 bounds nothing.

    `exempt` are addresses, with commas, that stand for many senders: proxies.
    """
    if not most_of_an_address:
        return GuardedProtocol

    class Bounded(_Bounded):
        most = most_of_an_address
        proxies = frozenset(each.strip() for each in exempt.split(","))
        open: ClassVar[Counter[str]] = Counter()

    return Bounded
