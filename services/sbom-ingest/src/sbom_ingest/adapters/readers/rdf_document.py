"""RDF/XML as it comes from strangers (https://www.w3.org/TR/rdf-syntax-grammar/): nodes with the values asked for.

Written for graphs of things with literals and links, as SPDX's are: a collection is read as several values, an XML
literal as none. Names are resolved against `xml:base` as text; nothing is ever fetched.
"""

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from sbom_ingest.adapters.readers.positions import Positions
from sbom_ingest.adapters.readers.spill import Spill
from sbom_ingest.adapters.readers.xml_document import XmlDocument
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused, not_an_sbom

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BASE = f"{_XML}base"
_ABOUT, _ID, _NODE_ID, _RESOURCE = f"{RDF}about", f"{RDF}ID", f"{RDF}nodeID", f"{RDF}resource"
_PARSE_TYPE, _DATATYPE, _TYPE = f"{RDF}parseType", f"{RDF}datatype", f"{RDF}type"
_OF_NODES = frozenset({_ABOUT, _ID, _NODE_ID, _TYPE})
_OF_PROPERTIES = frozenset({_ID, _NODE_ID, _RESOURCE, _PARSE_TYPE, _DATATYPE})
_LONGEST_BASE = 2000
_MOST_KINDS = 8
_FEW = 64
_NOT_TOLD = -1
_NAMELESS = "_:#"
# Writers nest a node in the first link to it, and the next one in that: deep is no sign of a hostile document.
_DEEPER = 8


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


class Node:
    """A thing that the document says something of; `kinds` are its types as `{namespace}local`."""

    __slots__ = ("_by_name", "_facts", "identifier", "kinds")

    def __init__(self, identifier: str) -> None:
        self.identifier = identifier
        self.kinds: tuple[str, ...] = ()
        # Names and values in turn: there are many nodes, and few values of each.
        self._facts: list[Value] = []
        self._by_name: dict[str, list[Value]] | None = None

    def add(self, name: str, value: Value) -> None:
        """Add a value of a property, before any is asked for."""
        self._facts += (name, value)

    def add_kind(self, kind: str) -> None:
        """Add a type; more than a few say nothing of use."""
        if kind not in self.kinds and len(self.kinds) < _MOST_KINDS:
            self.kinds += (kind,)

    def of(self, name: str) -> Sequence[Value]:
        """The values of a property in the order of the document; stated twice, a value is one."""
        facts = self._facts
        if len(facts) > _FEW:
            return self._sorted_out().get(name, ())
        if name not in facts:
            return ()
        return list(dict.fromkeys(facts[at + 1] for at in range(0, len(facts), 2) if facts[at] == name))

    def _sorted_out(self) -> dict[str, list[Value]]:
        """The values of a node that has many of them, which may be asked for again and again."""
        if self._by_name is None:
            values: dict[str, dict[Value, None]] = {}
            for at in range(0, len(self._facts), 2):
                values.setdefault(str(self._facts[at]), {})[self._facts[at + 1]] = None
            self._by_name = {name: list(each) for name, each in values.items()}
        return self._by_name

    def packed(self) -> list[object]:
        """The node as plain values."""
        facts = (each if isinstance(each, str) else _packed(each) for each in self._facts)
        return [self.identifier, self.kinds, *facts]

    def add_packed(self, values: list[Any]) -> None:
        """Add what `packed` made of a node that is the same thing."""
        for kind in values[1]:
            self.add_kind(kind)
        self._facts += (each if isinstance(each, str) else _unpacked(each) for each in values[2:])


def _packed(link: Link) -> list[object]:
    return [link.target] if link.node is None else link.node.packed()


def _unpacked(values: list[Any]) -> Link:
    if len(values) == 1:
        return Link(values[0])
    node = Node(values[0])
    node.add_packed(values)
    return Link(values[0], node)


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
            self._apart.append([subject.identifier, name, value if isinstance(value, str) else _packed(value)])
        else:
            subject.add(name, value)

    def get(self, identifier: str) -> Node | None:
        """All that is said of a node; None where nothing is."""
        number = self._numbers.get(identifier)
        return None if number is None or self._first[number] == _NOT_TOLD else self._node(number)

    def _node(self, number: int) -> Node:
        first = self._told.at(self._first[number])
        node = Node(first[0])
        node.add_packed(first)
        for told in self._further.get(number, ()):
            node.add_packed(self._told.at(told))
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
            yield subject, name, value if isinstance(value, str) else _unpacked(value)


def read_nodes(document: XmlDocument, names: Mapping[str, str], limits: Limits, nodes: Nodes) -> None:
    """Read the nodes of a document into `nodes`.

    `names` are the properties to keep, from `{namespace}local` to the name under which they are kept. Refuses what is
    no RDF/XML; elements may nest eight times as deep as the limits say.
    """
    graph = _Graph(names, nodes)
    for event, element in document.events(replace(limits, depth=limits.depth * _DEEPER)):
        if event == "start":
            graph.start(element)
        else:
            graph.end(element)


class _Open(NamedTuple):
    """An element that is open. `property` is None in a node's element, and empty where nobody asks for the property.

    A node is, once it is known, a value of the property `of`. Nothing below an element counts that is `skipped`.
    """

    element: Element
    base: str
    node: Node | None = None
    property: str | None = None
    of: "tuple[Node, str] | None" = None
    skipped: bool = False


