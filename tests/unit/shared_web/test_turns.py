"""Bodies are read in turns: one piece in each round of the event loop, however many there are."""

import asyncio
from typing import Any

from shared.web.turns import Turns

_BODIES, _PIECES = 8, 50


async def _read(_scope: Any, receive: Any, _send: Any) -> None:
    while (await receive())["more_body"]:
        pass


def _whole_body(taken: list[int]) -> Any:
    left = _PIECES

    async def receive() -> dict[str, Any]:
        nonlocal left
        left -= 1
        taken[0] += 1
        return {"type": "http.request", "body": b"x", "more_body": left > 0}

    return receive


async def _rounds_until(done: asyncio.Future[Any]) -> int:
    rounds = 0
    while not done.done():
        await asyncio.sleep(0)
        rounds += 1
    return rounds


async def test_no_round_takes_more_than_a_piece_of_a_body() -> None:
    turns, taken = Turns(_read), [0]
    reading = asyncio.gather(
        *(turns({"type": "http", "method": "POST"}, _whole_body(taken), None) for _ in range(_BODIES))
    )

    rounds = await _rounds_until(reading)

    assert taken[0] == _BODIES * _PIECES
    assert rounds >= _BODIES * (_PIECES - 1)  # the first piece came with the head


async def test_a_question_waits_for_no_turn() -> None:
    received: list[Any] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        received.append(receive)

    receive = _whole_body([0])
    await Turns(app)({"type": "http", "method": "GET"}, receive, None)

    assert received == [receive]


async def test_a_sender_that_is_slow_holds_up_nobody() -> None:
    turns, never = Turns(_read), asyncio.Event()

    async def slow() -> dict[str, Any]:
        await never.wait()
        raise AssertionError

    waiting = asyncio.create_task(turns({"type": "http", "method": "POST"}, slow, None))
    await asyncio.sleep(0)

    await asyncio.wait_for(turns({"type": "http", "method": "POST"}, _whole_body([0]), None), 5)
    waiting.cancel()
