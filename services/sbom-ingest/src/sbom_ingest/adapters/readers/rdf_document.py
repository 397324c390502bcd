"""RDF/XML as it comes from strangers (https://www.w3.org/TR/rdf-syntax-grammar/): nodes with the values asked for.

Written for graphs of things with literals and links, as SPDX's are: a collection is read as several values, an XML
literal as none. Names are resolved against `xml:base` as text; nothing is ever fetched.
"""

from collections.abc import Mapping
from typing import Protocol
from xml.etree.ElementTree import Element

from sbom_ingest.adapters.readers.rdf_elements import NAMELESS, Elements
from sbom_ingest.adapters.readers.rdf_names import (
    BASE,
    DATATYPE,
    ID,
    NODE_ID,
    PARSE_TYPE,
    RDF,
    RESOURCE,
    TYPE,
    base_of,
    check_attributes,
    expanded,
    resolved,
)
from sbom_ingest.adapters.readers.rdf_nodes import Node, Nodes, Value
from sbom_ingest.adapters.readers.xml_document import XmlDocument, too_deep
from sbom_ingest.adapters.readers.xml_tree import check_depth, growing_tree
from sbom_ingest.domain.limits import Limits

_OF_PROPERTIES = frozenset({ID, NODE_ID, RESOURCE, PARSE_TYPE, DATATYPE})
# Writers nest a node in the first link to it, and the next one in that: deep is no sign of a hostile document.
_DEEPER = 8


def read_nodes(document: XmlDocument, names: Mapping[str, str], limits: Limits, nodes: Nodes) -> None:
    """Read the nodes of a document into `nodes`.

    `names` are the properties to keep, from `{namespace}local` to the name under which they are kept; `rdf:type` is none
    of them, since it says a kind. Refuses what is no RDF/XML; elements may nest eight times as deep as the limits say.
    """
    deepest = limits.depth * _DEEPER
    graph = _Graph(names, nodes, limits, deepest)
    for root in growing_tree(document, limits, deepest):
        graph.take(root)
    graph.end()


Children = Element | list[Element]
"""All children of an element, or some."""


class _Inside(Protocol):
    """An element whose children come to their end one by one."""

    element: Element

    def take(self, children: Children, depth: int) -> None:
        """Take children that are finished, and `depth` deep."""
        ...

    def opened(self, child: Element) -> "_Inside":
        """The child that is not finished, whose start tag is known."""
        ...

    def end(self) -> None:
        """Take the end; all children were taken."""
        ...


class _Graph:
    """Collects the nodes; striped as the syntax is: nodes in properties in nodes.

    What is finished in an element is taken at once, and removed from the tree while the element is open.
    """

    def __init__(self, names: Mapping[str, str], nodes: Nodes, limits: Limits, deepest: int) -> None:
        self.names = names
        self.nodes = nodes
        self.elements = Elements(names, nodes, deepest)
        self.limits = limits
        self.deepest = deepest
        self._open: list[_Inside] = []

    def take(self, root: Element) -> None:
        """Take what has come to its end since the last time."""
        last = [root]
        while len(last[-1]):
            last.append(last[-1][-1])
        still = 0
        while still < len(self._open) and still < len(last) and self._open[still].element is last[still]:
            still += 1
        self._close(still)
        self._take_finished()
        for element in last[still:]:
            self._open.append(self._open[-1].opened(element) if self._open else self._outermost(element))
            self._take_finished()

    def end(self) -> None:
        """Take all that is left."""
        self._close(0)

    def _close(self, still: int) -> None:
        """Take the elements that have come to their end: all but the first `still` of the open ones."""
        while len(self._open) > still:
            inside = self._open[-1]
            inside.take(inside.element, len(self._open) + 1)
            inside.end()
            self._open.pop()
            if self._open:
                del self._open[-1].element[0]

    def _take_finished(self) -> None:
        """Take the children of the innermost open element, all but the last."""
        if self._open and len(element := self._open[-1].element) > 1:
            self._open[-1].take(element[:-1], len(self._open) + 1)
            del element[:-1]

    def _outermost(self, element: Element) -> _Inside:
        base = base_of(element, "")
        if element.tag == f"{RDF}RDF":
            return _Property(self, element, base)
        return self.description(element, base)

    def description(self, element: Element, base: str, of: tuple[Node, str] | None = None) -> "_Description":
        """The node that an element describes, with what its attributes say."""
        node, base = self.elements.begin(element, base)
        return _Description(self, element, base, node, of)

    def read_nodes(self, children: Children, base: str, of: tuple[Node, str] | None, depth: int) -> None:
        """Read nodes that are finished and `depth` deep; each is a value of `of`, if there is one."""
        self.check_depth(children, depth)
        for each in children:
            inside = self.description(each, base, of)
            if len(each):
                inside.take(each, depth + 1)
            inside.end()

    def check_depth(self, elements: Children, depth: int) -> None:
        """Refuse elements that are `depth` deep, where that is too deep."""
        if depth > self.deepest and len(elements):
            raise too_deep(self.limits)


