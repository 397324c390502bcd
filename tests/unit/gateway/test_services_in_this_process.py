"""A service in the same process is asked like one behind a connection: in pieces, within a time, and may be left."""

import asyncio
from typing import Any

import pytest

from gateway.adapters.in_process_service import InProcessService
from gateway.application.services import Asked
from shared.errors import BadAnswer, TimedOut, TooSlow

_START = {"type": "http.response.start", "status": 200, "headers": [(b"X-A", b"b")]}


def _pieces_of(*bodies: bytes) -> Any:
    waiting = list(bodies)

    async def receive() -> dict[str, Any]:
        piece = waiting.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    return receive


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    await send(_START)
    more = True
    while more:
        message = await receive()
        more = message["more_body"]
        await send({"type": "http.response.body", "body": message["body"], "more_body": more})


async def test_body_and_answer_go_through_in_pieces() -> None:
    asked = Asked("POST", "/a%2Fb?c=d", [(b"x-a", b"b")], 1.0, _pieces_of(b"one", b"two"))

    answer = await InProcessService("s", _echo).ask(asked)

    assert answer.headers == [(b"x-a", b"b")]
    assert [await answer.pieces.next() for _ in range(3)] == [b"one", b"two", b""]


async def test_it_is_told_where_and_how_it_was_asked() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope, body=await receive())
        await send(_START)
        await send({"type": "http.response.body"})

    answer = await InProcessService("s", app).ask(Asked("GET", "/a%2Fb?c=%20", [(b"accept", b"text/plain")], 1.0))
    await answer.read()

    assert (seen["method"], seen["path"], seen["raw_path"], seen["query_string"]) == (
        "GET",
        "/a/b",
        b"/a%2Fb",
        b"c=%20",
    )
    assert seen["headers"] == [(b"accept", b"text/plain")]
    assert seen["body"] == {"type": "http.request", "body": b"", "more_body": False}


async def test_it_is_not_waited_for_forever_but_ends_by_itself() -> None:
    ended = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.05)
        await send(_START)
        await send({"type": "http.response.body"})
        assert (await receive())["type"] == "http.disconnect"
        ended.set()

    with pytest.raises(TimedOut) as late:
        await InProcessService("sbom-ingest", app).ask(Asked("POST", "/", [], 0.01, _pieces_of(b"x")))
    await asyncio.wait_for(ended.wait(), 5)

    assert late.value.service == "sbom-ingest"


async def test_an_answer_that_stops_is_given_up() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(_START)
        await asyncio.sleep(60)

    answer = await InProcessService("s", app).ask(Asked("GET", "/", [], 0.02))

    with pytest.raises(TimedOut):
        await answer.read()


async def test_a_slow_sender_is_not_the_services_fault() -> None:
    async def slowly() -> dict[str, Any]:
        await asyncio.sleep(0.1)
        return {"type": "http.request", "body": b"late", "more_body": False}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        await send(_START)
        await send({"type": "http.response.body", "body": body})

    answer = await InProcessService("s", app).ask(Asked("POST", "/", [], 0.05, slowly))
    await answer.read()

    assert answer.content == b"late"


async def test_what_is_wrong_with_the_body_is_told_as_it_is() -> None:
    async def too_slow() -> dict[str, Any]:
        raise TooSlow("too slowly")

    with pytest.raises(TooSlow):
        await InProcessService("s", _silent).ask(Asked("POST", "/", [], 1.0, too_slow))


async def _silent(scope: Any, receive: Any, send: Any) -> None:
    await receive()


@pytest.mark.parametrize("begins", [False, True])
async def test_one_that_breaks_off_is_named(begins: bool) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if begins:
            await send(_START)
        raise RuntimeError("a fault")

    with pytest.raises(BadAnswer) as broken:
        await (await InProcessService("obligations", app).ask(Asked("GET", "/", [], 1.0))).read()

    assert broken.value.service == "obligations"


async def test_whoever_asked_may_leave_in_the_middle() -> None:
    ended = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(_START)
        for _ in range(10):
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
        ended.set()

    answer = await InProcessService("s", app).ask(Asked("GET", "/", [], 1.0))
    assert await answer.pieces.next() == b"x"
    answer.close()

    await asyncio.wait_for(ended.wait(), 5)
