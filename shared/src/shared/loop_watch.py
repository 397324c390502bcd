"""Watches how long the event loop keeps a timer waiting: whoever calculates on it keeps all requests waiting."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from shared.observability import Metrics

_EVERY_SECONDS = 0.02


@asynccontextmanager
async def watched_loop(metrics: Metrics) -> AsyncIterator[None]:
    """Observe the event loop of this thread while the context lasts.

    A pause is counted as far as the loop's thread calculated in it: a machine that is busy with others is no fault of
    the loop's.
    """
    watching = asyncio.create_task(_watch(metrics))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch(metrics: Metrics) -> None:
    while True:
        due, used = time.monotonic() + _EVERY_SECONDS, time.thread_time()
        await asyncio.sleep(_EVERY_SECONDS)
        metrics.loop_pause.observe(max(0.0, min(time.monotonic() - due, time.thread_time() - used)))
