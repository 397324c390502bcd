"""The elements of one document, each encoded as soon as it is read, so that memory hardly grows with their number."""

import sys
from array import array
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import BinaryIO, NamedTuple

import msgspec
from msgspec.structs import replace

from sbom_ingest.domain.outcome import over_limit
from sbom_ingest.domain.quality import Tally
from shared.contracts.inventory import Component, LicenseClaim, Linkage, Scope

_encoder = msgspec.json.Encoder()
_encode, _encode_into = _encoder.encode, _encoder.encode_into
_decode = msgspec.json.Decoder(Component).decode
_COPIED = 1 << 16
_AT_ITS_END = -1


class Use(NamedTuple):
    """How an element is used, which is often said after the element; it takes the place of what the element has."""

    scope: Scope
    scope_written: str | None
    linkage: Linkage | None


@dataclass(slots=True)
class Found:
    """What was found in parts of an element that are no elements, such as the files of a package.

    `licenses` are observed, by their values. It comes behind what the element says of itself, sorted, since serializations
    have files in different orders.
    """

    licenses: dict[str, LicenseClaim] = field(default_factory=dict)
    copyright: set[str] = field(default_factory=set)
    notices: set[str] = field(default_factory=set)

    def added_to(self, component: Component) -> Component:
        """The component with what was found."""
        known = {claim.value for claim in component.licenses if claim.origin == "observed"}
        return replace(
            component,
            licenses=component.licenses + [self.licenses[value] for value in sorted(self.licenses.keys() - known)],
            copyright=component.copyright + sorted(self.copyright.difference(component.copyright)),
            notices=component.notices + sorted(self.notices.difference(component.notices)),
        )


@dataclass(frozen=True, slots=True)
class Merged:
    """Which elements say the same and are one component.

    `position[i]` is where element `i` went, None where none was merged; `occurrences` are by the positions of the
    components that stand for several elements, as elements.
    """

    components: int
    duplicates: int
    position: "array[int] | None"
    occurrences: dict[int, int]


class ComponentStore:
    """A sequence of components in the order of the document, kept in a stream that is readable and writable."""

    def __init__(self, stream: BinaryIO) -> None:
        self.tally = Tally()
        self.most_bytes = sys.maxsize
        """More is refused: where a document says one thing of many elements, what is kept of them has no other bound."""
        self._stream = stream
        self._written = 0
        self._waiting = bytearray()  # what comes behind it: few large writes cost less than many small ones
        self._ends = array("Q")
        self._names = array("q")
        self._uses: dict[int, Use] = {}
        self._found: dict[int, Found] = {}
        self._dropped: set[int] = set()

    def __len__(self) -> int:
        """How many elements there are."""
        return len(self._ends)

    def append(self, component: Component) -> int:
        """Add an element; returns its position."""
        waiting = self._waiting
        _encode_into(component, waiting, _AT_ITS_END)
        waiting += b","
        self._ends.append(self._written + len(waiting))
        if len(waiting) > _COPIED:
            self._write()
        self._names.append(hash((component.name, component.version, component.purl)))
        self.tally.add(component)
        return len(self._ends) - 1

    def _write(self) -> None:
        self._written += self._stream.write(self._waiting)
        self._waiting.clear()
        if self._written > self.most_bytes:
            message = (
                f"what is said of all elements may have {self.most_bytes} bytes at most when it is written out for each; "
                "say what holds for many of them in fewer words, or send the document in parts"
            )
            raise over_limit("inventory", message)

    def __getitem__(self, position: int) -> Component:
        """The element as it is known now."""
        component: Component = _decode(self._record(position, position + 1)[:-1])
        use, found = self._uses.get(position), self._found.get(position)
        component = component if use is None else replace(component, **use._asdict())
        return component if found is None else found.added_to(component)

    def use(self, position: int, use: Use) -> None:
        """Note how the element is used."""
        self._uses[position] = use

    def find(self, position: int, found: Found) -> None:
        """Note what was found in parts of the element, all of it at once."""
        self.tally.remove(self[position])
        self._found[position] = found
        self.tally.add(self[position])

    def _record(self, first: int, end: int) -> bytes:
        """The elements from `first` to before `end` as they were written, with a comma behind each."""
        if self._waiting:
            self._write()
        start = self._ends[first - 1] if first else 0
        self._stream.seek(start)
        record = self._stream.read(self._ends[end - 1] - start)
        self._stream.seek(0, 2)
        return record

    def merge_duplicates(self) -> Merged:
        """Merge each element into the first one that has the same facts; only place and reference may differ."""
        first_of = self._repetitions()
        if not first_of:
            return Merged(len(self), 0, None, {})
        position, occurrences = array("i"), dict[int, int]()
        kept = 0
        for index in range(len(self)):
            first = first_of.get(index)
            position.append(kept if first is None else position[first])
            if first is None:
                kept += 1
            else:
                occurrences[first] = occurrences.get(first, 1) + 1
        self._dropped = set(first_of)
        return Merged(kept, len(first_of), position, occurrences)

    def _repetitions(self) -> dict[int, int]:
        """Each element that has the facts of an earlier one, with the first of those; it no longer counts."""
        told: dict[Hashable, int] = {}
        found = {}
        for index in self._of_repeated_names():
            element = self[index]
            first = told.setdefault(_facts(element), index)
            if first != index:
                found[index] = first
                self.tally.remove(element)
        return found

    def _of_repeated_names(self) -> Iterator[int]:
        """The elements whose name, version and package URL come more than once: all facts of few are compared."""
        ordered = sorted(self._names)
        repeated = {name for name, other in pairwise(ordered) if name == other}
        if repeated:
            yield from (index for index, name in enumerate(self._names) if name in repeated)

    def pieces(self, occurrences: dict[int, int]) -> Iterator[bytes]:
        """The components as entries of a JSON list, without what was merged into others."""
        changed = sorted(self._uses.keys() | self._found.keys() | occurrences.keys() | self._dropped)
        begin, separator = 0, b""
        for index in [*changed, len(self)]:
            for piece in self._copied(begin, index):
                yield separator + piece
                separator = b","
            begin = index + 1
            if index < len(self) and index not in self._dropped:
                yield separator + _encode(replace(self[index], occurrences=occurrences.get(index, 1)))
                separator = b","

    def _copied(self, begin: int, end: int) -> Iterator[bytes]:
        """The elements from `begin` to before `end` as they were written, in pieces of moderate size."""
        while begin < end:
            until, start = begin + 1, self._ends[begin - 1] if begin else 0
            while until < end and self._ends[until] - start < _COPIED:
                until += 1
            yield self._record(begin, until)[:-1]
            begin = until


def _facts(element: Component) -> Hashable:
    return (
        (element.name, element.version, element.purl),
        (element.group, element.type, element.supplier, element.source_url),
        (element.scope, element.scope_written, element.linkage, element.modified, element.notice_status),
        frozenset((claim.value, claim.kind, claim.origin, claim.text, claim.url) for claim in element.licenses),
        frozenset(element.hashes.items()),
        tuple(element.copyright),
        tuple(element.notices),
        (element.identifiers, element.parties, element.references, element.crypto),
        tuple((each.name, each.value) for each in element.statements),
    )
