"""RDF/XML as it comes from strangers (https://www.w3.org/TR/rdf-syntax-grammar/): nodes with the values asked for.

Written for graphs of things with literals and links, as SPDX's are: a collection is read as several values, an XML
literal as none. Names are resolved against `xml:base` as text; nothing is ever fetched.
"""

from collections.abc import Mapping
from urllib.parse import urljoin

from sbom_ingest.adapters.readers.rdf_nodes import Node, Nodes
from sbom_ingest.adapters.readers.xml_document import XmlDocument, too_deep
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused, not_an_sbom

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XML = "http://www.w3.org/XML/1998/namespace}"
_BASE = f"{_XML}base"
_ABOUT, _ID, _NODE_ID, _RESOURCE = f"{RDF}about", f"{RDF}ID", f"{RDF}nodeID", f"{RDF}resource"
_PARSE_TYPE, _DATATYPE, _TYPE = f"{RDF}parseType", f"{RDF}datatype", f"{RDF}type"
_DESCRIPTION = f"{RDF}Description"
_OF_NODES = frozenset({_ABOUT, _ID, _NODE_ID, _TYPE})
_OF_PROPERTIES = frozenset({_ID, _NODE_ID, _RESOURCE, _PARSE_TYPE, _DATATYPE})
_LONGEST_BASE = 2000
_NAMELESS = "_:#"
# Writers nest a node in the first link to it, and the next one in that: deep is no sign of a hostile document.
_DEEPER = 8


def read_nodes(document: XmlDocument, names: Mapping[str, str], limits: Limits, nodes: Nodes) -> None:
    """Read the nodes of a document into `nodes`.

    `names` are the properties to keep, from `namespace}local` to the name under which they are kept. Refuses what is
    no RDF/XML; elements may nest eight times as deep as the limits say.
    """
    document.read(_Graph(names, nodes, limits), limits)


_Open = tuple[str, Node | None, str | None, tuple[Node, str] | None, bool]
"""An element that is open: its base, the node that it is or is of, its property, and what the node is a value of.

The property is None in a node's element, and empty where nobody asks for it. Without node and property nothing below the
element counts. The last tells of a node whose property is not on the stack, and opens again when the node ends.
"""


