"""What follows a head: trailers, extensions of chunks, bodies that nobody waited for, requests behind others."""

import asyncio

import pytest

from shared.web.guarded_protocol import GuardedProtocol
from tests.support.paced_server import HEAD, App, all_of_it, drip, head_of, read_what_comes, serving, status_and_problem

_CHUNKED = HEAD.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n"


async def _exchanged(port: int, request: bytes) -> bytes:
    """Send the request; return all that comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await read_what_comes(reader)
    writer.close()
    return answer


async def test_trailers_are_no_headers() -> None:
    app = App()
    closing = _CHUNKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    async with serving(app) as port:
        answer = await _exchanged(port, closing + b"0\r\nX-Api-Key: k\r\nHost: b\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert app.headers == [(b"host", b"a"), (b"transfer-encoding", b"chunked"), (b"connection", b"close")]


@pytest.mark.parametrize(
    "endless", [b"0\r\nX-A: " + b"a" * 500_000, b"0\r\n" + b"X-A: b\r\n" * 100_000, b"2;x=" + b"a" * 500_000]
)
async def test_what_stands_around_a_body_without_end_is_not_kept(endless: bytes) -> None:
    async with serving(App(), GuardedProtocol) as port:
        status, problem = status_and_problem(await _exchanged(port, _CHUNKED + b"2\r\n{}\r\n" + endless))

    assert (status, problem["limit"]) == (431, "head-bytes")


async def test_a_body_of_many_small_chunks_is_taken() -> None:
    async with serving(App(), GuardedProtocol) as port:
        body = b"1;x=aaaaaaaaaaaaaaaa\r\nb\r\n" * 20_000 + b"0\r\n\r\n"
        answer = await _exchanged(port, _CHUNKED.replace(b"POST", b"PUT") + body + HEAD + b"Connection: close\r\n\r\n")

    assert answer.count(b"HTTP/1.1 200 ") == 2


async def test_a_body_that_was_not_waited_for_has_its_time() -> None:
    async with serving(App(is_hasty=True)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"Content-Length: 1000\r\n\r\n")
        dripping = asyncio.create_task(drip(writer, b"x"))
        answer = await read_what_comes(reader)
        dripping.cancel()
        writer.close()

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("later", [b"x" * 10, b"\r\n" * 5], ids=["the rest of a body", "empty lines"])
async def test_a_connection_without_a_next_request_is_closed(later: bytes) -> None:
    length = b"Content-Length: 10\r\n" if later[:1] == b"x" else b""
    async with serving(App(is_hasty=True)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + length + b"\r\n")
        await asyncio.sleep(0.1)
        writer.write(later)
        answer = await all_of_it(reader)
        writer.close()

    assert answer.count(b"HTTP/1.1 ") == 1


async def test_what_is_wrong_behind_a_request_is_not_told_in_the_place_of_its_answer() -> None:
    async with serving(App(seconds=0.2)) as port:
        answer = await _exchanged(port, HEAD + b"\r\n" + b"SSH-2.0-OpenSSH_9.2\r\n")

    assert answer == b""


async def test_what_is_wrong_after_an_answer_is_told() -> None:
    async with serving(App()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"\r\n")
        await reader.readexactly(len(await head_of(reader)) and 10)
        writer.write(b"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n")
        status, _ = status_and_problem(await all_of_it(reader))
        writer.close()

    assert status == 400
