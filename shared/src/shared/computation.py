"""Computations over a whole release: in a thread of their own, with Python's search for reference cycles paused.

They make hundreds of thousands of objects that all stay until the end, so that every search would walk over all of them and
find nothing; at 10,000 components that is half of the time. Reference counting goes on, and frees nearly everything.
"""

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_Result = TypeVar("_Result")

_lock = threading.Lock()
_running = 0


async def compute(function: Callable[..., _Result], *arguments: object) -> _Result:
    """Return `function(*arguments)`, run off the event loop without searches for reference cycles."""
    return await asyncio.to_thread(_compute, function, arguments)


@contextmanager
def without_cycle_search() -> Iterator[None]:
    """Pause the search for reference cycles, in the whole process, until the last of those who asked is done."""
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _compute(function: Callable[..., _Result], arguments: tuple[object, ...]) -> _Result:
    with without_cycle_search():
        return function(*arguments)


def _count(step: int) -> None:
    global _running  # noqa: PLW0603 - the collector is one for the process, and so is the number of those who paused it
    with _lock:
        _running += step
        if _running:
            gc.disable()
        else:
            gc.enable()