class _Description:
    """An element that describes a node: its children are properties. The node is a value of `of`, if there is one."""

    __slots__ = ("_base", "_graph", "_of", "element", "node")

    def __init__(
        self, graph: _Graph, element: Element, base: str, node: Node, of: tuple[Node, str] | None = None
    ) -> None:
        self.element = element
        self.node = node
        self._graph = graph
        self._base = base
        self._of = of

    def take(self, children: Children, depth: int) -> None:
        """Add the values of properties."""
        graph, node, base = self._graph, self.node, self._base
        name_of, nodes, plain = graph.names.get, graph.nodes, graph.elements.plain
        graph.check_depth(children, depth)
        for each in children:
            name, attributes, within = name_of(each.tag), each.keys(), len(each)
            value: Value | None = None
            if not attributes and within < 2:  # as with most
                value = plain(each[0], base, depth + 1) if within else each.text or ""
            elif name and not within and len(attributes) == 1 and (link := each.get(RESOURCE)) is not None:
                value = Node(resolved(link, base))
            if value is None:
                inside = self.opened(each)
                inside.take(each, depth + 1)
                inside.end()
            elif name:
                nodes.add(node, name, value)

    def opened(self, child: Element) -> "_Inside":
        """The property that the child is, with the link that its attributes are."""
        graph, node, base = self._graph, self.node, self._base
        name, attributes = graph.names.get(child.tag, ""), child.attrib
        check_attributes(child, _OF_PROPERTIES)
        if BASE in attributes:
            base = base_of(child, base)
        if child.tag == TYPE and RESOURCE in attributes:
            node.add_kind(expanded(resolved(attributes[RESOURCE], base)))
        elif (kind := attributes.get(PARSE_TYPE)) == "Resource":
            of = (node, name) if name else None
            return _Description(graph, child, base, Node(graph.elements.blank()), of)
        elif kind is not None and kind != "Collection":
            return _Unread(graph, child)
        elif kind is None and name and (link := _link(attributes, base)):
            graph.nodes.add(node, name, link)
        is_text = not attributes.keys() & {RESOURCE, NODE_ID, PARSE_TYPE}
        return _Property(graph, child, base, (node, name) if name else None, is_text)

    def end(self) -> None:
        """Keep the node."""
        node, nodes = self.node, self._graph.nodes
        if node.kinds or node.properties:
            node = nodes.tell(node, not node.identifier.startswith(NAMELESS))
        if self._of:
            nodes.add(*self._of, node)


class _Property:
    """An element whose children are nodes: the values of the property `of`, where anybody asks for that one.

    Without children it may be a text.
    """

    __slots__ = ("_base", "_graph", "_is_text", "_of", "element")

    def __init__(
        self, graph: _Graph, element: Element, base: str, of: tuple[Node, str] | None = None, is_text: bool = False
    ) -> None:
        self.element = element
        self._graph = graph
        self._base = base
        self._of = of
        self._is_text = is_text

    def take(self, children: Children, depth: int) -> None:
        """Read nodes, each of which is a value."""
        self._is_text = self._is_text and not len(children)
        self._graph.read_nodes(children, self._base, self._of, depth)

    def opened(self, child: Element) -> "_Inside":
        """The node that the child describes."""
        self._is_text = False
        return self._graph.description(child, self._base, self._of)

    def end(self) -> None:
        """Add the text, if it is one."""
        if self._is_text and self._of:
            self._graph.nodes.add(*self._of, self.element.text or "")


class _Unread:
    """An element with XML inside that is no RDF."""

    __slots__ = ("_graph", "element")

    def __init__(self, graph: _Graph, element: Element) -> None:
        self.element = element
        self._graph = graph

    def take(self, children: Children, depth: int) -> None:
        """Look at how deep they are."""
        for each in children:
            check_depth(each, depth, self._graph.deepest, self._graph.limits)

    def opened(self, child: Element) -> "_Inside":
        """More of the same."""
        return _Unread(self._graph, child)

    def end(self) -> None:
        """Nothing is to be done."""


def _link(attributes: Mapping[str, str], base: str) -> Node | None:
    """The node that the attributes of a property name."""
    if RESOURCE in attributes:
        return Node(resolved(attributes[RESOURCE], base))
    return Node(f"_:{attributes[NODE_ID]}") if NODE_ID in attributes else None
