"""A request to a service and its answer: whatever a service sends, the gateway passes on an answer or names the service."""

import asyncio
from typing import Any

import pytest

from gateway.adapters.exchange import Exchange
from gateway.application.services import Asked, BrokeOff
from shared.errors import BadAnswer, TimedOut, TooSlow

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Trailer: no\r\n\r\n"
_HEADERS = [(b"content-type", b"text/plain"), (b"content-length", b"5")]


class _Line:
    """A connection that keeps what is written."""

    def __init__(self) -> None:
        self.written = b""
        self.is_paused = False
        self.ended: list[bool] = []

    def write(self, content: bytes) -> None:
        self.written += content

    async def drain(self) -> None: ...

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False

    def end(self, *, is_sound: bool) -> None:
        self.ended.append(is_sound)


def _exchange(seconds: float = 5.0) -> tuple[Exchange, _Line]:
    line = _Line()
    return Exchange("obligations", Asked("GET", "/", [], seconds), line), line


async def _answered(*pieces: bytes, is_lost: bool = False) -> tuple[Exchange, _Line, bytes]:
    """Return what came of an exchange in which the service sent these pieces, the body included."""
    exchange, line = _exchange()
    for piece in pieces:
        if not line.ended:
            exchange.feed(piece)
    if is_lost:
        exchange.lost(None)
    return exchange, line, await _read(exchange)


async def _read(exchange: Exchange) -> bytes:
    await exchange.begin(b"GET / HTTP/1.1\r\n\r\n", None, None)
    body = b""
    while piece := await exchange.next():
        body += piece
    return body


@pytest.mark.parametrize("cut", range(len(_ANSWER)))
async def test_an_answer_is_the_same_however_it_is_cut(cut: int) -> None:
    exchange, line, body = await _answered(_ANSWER[:cut], _ANSWER[cut:])

    assert (exchange.status, exchange.headers, body, exchange.at_end) == (200, _HEADERS, b"hello", True)
    assert line.ended == [True]


async def test_trailers_are_no_headers() -> None:
    exchange, line, body = await _answered(_CHUNKED)

    assert (exchange.headers, body) == ([(b"transfer-encoding", b"chunked")], b"hello")
    assert line.ended == [True]


async def test_interim_answers_are_passed_over() -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"

    exchange, _, body = await _answered(interim + _ANSWER)

    assert (exchange.status, exchange.headers, body) == (200, _HEADERS, b"hello")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
        _ANSWER + b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
    ],
    ids=["old", "closing", "followed by another"],
)
async def test_a_connection_that_may_not_serve_again_is_not_kept(answer: bytes) -> None:
    exchange, line, body = await _answered(answer)

    assert (exchange.status, body) == (200, b"hello")
    assert line.ended == [False]


async def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    exchange, line, body = await _answered(b"HTTP/1.1 200 OK\r\n\r\nhel", b"lo", is_lost=True)

    assert (exchange.status, body, line.ended) == (200, b"hello", [False])


@pytest.mark.parametrize("status", [204, 304])
async def test_an_answer_that_has_no_body_is_complete_with_its_head(status: int) -> None:
    exchange, line, body = await _answered(b'HTTP/1.1 %d X\r\nETag: "1"\r\n\r\n' % status)

    assert (exchange.status, body, line.ended) == (status, b"", [True])


@pytest.mark.parametrize("status", [204, 304])
async def test_a_body_where_none_may_be_is_no_answer_to_the_next_request(status: int) -> None:
    for framing in (b"Content-Length: 5\r\n\r\nhello", b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"):
        exchange, line, body = await _answered(b"HTTP/1.1 %d X\r\n%b" % (status, framing))

        assert (exchange.status, body, line.ended) == (status, b"", [False])


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n",
        b"HTTP/1.1 200 OK\r\nX-Name: a\rb\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 70_000,
    ],
    ids=["not HTTP", "two lengths", "length and chunks", "negative", "no chunk", "line break", "upgrade", "long head"],
)
async def test_an_answer_that_can_be_read_in_two_ways_or_never_ends_is_of_no_use(answer: bytes) -> None:
    exchange, line = _exchange()
    exchange.feed(answer)

    with pytest.raises(BadAnswer) as refused:
        await _read(exchange)

    assert refused.value.service == "obligations"
    assert line.ended == [False]


