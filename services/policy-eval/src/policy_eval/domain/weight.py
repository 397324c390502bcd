"""How much is remembered of what strangers write: expressions may have a few letters, or hundreds of operands."""

from collections.abc import Callable, Collection
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_USUAL_LENGTH: Final = 100
"""Characters of an expression that weigh as much as one more; nearly all are shorter."""


class Weight(Generic[T]):
    """The weight of entries that are only ever added to: 1 for each, and more for one with a long text.

    Those that were there the last time are not looked at again. It may be asked for by evaluations that run at the same
    time: each notes what it has found at once.
    """

    def __init__(self, text_of: Callable[[T], str]) -> None:
        self._text_of = text_of
        self._weighed = (0, 0)  # how many entries, and how much they weigh

    def of(self, entries: Collection[T]) -> int:
        """How much all entries weigh, in expressions of the usual length."""
        seen, weight = self._weighed
        if len(entries) != seen:
            new = list(entries)[seen:]
            weight += sum([1 + len(self._text_of(each)) // _USUAL_LENGTH for each in new])
            self._weighed = (seen + len(new), weight)
        return weight
