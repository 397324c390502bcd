"""Which components of a part the dependency graph links into one work (domain model §3.5, rule 7).

An edge links where its target is shipped, software and neither a program of its own nor a tool. An element that merely
holds others (a container, a device, an operating system's package) links nothing.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from policy_eval.domain.evaluated_part import EvaluatedPart
from policy_eval.domain.usage import is_software, links_others
from shared.contracts.inventory import ROOT

_APART: Final = frozenset({"separate", "dev-tool"})

Graph = Mapping[int, list[int]]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where two components meet in one work: the ways to them from what links both, ROOT or a position at first."""

    to_one: tuple[int, ...]
    to_other: tuple[int, ...]


class LinkedWorks:
    """The works of one part, as positions in its list of components."""

    def __init__(self, part: EvaluatedPart) -> None:
        components, decisions = part.inventory.components, part.decisions
        self.members: Final = frozenset(
            position
            for position, (component, decision) in enumerate(zip(components, decisions, strict=True))
            if decision.usage.shipped
            and decision.usage.linkage not in _APART
            and is_software(component)
            and position != part.inventory.root_position
        )
        links = {
            position
            for position, (component, decision) in enumerate(zip(components, decisions, strict=True))
            if decision.usage.shipped and links_others(component)
        }
        if links_others(part.inventory.root):
            links.add(ROOT)
        self._targets: dict[int, list[int]] = {}
        self._sources: dict[int, list[int]] = {}
        for source, target in sorted(set(part.inventory.edges)):
            if target in self.members and source in links:
                self._targets.setdefault(source, []).append(target)
                self._sources.setdefault(target, []).append(source)

    def meetings(self, ones: Collection[int], others: Collection[int]) -> Mapping[int, Meeting]:
        """For each of `ones` that shares a work with any of `others`, how it meets one of these.

        Looks at each edge twice at most, whatever the number of either.
        """
        onwards = _reached(others, self._sources)
        links_both = _reached(sorted(onwards), self._targets)
        return {one: _meeting(one, links_both, onwards) for one in sorted(ones) if one in links_both}


def _reached(starts: Iterable[int], graph: Graph) -> Mapping[int, int | None]:
    """Every node that is reached, with the node before it on a shortest way; None for a start."""
    before: dict[int, int | None] = dict.fromkeys(sorted(starts))
    waiting = deque(before)
    while waiting:
        node = waiting.popleft()
        for following in graph.get(node, ()):
            if following not in before:
                before[following] = node
                waiting.append(following)
    return before


def _meeting(one: int, links_both: Mapping[int, int | None], onwards: Mapping[int, int | None]) -> Meeting:
    to_one = _way(one, links_both)
    return Meeting(tuple(reversed(to_one)), _way(to_one[-1], onwards))


def _way(start: int, following: Mapping[int, int | None]) -> tuple[int, ...]:
    way = [start]
    while (node := following[way[-1]]) is not None:
        way.append(node)
    return tuple(way)
