"""Which elements of a document say the same, and are therefore one component."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from shared.contracts.inventory import Component


@dataclass(frozen=True, slots=True)
class Merged:
    """Components without duplicates, in document order; `position[i]` is where element `i` went."""

    components: list[Component]
    position: list[int]

    @property
    def duplicates(self) -> int:
        """How many elements were merged into an earlier one."""
        return len(self.position) - len(self.components)


def merge_duplicates(elements: Sequence[Component]) -> Merged:
    """Merge each element into the first one that has the same facts; only place and reference may differ."""
    places = _first_places(elements)
    kept: list[Component] = []
    position: list[int] = []
    occurrences: dict[int, int] = {}
    for index, first in enumerate(places):
        if first == index:
            position.append(len(kept))
            kept.append(elements[index])
        else:
            target = position[first]
            position.append(target)
            occurrences[target] = occurrences.get(target, 1) + 1
    for target, count in occurrences.items():
        kept[target] = replace(kept[target], occurrences=count)
    return Merged(kept, position)


def _first_places(elements: Sequence[Component]) -> list[int]:
    """For each element the index of the first one with the same facts, its own where there is none before it."""
    named: dict[Hashable, int] = {}
    told: dict[Hashable, int] = {}
    places: list[int] = []
    for index, element in enumerate(elements):
        name = (element.name, element.version, element.purl)
        first = named.setdefault(name, index)
        if first != index:
            # All facts are compared only where the names are equal, which is rare.
            told.setdefault((name, _facts(elements[first])), first)
            first = told.setdefault((name, _facts(element)), index)
        places.append(first)
    return places


def _facts(element: Component) -> Hashable:
    return (
        (element.group, element.type, element.supplier, element.source_url),
        (element.scope, element.scope_written, element.linkage, element.modified, element.notice_status),
        frozenset((claim.value, claim.kind, claim.origin, claim.text, claim.url) for claim in element.licenses),
        frozenset(element.hashes.items()),
        tuple(element.copyright),
        tuple(element.notices),
    )
