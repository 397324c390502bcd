"""The shortest ways over the edges of a graph, from each place back to the nearest of several starts."""

from collections.abc import Iterable, Sequence
from typing import Final

LONGEST: Final = 64
LEFT_OUT: Final = "…"


class WaysBack:
    """The ways back to `starts` along `edges`, each walked from its first to its second place; negative ones are none.

    Time and memory grow with the number of edges, whatever their shape.
    """

    def __init__(self, starts: Sequence[int], edges: Iterable[tuple[int, int]]) -> None:
        onward: dict[int, list[int]] = {}
        for source, target in edges:
            if source >= 0 and target >= 0:
                onward.setdefault(source, []).append(target)
        self._before = {place: (place, place) for place in starts}  # the place before, and the start
        for place in (waiting := list(self._before)):  # grows while it is walked: nearest first
            for target in onward.get(place, ()):
                if target not in self._before:
                    self._before[target] = (place, self._before[place][1])
                    waiting.append(target)

    def start_of(self, place: int) -> int | None:
        """The start that is nearest to the place; None where none leads to it."""
        found = self._before.get(place)
        return None if found is None else found[1]

    def names(self, place: int, names: Sequence[str]) -> tuple[str, ...]:
        """The names from the place back to its start; of a way of more than 64 steps the middle is left out."""
        before, start = self._before[place]
        way = [names[place]]
        while start not in (place, before) and len(way) < LONGEST:
            way.append(names[before])
            before = self._before[before][0]
        if place == start:
            return tuple(way)
        return (*way, *(() if before == start else (LEFT_OUT,)), names[start])