class _Graph:
    """Collects the nodes; striped as the syntax is: nodes in properties in nodes."""

    def __init__(self, names: Mapping[str, str], nodes: Nodes, limits: Limits) -> None:
        self.pieces: list[str] = []
        self._nodes = nodes
        self._names = names
        self._limits = limits
        # Of the elements that are open without being on the stack each takes one off.
        self._deepest = limits.depth * _DEEPER
        self._stack: list[_Open] = []
        # The node in whose element properties can open, and that of them which is open, without a child so far: nearly
        # all elements are such properties, and never come on the stack.
        self._here: Node | None = None
        self._leaf: str | None = None
        self._only_text = False  # whether the property that is open has neither a link nor a child so far
        self._nameless = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start tag of an element."""
        self.pieces.clear()
        if self._leaf is not None:
            self._nest(name, attributes, self._leaf)
        elif attributes or self._here is None:
            self._start(name, attributes)
        else:
            self._leaf = self._names.get(name, "")
            self._only_text = True

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if self._leaf is None:
            self._end()
            return
        if self._leaf and self._only_text and self._here is not None:
            self._nodes.add(self._here, self._leaf, "".join(self.pieces))
        self._leaf = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a start tag that is not of a node in the property that is open, and may be of anything else."""
        if self._here is not None and len(attributes) == 1 and _RESOURCE in attributes and name != _TYPE:
            self._link_here(self._names.get(name, ""), attributes)
        else:
            self._stack.append(self._opened(name, attributes))
            self._look_here()

    def _nest(self, name: str, attributes: dict[str, str], property_: str) -> None:
        """Take the start tag of a node in the property that is open and not on the stack."""
        stack = self._stack
        self._deepest -= 1
        if len(stack) >= self._deepest:
            raise too_deep(self._limits)
        base = stack[-1][0]
        if _BASE in attributes:
            base = _base(attributes, base)
        node = self._node(name, attributes, base)
        assert self._here is not None
        stack.append((base, node, None, (self._here, property_), True))
        self._leaf, self._only_text = None, False
        self._here = node if len(stack) < self._deepest else None

    def _opened(self, name: str, attributes: dict[str, str]) -> _Open:
        if not 0 < len(self._stack) < self._deepest:
            return self._outermost(name, attributes)
        base, node, property_, _, _ = self._stack[-1]
        if _BASE in attributes:
            base = _base(attributes, base)
        if property_ is not None:
            of = (node, property_) if node is not None and property_ else None
            self._only_text = False
            return base, self._node(name, attributes, base), None, of, False
        return (base, None, None, None, False) if node is None else self._property(name, attributes, base, node)

    def _end(self) -> None:
        """Take the end of an element that is on the stack."""
        _, node, property_, of, is_nested = self._stack.pop()
        if node is not None:
            if property_ is None:
                link = self._nodes.tell(node, not node.identifier.startswith(_NAMELESS))
                if of and of[1]:
                    self._nodes.add(*of, link)
                if of and is_nested:
                    self._here, self._leaf = of
                    self._only_text = False
                    self._deepest += 1
                    return
            elif property_ and self._only_text:
                self._nodes.add(node, property_, "".join(self.pieces))
        self._only_text = False
        self._look_here()

    def _look_here(self) -> None:
        stack = self._stack
        is_node = 0 < len(stack) < self._deepest and stack[-1][2] is None
        self._here = stack[-1][1] if is_node else None

    def _link_here(self, name: str, attributes: dict[str, str]) -> None:
        """Take a property that is a link to what it names."""
        self._leaf, self._only_text = name, False
        if name and self._here is not None:
            self._nodes.add(self._here, name, Node(_resolved(attributes[_RESOURCE], self._stack[-1][0])))

    def _outermost(self, name: str, attributes: dict[str, str]) -> _Open:
        if self._stack:
            raise too_deep(self._limits)
        base = _base(attributes, "")
        if name == f"{RDF}RDF":
            return base, None, "", None, False
        return base, self._node(name, attributes, base), None, None, False

    def _node(self, name: str, attributes: dict[str, str], base: str) -> Node:
        """The node that an element describes, with what its attributes say."""
        if not attributes:
            self._nameless += 1
            return Node(f"{_NAMELESS}{self._nameless}", [name] if name != _DESCRIPTION else [])
        says_more = len(attributes) > 1 or _ABOUT not in attributes
        if says_more:
            _check_attributes(name, attributes, _OF_NODES)
        identifier = self._identifier(attributes, base)
        if not identifier.startswith(_NAMELESS):
            self._nodes.begin(identifier)
        node = Node(identifier, [name] if name != _DESCRIPTION else [])
        if says_more:
            self._add_attributes(node, attributes)
        return node

    def _identifier(self, attributes: Mapping[str, str], base: str) -> str:
        """What the attributes call a node."""
        if _ABOUT in attributes:
            return _resolved(attributes[_ABOUT], base)
        if _ID in attributes:
            return _resolved("#" + attributes[_ID], base)
        return self._blank(attributes.get(_NODE_ID))

    def _property(self, written: str, attributes: dict[str, str], base: str, node: Node) -> _Open:
        """The property that an element is, with the link that its attributes are."""
        name = self._names.get(written, "")
        _check_attributes(written, attributes, _OF_PROPERTIES)
        self._only_text = not attributes.keys() & {_RESOURCE, _NODE_ID, _PARSE_TYPE}
        if written == _TYPE and _RESOURCE in attributes:
            node.add_kind(_expanded(_resolved(attributes[_RESOURCE], base)))
        elif _PARSE_TYPE in attributes:
            return self._parsed(attributes[_PARSE_TYPE], base, node, name)
        elif name and not self._only_text:
            self._nodes.add(node, name, self._link(attributes, base))
        return base, node, name, None, False

    def _parsed(self, kind: str, base: str, node: Node, name: str) -> _Open:
        """A property whose content is the properties of a nameless node, nodes, or XML that is no RDF."""
        match kind:
            case "Resource":
                return base, Node(self._blank(None)), None, (node, name) if name else None, False
            case "Collection":
                return base, node, name, None, False
            case _:
                return base, None, None, None, False

    def _link(self, attributes: Mapping[str, str], base: str) -> Node:
        if _RESOURCE not in attributes:
            return Node(self._blank(attributes[_NODE_ID]))
        return Node(_resolved(attributes[_RESOURCE], base))

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
                node.properties.setdefault(self._names[key], []).append(value)


def _check_attributes(name: str, attributes: Mapping[str, str], allowed: frozenset[str]) -> None:
    if attributes.keys() <= allowed:
        return
    for key in attributes:
        if key.startswith(RDF) and key not in allowed:
            local = name.rpartition("}")[2]
            raise _not_rdf(f"`rdf:{key.removeprefix(RDF)}` cannot stand on `{local[:80]}` there")


def _base(attributes: Mapping[str, str], outer: str) -> str:
    written = attributes.get(_BASE)
    if written is None:
        return outer
    if len(outer) + len(written) > _LONGEST_BASE:
        raise _not_rdf(f"`xml:base` has more than {_LONGEST_BASE} characters")
    return _resolved(written, outer)


def _resolved(reference: str, base: str) -> str:
    """The URI that a reference is from `base`; the reference itself where it is none."""
    if reference[:1] == "#":
        return base.partition("#")[0] + reference
    if not base or "://" in reference:
        return reference
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def _expanded(uri: str) -> str:
    namespace, hash_, local = uri.rpartition("#")
    return f"{namespace}{hash_}}}{local}"


def _not_rdf(what: str) -> Refused:
    return not_an_sbom(f"The document is not RDF/XML that is read: {what}.")
