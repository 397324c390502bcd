"""Looks at something again and again while a service runs, such as what its metrics tell."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from shared.observability import get_logger

_SECONDS_BETWEEN_LOOKS: Final = 60.0


@asynccontextmanager
async def looked_at_regularly(service: str, look: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Call `look` at once and every minute, while inside; what it raises is logged."""
    task = asyncio.create_task(_look_again_and_again(service, look))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _look_again_and_again(service: str, look: Callable[[], Awaitable[None]]) -> None:
    log = get_logger(service)
    while True:
        try:
            await look()
        except Exception as error:  # the watch outlives every fault of the database
            log.warning("nothing was measured", error=repr(error)[:500])
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
