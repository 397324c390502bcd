"""Watches how long the event loop keeps a timer waiting: whoever calculates on it keeps all requests waiting."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from shared.observability import Metrics

_EVERY_SECONDS = 0.02
_MOST_LOOKS_LEFT_OUT = 7  # of a quiet loop: what keeps it for 0.16 s is met by a timer even so
_QUIET_SECONDS = 0.005  # the first bucket of the histogram


@asynccontextmanager
async def watched_loop(metrics: Metrics) -> AsyncIterator[None]:
    """Observe the event loop of this thread while the context lasts.

    A pause is counted as far as the loop's thread calculated in it: a machine that is busy with others is no fault of
    the loop's. While the loop is quiet, most looks are left out and count as looks that found nothing: a thread that
    calculated for less than 5 ms altogether has kept no timer waiting for longer.
    """
    watching = asyncio.create_task(_watch(metrics))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch(metrics: Metrics) -> None:
    left_out = 0
    while True:
        seconds = (1 + left_out) * _EVERY_SECONDS
        due, before = time.monotonic() + seconds, time.thread_time()
        await asyncio.sleep(seconds)
        calculated = time.thread_time() - before
        metrics.loop_pause.observe(max(0.0, min(time.monotonic() - due, calculated)))
        if calculated >= _QUIET_SECONDS:
            left_out = 0
            continue
        for _ in range(left_out):
            metrics.loop_pause.observe(0.0)
        left_out = min(2 * left_out + 1, _MOST_LOOKS_LEFT_OUT)
