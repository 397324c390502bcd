"""Clients that take their time, against a server that listens: late, endless and broken heads, answers nobody takes."""

import asyncio

import pytest

from shared.web.guarded_protocol import GuardedProtocol, bounded
from tests.support.paced_server import (
    ANSWER,
    HEAD,
    App,
    all_of_it,
    drip,
    head_of,
    read_what_comes,
    serving,
    status_and_problem,
)


async def test_a_head_that_comes_too_slowly_is_given_up() -> None:
    app = App()
    async with serving(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        writer.write(HEAD)
        dripping = asyncio.create_task(drip(writer, b"X-A: b\r\n"))
        status, problem = status_and_problem(await all_of_it(reader))
        dripping.cancel()
        writer.close()

    assert (status, problem["type"]) == (408, "urn:licet:problem:too-slow")
    assert app.asked == 0


async def test_a_connection_on_which_nothing_comes_is_closed_without_a_word() -> None:
    async with serving(App()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        assert await all_of_it(reader) == b""
        writer.close()


async def test_the_head_of_a_later_request_has_its_time_too() -> None:
    app = App()
    async with serving(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"\r\n")
        first = await reader.readexactly(len(await head_of(reader)) and 10)
        writer.write(HEAD)
        status, _ = status_and_problem(await all_of_it(reader))
        writer.close()

    assert first == ANSWER
    assert status == 408
    assert app.asked == 1


@pytest.mark.parametrize("head", [b"X-A: " + b"a" * 1_000_000, b"X-A: b\r\n" * 100_000], ids=["one line", "many"])
async def test_a_head_without_end_is_not_kept(head: bytes) -> None:
    app = App()
    async with serving(app, GuardedProtocol) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + head)
        answer = await read_what_comes(reader)
        writer.close()

    status, problem = status_and_problem(answer)
    assert (status, problem["limit"]) == (431, "head-bytes")
    assert app.asked == 0


@pytest.mark.parametrize("size", [33_000, 200_000, 1_000_000])
async def test_a_target_that_is_too_long_is_told_so(size: int) -> None:
    app = App()
    async with serving(app, GuardedProtocol) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /?q=" + b"a" * size + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = await read_what_comes(reader)
        writer.close()

    status, problem = status_and_problem(answer)
    assert (status, problem["type"], problem["limit"]) == (414, "urn:licet:problem:over-limit", "target-bytes")
    assert app.asked == 0


async def test_a_target_of_any_length_that_is_taken_reaches_the_application() -> None:
    app = App()
    async with serving(app, GuardedProtocol) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        target = b"/" + b"a" * (GuardedProtocol.target_bytes - 1)
        writer.write(b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answer = await all_of_it(reader)
        writer.close()

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert app.asked == 1


async def test_what_is_no_http_is_refused_as_a_problem() -> None:
    async with serving(App()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        status, problem = status_and_problem(await all_of_it(reader))
        writer.close()

    assert (status, problem["type"]) == (400, "urn:licet:problem:bad-request")


async def test_a_body_and_an_answer_may_take_longer_than_a_head() -> None:
    app = App(seconds=0.5)
    async with serving(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 200004\r\n\r\n" + b"x" * 200_000
        )
        await asyncio.sleep(0.5)
        writer.write(b"done")
        answer = await all_of_it(reader)
        writer.close()

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(ANSWER)


async def test_a_request_that_waits_behind_another_does_not_break_it_off() -> None:
    async with serving(App(seconds=0.8)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"\r\n" + HEAD)
        answer = await all_of_it(reader)
        writer.close()

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1 ") == 2
    assert b"HTTP/1.1 408 " in answer


async def test_many_requests_on_one_connection_are_answered() -> None:
    app = App()
    async with serving(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write((HEAD + b"\r\n") * 50 + HEAD + b"Connection: close\r\n\r\n")
        answer = await all_of_it(reader)
        writer.close()

    assert answer.count(b"HTTP/1.1 200 ") == app.asked == 51


async def test_an_answer_that_nobody_takes_is_given_up() -> None:
    app = App(size=50_000_000)
    async with serving(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000)
        writer.write(HEAD + b"\r\n")
        await head_of(reader)
        for _ in range(100):
            before = app.sent
            await asyncio.sleep(0.1)
            if app.sent == 50_000_000:
                break
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await asyncio.wait_for(reader.readexactly(50_000_000), 20)
        writer.close()

    assert before < 50_000_000  # what was sent after the abort went nowhere


async def test_three_hundred_slow_heads_keep_nobody_waiting() -> None:
    app = App()
    async with serving(app, GuardedProtocol) as port:
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(300)]
        for _, writer in slow:
            writer.write(HEAD)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"Connection: close\r\n\r\n")
        answer = await all_of_it(reader)
        for _, each in (*slow, (reader, writer)):
            each.close()

    assert answer.startswith(b"HTTP/1.1 200 ")


async def _asked(port: int) -> tuple[asyncio.StreamWriter, bytes]:
    """Return an open connection, and the first line of what came on it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD + b"\r\n")
    return writer, await asyncio.wait_for(reader.readline(), 10)


async def test_one_address_has_so_many_connections_at_once() -> None:
    async with serving(App(), bounded(2)) as port:
        (first, one), (second, two), (third, three) = [await _asked(port) for _ in range(3)]
        first.close()
        await asyncio.sleep(0.1)
        fourth, four = await _asked(port)
        for each in (second, third, fourth):
            each.close()

    assert [line.split()[1] for line in (one, two, three, four)] == [b"200", b"200", b"429", b"200"]


async def test_a_connection_too_many_is_told_why_and_when_to_come_back() -> None:
    async with serving(App(), bounded(1)) as port:
        first, _ = await _asked(port)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answer = await all_of_it(reader)
        first.close()
        writer.close()

    status, problem = status_and_problem(answer)
    assert (status, problem["limit"]) == (429, "connections")
    assert b"retry-after: 5" in answer.lower()


@pytest.mark.parametrize("protocol", [bounded(0), bounded(1, "10.0.0.1, 127.0.0.1")], ids=["no limit", "a proxy"])
async def test_who_stands_for_many_is_not_bounded(protocol: type[GuardedProtocol]) -> None:
    async with serving(App(), protocol) as port:
        asked = [await _asked(port) for _ in range(3)]
        for writer, _ in asked:
            writer.close()

    assert {line.split()[1] for _, line in asked} == {b"200"}
