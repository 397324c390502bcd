"""What a document says of how complete it is, after the elements that say the same became one component."""

from array import array
from collections.abc import Iterable

from msgspec.structs import replace

from shared.contracts.inventory import Completeness, StatedChoice

_SAYS_NOTHING = "not_specified"


def moved_completeness(stated: Iterable[Completeness], position: "array[int] | None") -> list[Completeness]:
    """The same with every element where `position` says it went, each once and in order; None: nothing has moved."""
    return [
        replace(each, assemblies=_moved(each.assemblies, position), dependencies=_moved(each.dependencies, position))
        for each in stated
    ]


def moved_choices(stated: Iterable[StatedChoice], position: "array[int] | None") -> list[StatedChoice]:
    """The choices with the components where `position` says that they went."""
    return [
        each if each.component is None or position is None else replace(each, component=position[each.component])
        for each in stated
    ]


def _moved(positions: Iterable[int], position: "array[int] | None") -> tuple[int, ...]:
    return tuple(sorted({each if each < 0 or position is None else position[each] for each in positions}))


def count_of_stated(completeness: Iterable[Completeness], components: int) -> int:
    """Of how many components it is said how complete their dependencies are; of all, where it is said of the document."""
    told = [each for each in completeness if each.aggregate != _SAYS_NOTHING]
    if any(not each.assemblies and not each.dependencies for each in told):
        return components
    return len({position for each in told for position in each.dependencies if position >= 0})
