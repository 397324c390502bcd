"""RDF/XML as it comes from strangers (https://www.w3.org/TR/rdf-syntax-grammar/): nodes with the values asked for.

Written for graphs of things with literals and links, as SPDX's are: a collection is read as several values, an XML
literal as none. Names are resolved against `xml:base` as text; nothing is ever fetched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

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
# Writers nest a node in the first link to it, and the next one in that: deep is no sign of a hostile document.
_DEEPER = 8


class Link(NamedTuple):
    """A value that is a node: its URI, or `_:` and a name for a node without one."""

    target: str


Value = str | Link


@dataclass(slots=True)
class Node:
    """A thing that the document says something of; `kinds` are its types as `{namespace}local`."""

    identifier: str
    kinds: tuple[str, ...] = ()
    # Names and values in turn: there are many nodes, and few values of each.
    _facts: list[Value] = field(default_factory=list)
    _by_name: dict[str, list[Value]] | None = None

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


def read_nodes(document: XmlDocument, names: Mapping[str, str], limits: Limits) -> dict[str, Node]:
    """The nodes by identifier, in the order in which the document begins to describe them.

    `names` are the properties to keep, from `{namespace}local` to the name under which they are kept. Refuses what is
    no RDF/XML; elements may nest eight times as deep as the limits say.
    """
    graph = _Graph(names)
    for event, element in document.events(replace(limits, depth=limits.depth * _DEEPER)):
        if event == "start":
            graph.start(element)
        else:
            graph.end(element)
    return graph.nodes


class _Open(NamedTuple):
    """An element that is open. `property` is None in a node's element, and empty where nobody asks for the property.

    Nothing below an element counts that is `skipped`.
    """

    element: Element
    base: str
    node: Node | None = None
    property: str | None = None
    skipped: bool = False


class _Graph:
    """Collects the nodes; striped as the syntax is: nodes in properties in nodes."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.nodes: dict[str, Node] = {}
        self._names = names
        self._stack: list[_Open] = []
        self._only_text = False  # whether the property that is open has neither a link nor a child so far
        self._nameless = 0
        self._links: dict[Link, Link] = {}  # many properties link to few nodes

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
            self._stack.append(self._node_in(holder, element, base))

    def end(self, element: Element) -> None:
        """Take an element with its text."""
        ended = self._stack.pop()
        if ended.property and ended.node is not None and self._only_text:
            ended.node.add(ended.property, element.text or "")
        self._only_text = False
        if self._stack:
            self._stack[-1].element.clear()

    def _root(self, element: Element) -> _Open:
        base = _base(element, "")
        if element.tag == f"{RDF}RDF":
            return _Open(element, base, property="")
        return _Open(element, base, self._node(element, base))

    def _node_in(self, holder: _Open, element: Element, base: str) -> _Open:
        node = self._node(element, base)
        if holder.node is not None and holder.property:
            holder.node.add(holder.property, Link(node.identifier))
        self._only_text = False
        return _Open(element, base, node)

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
        node = self.nodes.setdefault(identifier, Node(identifier))
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
            node.add(name, self._link(attributes, base))
        return _Open(element, base, node, name)

    def _parsed(self, element: Element, base: str, node: Node, name: str) -> _Open:
        """A property whose content is the properties of a nameless node, nodes, or XML that is no RDF."""
        match element.get(_PARSE_TYPE):
            case "Resource":
                inner = self.nodes.setdefault(identifier := self._blank(None), Node(identifier))
                if name:
                    node.add(name, Link(identifier))
                return _Open(element, base, inner)
            case "Collection":
                return _Open(element, base, node, name)
            case _:
                return _Open(element, base, skipped=True)

    def _link(self, attributes: Mapping[str, str], base: str) -> Link:
        if _RESOURCE not in attributes:
            return Link(self._blank(attributes[_NODE_ID]))
        link = Link(_resolved(attributes[_RESOURCE], base))
        return self._links.setdefault(link, link)

    def _blank(self, name: str | None) -> str:
        if name is not None:
            return f"_:{name}"
        self._nameless += 1
        return f"_:#{self._nameless}"

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
