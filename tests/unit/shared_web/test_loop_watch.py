"""Whoever calculates on the event loop is seen in the metrics."""

import asyncio
import time

from shared.loop_watch import watched_loop
from shared.observability import Metrics


def pauses(metrics: Metrics, over: str) -> float:
    """How many pauses were longer than a bucket's bound."""
    samples = {
        (each.name.rpartition("_")[2], each.labels.get("le")): each.value
        for metric in metrics.registry.collect()
        for each in metric.samples
        if each.name.startswith("licet_event_loop_pause_seconds")
    }
    return samples["count", None] - samples["bucket", over]


async def test_a_calculation_on_the_loop_is_counted_as_a_pause_and_waiting_is_not() -> None:
    metrics = Metrics("a-service")

    async with watched_loop(metrics):
        await asyncio.sleep(0.1)
        before = pauses(metrics, "0.05")
        until = time.thread_time() + 0.2
        while time.thread_time() < until:
            pass
        await asyncio.sleep(0.05)

    assert (before, pauses(metrics, "0.05")) == (0, 1)
