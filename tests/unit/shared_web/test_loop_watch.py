"""Whoever calculates on the event loop is seen in the metrics."""

import asyncio
import time

from shared.loop_watch import watched_loop
from shared.observability import Metrics


def pauses(metrics: Metrics, over: str) -> float:
    """How many pauses were longer than a bucket's bound."""
    return _samples(metrics)["count", None] - _samples(metrics)["bucket", over]


def _samples(metrics: Metrics) -> dict[tuple[str, str | None], float]:
    return {
        (each.name.rpartition("_")[2], each.labels.get("le")): each.value
        for metric in metrics.registry.collect()
        for each in metric.samples
        if each.name.startswith("licet_event_loop_pause_seconds")
    }


def calculate(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


async def test_a_calculation_on_the_loop_is_counted_as_a_pause_and_waiting_is_not() -> None:
    metrics = Metrics("a-service")

    async with watched_loop(metrics):
        await asyncio.sleep(0.1)
        before = pauses(metrics, "0.05")
        calculate(0.2)
        await asyncio.sleep(0.05)

    assert (before, pauses(metrics, "0.05")) == (0, 1)


async def test_a_quiet_loop_is_looked_at_less_often_but_counted_as_often_and_no_pause_is_missed() -> None:
    metrics = Metrics("a-service")

    async with watched_loop(metrics):
        await asyncio.sleep(0.4)
        quiet = _samples(metrics)["count", None]
        calculate(0.3)
        await asyncio.sleep(0.03)
        calculate(0.2)
        await asyncio.sleep(0.05)

    assert quiet >= 7, "three looks in 0.14 s, that count as seven"
    assert pauses(metrics, "0.05") == 2
