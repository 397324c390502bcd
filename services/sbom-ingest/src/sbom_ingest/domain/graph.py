"""The dependency graph of a document: positions in its components, -1 for the root."""

from array import array
from collections import deque
from collections.abc import Iterable

from sbom_ingest.domain.edges import Edges, Successors
from shared.contracts.inventory import ROOT

Marks = bytearray
"""A 1 or 0 for the root and then for each component."""


def combined_edges(dependencies: Edges, containments: Edges, position: "array[int] | None", components: int) -> Edges:
    """The edges between `components` merged components, sorted and each once; none leads from one to itself.

    `position` says where each element went, None where none was merged. A containment counts where no dependency leads
    to what is contained: a scanner that says "the image contains every package" does not make every package a direct
    dependency. Where dependencies run in a circle that nothing outside leads into, the first containment that opens the
    circle counts too.
    """
    edges = dependencies.moved(position).settled()
    if not containments:
        return edges
    needed = _targets(edges, components)
    containing = containments.moved(position).settled()
    edges = edges.joined(Edges(edge for edge in containing if not needed[edge[1] + 1]))
    entering = Edges(edge for edge in containing if needed[edge[1] + 1])
    return edges.joined(_entrances(edges, entering, components)) if entering else edges


def linked(edges: Edges, components: int) -> Marks:
    """Which of the components, and whether the root, an edge leads from or to."""
    marks = _targets(edges, components)
    edges.mark_sources(marks)
    return marks


def _targets(edges: Edges, components: int) -> Marks:
    marks = bytearray(components + 1)
    edges.mark_targets(marks)
    return marks


def _entrances(edges: Edges, containments: Edges, components: int) -> Edges:
    """The containments that must be added so that the root reaches what only they lead to."""
    follow, enter = Successors(edges, components), Successors(containments, components)
    reached, added = bytearray(components + 1), Edges()
    reached[0] = 1
    queue, waiting = deque([ROOT]), deque[tuple[int, int]]()
    while queue or waiting:
        if queue:
            source = queue.popleft()
            fresh: Iterable[int] = [target for target in follow.of(source) if not reached[target + 1]]
            waiting.extend((source, target) for target in enter.of(source))
        else:
            source, target = waiting.popleft()
            fresh = [] if reached[target + 1] else [target]
            for each in fresh:
                added.append(source, each)
        for each in fresh:
            reached[each + 1] = 1
        queue.extend(fresh)
    return added


def count_in_cycles(edges: Edges, components: int) -> int:
    """How many components lie on a circle of dependencies, or between two; `edges` are sorted."""
    behind = _after_peeling(edges, components)
    if not any(behind):
        return 0
    backward = Edges((target, source) for source, target in edges if behind[source + 1] and behind[target + 1])
    return sum(_after_peeling(Edges.of_numbers(sorted(backward.numbers)), components))


def _after_peeling(edges: Edges, components: int) -> Marks:
    """What remains when elements to which nothing leads are taken away again and again."""
    follow = Successors(edges, components)
    incoming = follow.incoming()
    left = bytearray(b"\1") * (components + 1)
    free = [place - 1 for place, count in enumerate(incoming) if not count]
    while free:
        element = free.pop()
        left[element + 1] = 0
        for target in follow.of(element):
            incoming[target + 1] -= 1
            if not incoming[target + 1]:
                free.append(target)
    return left
