"""The dependency graph of a document: positions in its components, -1 for the root."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence

from sbom_ingest.domain.draft import Edge
from shared.contracts.inventory import ROOT


def combined_edges(dependencies: Iterable[Edge], containments: Iterable[Edge], position: Sequence[int]) -> list[Edge]:
    """The edges between merged components, sorted and each once; nothing leads from a component to itself.

    A containment counts where no dependency leads to what is contained: a scanner that says "the image contains every
    package" does not make every package a direct dependency. Where dependencies run in a circle that nothing outside
    leads into, the first containment that opens the circle counts too.
    """
    edges = _moved(dependencies, position)
    containment = _moved(containments, position)
    if not containment:
        return sorted(edges)
    needed = {target for _, target in edges}
    edges |= {edge for edge in containment if edge[1] not in needed}
    return sorted(edges | _entrances(edges, containment - edges))


def _moved(edges: Iterable[Edge], position: Sequence[int]) -> set[Edge]:
    # A negative position is the root, which no merging moves.
    moved = {
        (source if source < 0 else position[source], target if target < 0 else position[target])
        for source, target in edges
    }
    return {edge for edge in moved if edge[0] != edge[1]}


def _entrances(edges: set[Edge], containment: set[Edge]) -> set[Edge]:
    """The containments that must be added so that the root reaches what only they lead to."""
    follow, enter = _successors(edges), _successors(containment)
    reached, added = {ROOT}, set()
    queue, waiting = deque([ROOT]), deque[Edge]()
    while queue or waiting:
        if queue:
            source = queue.popleft()
            fresh = [target for target in follow.get(source, ()) if target not in reached]
            waiting.extend((source, target) for target in enter.get(source, ()))
        else:
            edge = waiting.popleft()
            fresh = [edge[1]] if edge[1] not in reached else []
            added.update([edge] if fresh else [])
        reached.update(fresh)
        queue.extend(fresh)
    return added


def count_in_cycles(edges: Sequence[Edge]) -> int:
    """How many components lie on a circle of dependencies, or between two."""
    follow = _successors(edges)
    behind = _after_peeling({source: list(targets) for source, targets in follow.items()})
    backward = _successors((target, source) for source, target in edges if source in behind and target in behind)
    return len(_after_peeling(backward))


def _after_peeling(successors: dict[int, list[int]]) -> set[int]:
    """The nodes that remain when nodes to which nothing leads are taken away again and again."""
    incoming: defaultdict[int, int] = defaultdict(int)
    for source, targets in successors.items():
        incoming[source] += 0
        for target in targets:
            incoming[target] += 1
    free = [node for node, count in incoming.items() if count == 0]
    while free:
        node = free.pop()
        del incoming[node]
        for target in successors.get(node, ()):
            incoming[target] -= 1
            if incoming[target] == 0:
                free.append(target)
    return set(incoming)


def _successors(edges: Iterable[Edge]) -> dict[int, list[int]]:
    successors: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in sorted(edges):
        successors[source].append(target)
    return dict(successors)
