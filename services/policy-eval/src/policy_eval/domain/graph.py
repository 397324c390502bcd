"""How a release comes to its components: who is a direct dependency, and the shortest paths from the root."""

from collections import deque
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from shared.contracts.inventory import ROOT

MAX_PATHS: Final = 5
MAX_STEPS: Final = 64
GAP: Final = -2
"""Stands in a path for the steps that were left out in its middle."""

_HALF: Final = MAX_STEPS // 2


class _Arrival(Struct, eq=False, gc=False):
    """One way to reach a component: the arrival before it, how many steps from the root, and the first of them."""

    position: int
    before: "_Arrival | None"
    steps: int
    head: tuple[int, ...]


class DependencyPaths:
    """The up to five shortest paths from the root to every component of one document.

    They are exactly these where the graph has no cycle. Where it has, the shortest is right, and a later one may be missing
    that leads past a component to which five shorter ways are known. A path never visits a component twice. Time and memory
    grow with the number of edges, whatever the shape of the graph: each component is arrived at five times at most, and
    whether a path would close a cycle is looked up over the last 64 steps; a path that a longer look would be needed for is
    left out.
    """

    def __init__(self, components: int, edges: Iterable[tuple[int, int]]) -> None:
        self._targets = _targets(edges)
        self._arrivals: list[list[_Arrival]] = [[] for _ in range(components)]
        self._search()

    def is_direct(self, position: int) -> bool:
        """Whether the root itself depends on the component; False where the document states no dependencies."""
        arrivals = self._arrivals[position]  # the shortest first
        return bool(arrivals) and arrivals[0].steps == 1

    def depth(self, position: int) -> int:
        """The length of the shortest path to the component; 0 where the document states no way to it."""
        arrivals = self._arrivals[position]
        return arrivals[0].steps if arrivals else 0

    def paths(self, position: int) -> tuple[tuple[int, ...], ...]:
        """The paths, shortest first, as positions from a direct dependency to the component itself.

        Empty where the document states no way to it. A path of more than 64 steps has `GAP` in its middle.
        """
        arrivals = self._arrivals[position]
        if len(arrivals) == 1 and arrivals[0].steps <= _HALF:
            return (arrivals[0].head,)
        return tuple([_steps(arrival) for arrival in arrivals])

    def _search(self) -> None:
        waiting: deque[_Arrival] = deque()
        self._go_on(None, waiting)
        while waiting:
            self._go_on(waiting.popleft(), waiting)

    def _go_on(self, before: _Arrival | None, waiting: deque[_Arrival]) -> None:
        for target in self._targets.get(before.position if before else ROOT, ()):
            known = self._arrivals[target]
            if len(known) < MAX_PATHS and not (known and _may_return(target, before, known[0].steps)):
                arrival = _arrival(target, before)
                known.append(arrival)
                waiting.append(arrival)


def _arrival(target: int, before: _Arrival | None) -> _Arrival:
    if before is None:
        return _Arrival(target, None, 1, (target,))
    head = (*before.head, target) if before.steps < _HALF else before.head
    return _Arrival(target, before, before.steps + 1, head)


def _targets(edges: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    targets: dict[int, list[int]] = {}
    before = None
    for edge in sorted(edges):
        source, target = edge
        if target != ROOT and edge != before:
            targets.setdefault(source, []).append(target)
        before = edge
    return targets


def _may_return(target: int, arrival: _Arrival | None, first_reached: int) -> bool:
    """Whether the target lies on the way to this arrival, or that cannot be told from its last steps."""
    for _ in range(MAX_STEPS):
        # No path can hold the target before the step at which it was first reached.
        if arrival is None or arrival.steps < first_reached:
            return False
        if arrival.position == target:
            return True
        arrival = arrival.before
    return True


def _steps(arrival: _Arrival) -> tuple[int, ...]:
    if arrival.steps <= _HALF:
        return arrival.head
    last: list[int] = []
    current: _Arrival | None = arrival
    while current is not None and len(last) < min(_HALF, arrival.steps - _HALF):
        last.append(current.position)
        current = current.before
    gap = (GAP,) if arrival.steps > MAX_STEPS else ()
    return (*arrival.head, *gap, *reversed(last))
