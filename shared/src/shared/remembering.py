"""Remembers what was made of texts within bounds of memory: those that strangers send may have a megabyte each."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

_Result = TypeVar("_Result")

_SHORT = 256
"""Characters; nearly all names and expressions are shorter."""
_MOST_LONG = 16


class _Remembered(dict[str, _Result]):
    """What a function made of short texts; it forgets all at a size. What is there is looked up without a call in Python."""

    def __init__(self, function: Callable[[str], _Result], most: int) -> None:
        super().__init__()
        self._function, self._most = function, most
        self._of_long = lru_cache(_MOST_LONG)(function)

    def __missing__(self, text: str) -> _Result:
        if len(text) > _SHORT:
            return self._of_long(text)
        if len(self) >= self._most:
            self.clear()
        result = self[text] = self._function(text)
        return result


def remembered(most: int) -> Callable[[Callable[[str], _Result]], Callable[[str], _Result]]:
    """Keep the results for up to `most` short texts, and for the last few of those that may be of any length."""

    def remembering(function: Callable[[str], _Result]) -> Callable[[str], _Result]:
        return _Remembered(function, most).__getitem__

    return remembering