class _Graph:
    """Collects the nodes; striped as the syntax is: nodes in properties in nodes."""

    def __init__(self, names: Mapping[str, str], nodes: Nodes) -> None:
        self._nodes = nodes
        self._names = names
        self._stack: list[_Open] = []
        self._only_text = False  # whether the property that is open has neither a link nor a child so far
        self._nameless = 0

    def start(self, element: Element) -> None:
        """Take the start tag of an element."""
        if not self._stack:
            self._stack.append(self._root(element))
            return
        holder = self._stack[-1]
        base = _base(element, holder.base) if _BASE in element.attrib else holder.base
        if holder.skipped:
            self._stack.append(_Open(element, base, skipped=True))
        elif holder.property is None:
            assert holder.node is not None
            self._stack.append(self._property(element, base, holder.node))
        else:
            of = (holder.node, holder.property) if holder.node is not None and holder.property else None
            self._only_text = False
            self._stack.append(_Open(element, base, self._node(element, base), of=of))

    def end(self, element: Element) -> None:
        """Take an element with its text."""
        ended = self._stack.pop()
        if ended.node is not None and ended.property is None:
            link = self._nodes.tell(ended.node, not ended.node.identifier.startswith(_NAMELESS))
            if ended.of:
                self._nodes.add(*ended.of, link)
        elif ended.node is not None and ended.property and self._only_text:
            self._nodes.add(ended.node, ended.property, element.text or "")
        self._only_text = False
        if self._stack:
            self._stack[-1].element.clear()

    def _root(self, element: Element) -> _Open:
        base = _base(element, "")
        if element.tag == f"{RDF}RDF":
            return _Open(element, base, property="")
        return _Open(element, base, self._node(element, base))

    def _node(self, element: Element, base: str) -> Node:
        """The node that an element describes, with what its attributes say."""
        attributes = element.attrib
        _check_attributes(element, _OF_NODES)
        if _ABOUT in attributes:
            identifier = _resolved(attributes[_ABOUT], base)
        elif _ID in attributes:
            identifier = _resolved("#" + attributes[_ID], base)
        else:
            identifier = self._blank(attributes.get(_NODE_ID))
        if not identifier.startswith(_NAMELESS):
            self._nodes.begin(identifier)
        node = Node(identifier)
        if element.tag != f"{RDF}Description":
            node.add_kind(element.tag)
        self._add_attributes(node, attributes)
        return node

    def _property(self, element: Element, base: str, node: Node) -> _Open:
        """The property that an element is, with the link that its attributes are."""
        attributes = element.attrib
        name = self._names.get(element.tag, "")
        self._only_text = True
        if not attributes:
            return _Open(element, base, node, name)
        _check_attributes(element, _OF_PROPERTIES)
        self._only_text = not attributes.keys() & {_RESOURCE, _NODE_ID, _PARSE_TYPE}
        if element.tag == _TYPE and _RESOURCE in attributes:
            node.add_kind(_expanded(_resolved(attributes[_RESOURCE], base)))
        elif _PARSE_TYPE in attributes:
            return self._parsed(element, base, node, name)
        elif name and not self._only_text:
            self._nodes.add(node, name, self._link(attributes, base))
        return _Open(element, base, node, name)

    def _parsed(self, element: Element, base: str, node: Node, name: str) -> _Open:
        """A property whose content is the properties of a nameless node, nodes, or XML that is no RDF."""
        match element.get(_PARSE_TYPE):
            case "Resource":
                return _Open(element, base, Node(self._blank(None)), of=(node, name) if name else None)
            case "Collection":
                return _Open(element, base, node, name)
            case _:
                return _Open(element, base, skipped=True)

    def _link(self, attributes: Mapping[str, str], base: str) -> Link:
        if _RESOURCE not in attributes:
            return Link(self._blank(attributes[_NODE_ID]))
        return Link(_resolved(attributes[_RESOURCE], base))

    def _blank(self, name: str | None) -> str:
        if name is not None:
            return f"_:{name}"
        self._nameless += 1
        return f"{_NAMELESS}{self._nameless}"

    def _add_attributes(self, node: Node, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            if key == _TYPE:
                node.add_kind(_expanded(value))
            elif key in self._names:
                node.add(self._names[key], value)


def _check_attributes(element: Element, allowed: frozenset[str]) -> None:
    for key in element.attrib:
        if key.startswith(RDF) and key not in allowed:
            local = element.tag.rpartition("}")[2]
            raise _not_rdf(f"`rdf:{key.removeprefix(RDF)}` cannot stand on `{local[:80]}` there")


def _base(element: Element, outer: str) -> str:
    written = element.get(_BASE)
    if written is None:
        return outer
    if len(outer) + len(written) > _LONGEST_BASE:
        raise _not_rdf(f"`xml:base` has more than {_LONGEST_BASE} characters")
    return _resolved(written, outer)


def _resolved(reference: str, base: str) -> str:
    """The URI that a reference is from `base`; the reference itself where it is none."""
    if reference.startswith("#"):
        return base.partition("#")[0] + reference
    if not base or "://" in reference:
        return reference
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def _expanded(uri: str) -> str:
    namespace, hash_, local = uri.rpartition("#")
    return f"{{{namespace}{hash_}}}{local}"


def _not_rdf(what: str) -> Refused:
    return not_an_sbom(f"The document is not RDF/XML that is read: {what}.")
