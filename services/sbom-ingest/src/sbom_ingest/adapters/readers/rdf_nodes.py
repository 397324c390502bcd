"""The nodes of a graph with the values of their properties, kept in a stream."""

from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, BinaryIO

from sbom_ingest.adapters.readers.positions import Positions
from sbom_ingest.adapters.readers.spill import Spill

_MOST_KINDS = 8
_NOT_TOLD = -1


class Link:
    """A value that is a node: its URI, or `_:` and a name for a node without one.

    `node` is what is said of it where it has no name, so that nothing else can link to it.
    """

    __slots__ = ("node", "target")

    def __init__(self, target: str, node: "Node | None" = None) -> None:
        self.target = target
        self.node = node

    def __eq__(self, other: object) -> bool:
        """Whether both lead to the same node."""
        return isinstance(other, Link) and self.target == other.target

    def __hash__(self) -> int:
        """That of where it leads."""
        return hash(self.target)


Value = str | Link
Packed = str | list[Any]
"""A value as plain values: text, `[target]`, or identifier, kinds and properties of a node without a name."""


class Node:
    """A thing that the document says something of; `kinds` are its types as `namespace}local`."""

    __slots__ = ("_values", "identifier", "kinds")

    def __init__(
        self, identifier: str, kinds: Sequence[str] = (), values: dict[str, list[Packed]] | None = None
    ) -> None:
        self.identifier = identifier
        self.kinds = kinds
        self._values: dict[str, list[Packed]] = {} if values is None else values

    def add(self, name: str, value: Value) -> None:
        """Add a value of a property."""
        self._values.setdefault(name, []).append(packed(value))

    def add_kind(self, kind: str) -> None:
        """Add a type; more than a few say nothing of use."""
        if kind not in self.kinds and len(self.kinds) < _MOST_KINDS:
            self.kinds = [*self.kinds, kind]

    def of(self, name: str) -> Sequence[Value]:
        """The values of a property in the order of the document; stated twice, a value is one."""
        values = [each if isinstance(each, str) else _link(each) for each in self._values.get(name, ())]
        return values if len(values) < 2 else list(dict.fromkeys(values))

    @property
    def says_nothing(self) -> bool:
        """Whether the node has neither types nor values."""
        return not (self.kinds or self._values)

    def packed(self) -> list[Any]:
        """The node as plain values."""
        return [self.identifier, self.kinds, self._values]

    def join(self, other: "Node") -> None:
        """Add what is said of the same thing elsewhere."""
        for kind in other.kinds:
            self.add_kind(kind)
        for name, values in other._values.items():
            self._values.setdefault(name, []).extend(values)


def packed(value: Value) -> Packed:
    """A value as plain values."""
    if isinstance(value, str):
        return value
    return [value.target] if value.node is None else value.node.packed()


def unpacked(value: Packed) -> Value:
    """The value that `packed` made plain values of."""
    return value if isinstance(value, str) else _link(value)


def _link(value: list[Any]) -> Link:
    return Link(value[0]) if len(value) == 1 else Link(value[0], Node(*value))


class Nodes:
    """The nodes of a document, kept in a stream: those that have a name, and those of one of the types `kinds`.

    `apart` are properties of which a node may have very many: their values are no part of it.
    """

    def __init__(self, kinds: Sequence[str], apart: Collection[str], new_stream: Callable[[], BinaryIO]) -> None:
        self._bits = {kind: 1 << number for number, kind in enumerate(kinds)}
        self._apart_names = apart
        self._told = Spill[list[Any]](new_stream, list)
        self._apart = Spill[list[Any]](new_stream, list)
        # In the order in which the document begins to describe them; of few nodes it speaks in several places.
        self._numbers = Positions()
        self._kinds = bytearray()
        self._first = array("q")
        self._further: dict[int, list[int]] = {}
        self._merged: dict[int, Node] = {}

    def begin(self, identifier: str) -> None:
        """Note that the document begins to describe a node."""
        if self._numbers.setdefault(identifier, len(self._first)) == len(self._first):
            self._first.append(_NOT_TOLD)
            self._kinds.append(0)

    def _number(self, identifier: str) -> int:
        number = self._numbers.get(identifier)
        assert number is not None
        return number

    def tell(self, node: Node, is_named: bool) -> Link:
        """Keep all that is said of a node in one place, and return what leads to it."""
        kinds = sum(bit for kind, bit in self._bits.items() if kind in node.kinds)
        if not (is_named or kinds):
            return Link(node.identifier, node)
        if node.says_nothing:
            return Link(node.identifier)
        self.begin(node.identifier)
        number = self._number(node.identifier)
        self._kinds[number] |= kinds
        told = self._told.append(node.packed())
        if self._first[number] == _NOT_TOLD:
            self._first[number] = told
        else:
            self._further.setdefault(number, []).append(told)
        return Link(node.identifier)

    def add(self, subject: Node, name: str, value: Value) -> None:
        """Add a value of a property to its subject, or apart."""
        if name in self._apart_names:
            self._apart.append([subject.identifier, name, packed(value)])
        else:
            subject.add(name, value)

    def get(self, identifier: str) -> Node | None:
        """All that is said of a node; None where nothing is."""
        number = self._numbers.get(identifier)
        return None if number is None or self._first[number] == _NOT_TOLD else self._node(number)

    def _node(self, number: int) -> Node:
        if number in self._merged:
            return self._merged[number]
        node = Node(*self._told.at(self._first[number]))
        if number in self._further:  # put together once, however often it is asked for
            for told in self._further[number]:
                node.join(Node(*self._told.at(told)))
            self._merged[number] = node
        return node

    def at(self, value: Value) -> Node | None:
        """The node that a value leads to; None where it is text, or nothing is said of the node."""
        return None if isinstance(value, str) else value.node or self.get(value.target)

    def count(self, kind: str) -> int:
        """How many nodes of a type there are."""
        return sum(1 for kinds in self._kinds if kinds & self._bits[kind])

    def of(self, kind: str) -> Iterator[Node]:
        """The nodes of one of the types, in the order in which the document begins to describe them."""
        bit = self._bits[kind]
        return (self._node(number) for number, kinds in enumerate(self._kinds) if kinds & bit)

    def values_apart(self) -> Iterator[tuple[str, str, Value]]:
        """Subject, property and value of all that is apart, in the order of the document, as often as it is told."""
        for subject, name, value in self._apart:
            yield subject, name, unpacked(value)
