"""A body that comes too slowly is given up; a slow service behind the gateway is no fault of the sender."""

import asyncio
from typing import Any

import pytest

from gateway.entrypoints.steady_body import SteadyBody
from shared.errors import TooSlow


async def _read(delays: list[float], size: int = 1, reading: float = 0.0, **limits: Any) -> int:
    """Read a body whose pieces of `size` bytes come after these delays; return its length."""
    waiting = list(delays)
    received = 0

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(waiting.pop(0))
        return {"type": "http.request", "body": b"x" * size, "more_body": bool(waiting)}

    steady = SteadyBody(receive, **limits)
    more = True
    while more:
        message = await steady.receive()
        received += len(message["body"])
        more = message["more_body"]
        await asyncio.sleep(reading)
    return received


async def test_a_steady_body_is_read_whole() -> None:
    assert await _read([0.01] * 20, size=1000, grace=0.1, rate=20_000) == 20_000


async def test_a_body_that_stops_is_given_up() -> None:
    with pytest.raises(TooSlow):
        await _read([0.0, 60.0], grace=0.05, rate=10_000)


async def test_a_body_of_single_bytes_is_given_up() -> None:
    with pytest.raises(TooSlow):
        await _read([0.02] * 100, grace=0.2, rate=10_000)


async def test_what_came_early_earns_no_time_to_stop_later() -> None:
    with pytest.raises(TooSlow):
        await _read([0.0, 60.0], size=10_000_000, grace=0.05, rate=10_000)


async def test_a_slow_reader_costs_the_sender_nothing() -> None:
    assert await _read([0.0] * 5, reading=0.05, grace=0.1, rate=1) == 5