@pytest.mark.parametrize(
    ("came", "error"),
    [(b"", BrokeOff), (_ANSWER[:20], BrokeOff), (_ANSWER[:-1], BadAnswer), (_CHUNKED[:-9], BadAnswer)],
)
async def test_a_connection_that_ends_too_early_says_whether_an_answer_had_begun(
    came: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await _answered(came, is_lost=True)


async def test_who_is_silent_is_late() -> None:
    exchange, line = _exchange(seconds=0.01)

    with pytest.raises(TimedOut):
        await exchange.begin(b"", None, None)

    assert line.ended == [False]


async def test_what_nobody_takes_is_held_back() -> None:
    exchange, line = _exchange()
    exchange.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    for _ in range(5):
        exchange.feed(b"x" * 60_000)
    held = line.is_paused

    await exchange.begin(b"", None, None)
    taken = await exchange.next()

    assert (held, len(taken), line.is_paused) == (True, 300_000, False)


async def test_a_connection_that_was_held_back_serves_the_next_exchange() -> None:
    exchange, line = _exchange()
    exchange.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n")
    for _ in range(5):
        exchange.feed(b"x" * 60_000)

    assert (line.ended, line.is_paused) == ([True], False)
    await exchange.begin(b"", None, None)
    assert len(await exchange.next()) == 300_000


def _body(*pieces: bytes) -> Any:
    waiting = list(pieces)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    return receive


@pytest.mark.parametrize(
    ("length", "written"), [(6, b"HEAD onetwo"), (None, b"HEAD 3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")]
)
async def test_a_body_is_sent_in_pieces(length: int | None, written: bytes) -> None:
    exchange, line = _exchange()
    asyncio.get_running_loop().call_later(0.01, exchange.feed, _ANSWER)

    await exchange.begin(b"HEAD ", _body(b"one", b"", b"two"), length)

    assert line.written == written
    assert line.ended == [True]


@pytest.mark.parametrize("length", [2, 4])
async def test_a_body_that_is_not_as_long_as_said_goes_no_further(length: int) -> None:
    exchange, line = _exchange()

    with pytest.raises(RuntimeError, match="long"):
        await exchange.begin(b"", _body(b"one"), length)

    assert line.written == b""
    assert line.ended == [False]


async def test_what_is_wrong_with_the_body_is_told_as_it_is() -> None:
    async def too_slow() -> dict[str, Any]:
        raise TooSlow("too slowly")

    exchange, line = _exchange()

    with pytest.raises(TooSlow):
        await exchange.begin(b"", too_slow, None)

    assert line.ended == [False]


async def test_a_sender_that_takes_its_time_is_not_the_services_fault() -> None:
    async def slowly() -> dict[str, Any]:
        await asyncio.sleep(0.05)
        asyncio.get_running_loop().call_soon(exchange.feed, _ANSWER)
        return {"type": "http.request", "body": b"late", "more_body": False}

    exchange, line = _exchange(seconds=0.02)

    await exchange.begin(b"", slowly, 4)

    assert (exchange.status, line.written) == (200, b"late")


async def test_an_answer_that_comes_before_the_body_has_ended_ends_the_sending() -> None:
    async def never() -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    exchange, line = _exchange()
    asyncio.get_running_loop().call_soon(exchange.feed, _ANSWER.replace(b"200 OK", b"413 Too Large"))

    await exchange.begin(b"", never, None)

    assert (exchange.status, await exchange.next(), line.ended) == (413, b"hello", [False])


async def test_who_leaves_ends_the_exchange_once() -> None:
    exchange, line = _exchange()
    exchange.feed(_ANSWER[:-1])
    await exchange.begin(b"", None, None)

    exchange.close()
    exchange.close()

    assert line.ended == [False]
