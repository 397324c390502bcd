"""Edges between the elements of a document, eight bytes each: a document may have a million of them."""

from array import array
from collections.abc import Iterable, Iterator
from itertools import chain

Edge = tuple[int, int]
"""(from, to): positions among the elements, -1 for the root."""

_SHIFT = 32
_TARGET = (1 << _SHIFT) - 1


def packed(source: int, target: int) -> int:
    """The edge as one number; numbers are in the order of the edges."""
    return (source + 1) << _SHIFT | (target + 1)


class Edges:
    """A sequence of edges in the order in which they were added."""

    __slots__ = ("numbers",)

    def __init__(self, edges: Iterable[Edge] = ()) -> None:
        self.numbers = array("Q", (packed(*edge) for edge in edges))

    @classmethod
    def of_numbers(cls, numbers: Iterable[int]) -> "Edges":
        """The edges that `packed` made the numbers of."""
        edges = cls()
        edges.numbers.extend(numbers)
        return edges

    def append(self, source: int, target: int) -> None:
        """Add an edge."""
        self.numbers.append((source + 1) << _SHIFT | (target + 1))

    def __len__(self) -> int:
        """How many edges there are."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[Edge]:
        """The edges as pairs."""
        for number in self.numbers:
            yield (number >> _SHIFT) - 1, (number & _TARGET) - 1

    def mark_sources(self, marks: bytearray) -> None:
        """Set the mark of each element, the root's first, that an edge leads from."""
        for number in self.numbers:
            marks[number >> _SHIFT] = 1

    def mark_targets(self, marks: bytearray) -> None:
        """Set the mark of each element, the root's first, that an edge leads to."""
        for number in self.numbers:
            marks[number & _TARGET] = 1

    def moved(self, position: "array[int] | None") -> "Edges":
        """The same edges with every element where `position` says it went.

        Nothing has moved where it is None; the root never does.
        """
        if position is None:
            return self
        place = array("i", [-1, *position])
        return Edges((place[number >> _SHIFT], place[number & _TARGET]) for number in self.numbers)

    def joined(self, others: "Edges") -> "Edges":
        """These edges and the others, settled."""
        return Edges.of_numbers(chain(self.numbers, others.numbers)).settled()

    def settled(self) -> "Edges":
        """The edges in their order, each once, and none from an element to itself."""
        ordered = sorted(self.numbers)
        return Edges.of_numbers(
            number
            for number, before in zip(ordered, chain((None,), ordered), strict=False)
            if number != before and number >> _SHIFT != number & _TARGET
        )

    def hung_on_root(self, position: int) -> "Edges":
        """The same edges, with those that lead from `position` leading from the root."""
        own = position + 1
        return Edges.of_numbers(number & _TARGET if number >> _SHIFT == own else number for number in self.numbers)


class Successors:
    """Where edges lead from each element."""

    def __init__(self, edges: Edges, elements: int) -> None:
        """Take edges that are sorted by where they lead from, between `elements` elements and the root."""
        self._targets = array("i", ((number & _TARGET) - 1 for number in edges.numbers))
        self._starts = array("i", bytes(4 * (elements + 2)))
        counts = self._starts
        for number in edges.numbers:
            counts[(number >> _SHIFT) + 1] += 1
        for place in range(1, len(counts)):
            counts[place] += counts[place - 1]

    def incoming(self) -> "array[int]":
        """How many edges lead to each element, the root first."""
        counts = array("i", bytes(4 * (len(self._starts) - 1)))
        for target in self._targets:
            counts[target + 1] += 1
        return counts

    def of(self, element: int) -> "array[int]":
        """The elements that edges lead to from this one, in ascending order."""
        return self._targets[self._starts[element + 1] : self._starts[element + 2]]
