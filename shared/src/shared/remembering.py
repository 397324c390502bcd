"""Remembers what was made of texts within bounds of memory: those that strangers send may have a megabyte each."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

_Result = TypeVar("_Result")

_SHORT = 256
"""Characters; nearly all names and expressions are shorter."""
_MOST_LONG = 16


def remembered(most: int) -> Callable[[Callable[[str], _Result]], Callable[[str], _Result]]:
    """Keep the results for the last `most` short texts, and for the last few of those that may be of any length."""

    def remembering(function: Callable[[str], _Result]) -> Callable[[str], _Result]:
        of_short, of_long = lru_cache(most)(function), lru_cache(_MOST_LONG)(function)

        @wraps(function)
        def result(text: str) -> _Result:
            return of_short(text) if len(text) <= _SHORT else of_long(text)

        return result

    return remembering
