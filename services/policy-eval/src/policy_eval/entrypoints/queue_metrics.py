"""Shows in the metrics how old the oldest question of each route is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from policy_eval.application.watch_queue import WatchQueue
from shared.observability import Metrics, get_logger

_SECONDS_BETWEEN_LOOKS: Final = 60.0
_LOG = get_logger("policy-eval")


@asynccontextmanager
async def queue_measured(watch: WatchQueue, metrics: Metrics) -> AsyncIterator[None]:
    """Look at the queue every minute, while inside."""
    task = asyncio.create_task(_look_again_and_again(watch, metrics))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def measure(watch: WatchQueue, metrics: Metrics) -> None:
    """Look once."""
    for each in await watch():
        metrics.question_oldest.labels(each.route).set(each.age)
        metrics.question_overdue.labels(each.route).set(each.overdue)


async def _look_again_and_again(watch: WatchQueue, metrics: Metrics) -> None:
    while True:
        try:
            await measure(watch, metrics)
        except Exception as error:  # the watch outlives every fault of the database
            _LOG.warning("the queue was not measured", error=repr(error)[:500])
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
