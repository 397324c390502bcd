"""The nodes of a graph with the values of their properties, kept in a stream."""

from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct, field

from sbom_ingest.adapters.readers.positions import Positions
from sbom_ingest.adapters.readers.spill import Spill

_MOST_KINDS = 8
_NOT_TOLD = -1
_MOST_LATELY, _SHORT = 512, 200


class Node(Struct, array_like=True, omit_defaults=True, eq=False, gc=False):
    """A thing that the document says something of, with what it says in one place; `kinds` are `{namespace}local`.

    As a value of another node's property it says nothing, and is told elsewhere under its identifier: its URI, or `_:`
    and a name. What has no name is told there, since nothing else can link to it.
    """

    identifier: str
    kinds: tuple[str, ...] = ()
    properties: "dict[str, list[str | Node]]" = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        """Whether both are the same thing, whatever is said of it."""
        return isinstance(other, Node) and self.identifier == other.identifier

    def __hash__(self) -> int:
        """That of what it is."""
        return hash(self.identifier)

    @property
    def says_nothing(self) -> bool:
        """Whether the node has neither types nor values."""
        return not (self.kinds or self.properties)

    def add_kind(self, kind: str) -> None:
        """Add a type; more than a few say nothing of use."""
        if kind not in self.kinds and len(self.kinds) < _MOST_KINDS:
            self.kinds += (kind,)

    def of(self, name: str) -> "Sequence[Value]":
        """The values of a property in the order of the document; stated twice, a value is one."""
        values = self.properties.get(name)
        if values is None:
            return ()
        if len(values) == 1:
            return values
        if len(values) == 2:  # as with most packages' checksums
            return values[:1] if values[0] == values[1] else values
        return list(dict.fromkeys(values))

    def join(self, other: "Node") -> None:
        """Add what is said of the same thing elsewhere."""
        for kind in other.kinds:
            self.add_kind(kind)
        for name, values in other.properties.items():
            self.properties.setdefault(name, []).extend(values)


Value = str | Node


class Apart(Struct, array_like=True, gc=False):
    """A value that is no part of its subject."""

    subject: str
    name: str
    value: Value


class Nodes:
    """The nodes of a document, kept in a stream: those that have a name, and those of one of the types `kinds`.

    `apart` are properties of which a node may have very many: their values are no part of it.
    """

    def __init__(self, kinds: Sequence[str], apart: Collection[str], new_stream: Callable[[], BinaryIO]) -> None:
        self.kinds = {kind: 1 << number for number, kind in enumerate(kinds)}
        self.names_apart = apart
        self._told = Spill(new_stream, Node)
        self.apart = Spill(new_stream, Apart)
        # In the order in which the document begins to describe them; of few nodes it speaks in several places.
        self._numbers = Positions()
        self._lately: dict[str, int] = {}  # some of them: most are named again soon, and licences all the time
        self._kinds = bytearray()
        self._first = array("q")
        self._further: dict[int, list[int]] = {}
        self._merged: dict[int, Node] = {}

    @property
    def longest(self) -> int:
        """A size in bytes that no value of a node passes."""
        return self._told.longest

    def begin(self, identifier: str) -> int:
        """Note that the document begins to describe a node; returns its number."""
        number = self._lately.get(identifier)
        if number is not None:
            return number
        number = self._numbers.setdefault(identifier, len(self._first))
        if number == len(self._first):
            self._first.append(_NOT_TOLD)
            self._kinds.append(0)
        if len(self._lately) >= _MOST_LATELY:
            self._lately.clear()
        if len(identifier) < _SHORT:
            self._lately[identifier] = number
        return number

    def tell(self, node: Node, is_named: bool) -> Node:
        """Keep all that is said of a node in one place, which is something, and return it as a value."""
        kinds = 0
        for kind in node.kinds:
            kinds |= self.kinds.get(kind, 0)
        if not (is_named or kinds):
            return node
        number = self.begin(node.identifier)
        self._kinds[number] |= kinds
        told = self._told.append(node)
        if self._first[number] == _NOT_TOLD:
            self._first[number] = told
        else:
            self._further.setdefault(number, []).append(told)
        return Node(node.identifier)

    def add(self, subject: Node, name: str, value: Value) -> None:
        """Add a value of a property to its subject, or apart."""
        if name in self.names_apart:
            self.apart.append(Apart(subject.identifier, name, value))
            return
        told = subject.properties.get(name)
        if told is None:
            subject.properties[name] = [value]
        else:
            told.append(value)

    def get(self, identifier: str) -> Node | None:
        """All that is said of a node; None where nothing is."""
        number = self._numbers.get(identifier)
        return None if number is None or self._first[number] == _NOT_TOLD else self._node(number)

    def _node(self, number: int) -> Node:
        if number in self._merged:
            return self._merged[number]
        node = self._told.at(self._first[number])
        if number in self._further:  # put together once, however often it is asked for
            for told in self._further[number]:
                node.join(self._told.at(told))
            self._merged[number] = node
        return node

    def at(self, value: Value) -> Node | None:
        """The node that a value is; None where it is text, or nothing is said of the node."""
        if isinstance(value, str):
            return None
        return value if value.kinds or value.properties else self.get(value.identifier)

    def count(self, kind: str) -> int:
        """How many nodes of a type there are."""
        return sum(1 for kinds in self._kinds if kinds & self.kinds[kind])

    def of(self, kind: str) -> Iterator[Node]:
        """The nodes of one of the types, in the order in which the document begins to describe them."""
        bit = self.kinds[kind]
        return (self._node(number) for number, kinds in enumerate(self._kinds) if kinds & bit)
