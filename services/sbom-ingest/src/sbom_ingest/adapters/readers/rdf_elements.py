"""From an element of RDF/XML to the node that it describes: what its attributes say; of a plain one, all."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from sbom_ingest.adapters.readers.rdf_names import (
    ABOUT,
    DESCRIPTION,
    ID,
    NODE_ID,
    RESOURCE,
    TYPE,
    base_of,
    check_attributes,
    expanded,
    resolved,
)
from sbom_ingest.adapters.readers.rdf_nodes import Node, Nodes, Value

NAMELESS = "_:#"
"""What the identifier of a node begins with that has no name."""
_OF_NODES = frozenset({ABOUT, ID, NODE_ID, TYPE})


class Elements:
    """Makes the nodes of a document, of which elements may nest `deepest` deep; `names` are the properties to keep."""

    def __init__(self, names: Mapping[str, str], nodes: Nodes, deepest: int) -> None:
        self._name_of = names.get
        self._names = names
        self._nodes = nodes
        self._deepest = deepest
        self._not_plain = {TYPE, *(tag for tag, name in names.items() if name in nodes.names_apart)}
        self._nameless = 0

    def begin(self, element: Element, base: str) -> tuple[Node, str]:
        """The node with what attributes say, and the base inside of the element."""
        kinds = (element.tag,) if element.tag != DESCRIPTION else ()
        keys = element.keys()
        if not keys:
            return Node(self.blank(), kinds), base
        if len(keys) == 1 and (about := element.get(ABOUT)) is not None:  # as with most that have a name
            return self._named(resolved(about, base), kinds), base
        base = base_of(element, base)
        check_attributes(element, _OF_NODES)
        node = self._named(self._identifier(element.attrib, base), kinds)
        self._add_attributes(node, element.attrib)
        return node, base

    def plain(self, element: Element, base: str, depth: int) -> Node | None:
        """The node of a finished element that is a reference, or nameless with one text or link of each property.

        None for all others, and near the end of the depth; most nodes inside of others are plain.
        """
        tag, keys = element.tag, element.keys()
        if depth >= self._deepest or tag in self._nodes.kinds or len(keys) > 1:
            return None
        if keys:
            about = element.get(ABOUT) if tag == DESCRIPTION and not len(element) else None
            return None if about is None else self._named(resolved(about, base))
        properties: dict[str, list[Value]] = {}
        name_of, not_plain = self._name_of, self._not_plain
        for each in element:
            property_, link = each.tag, each.get(RESOURCE)
            name = name_of(property_)
            if len(each) or name in properties or property_ in not_plain or len(each.keys()) != (link is not None):
                return None
            if name is not None:
                properties[name] = [each.text or "" if link is None else Node(resolved(link, base) if base else link)]
        return Node(self.blank(), (tag,) if tag != DESCRIPTION else (), properties)

    def blank(self) -> str:
        """The name of a node that has none."""
        self._nameless += 1
        return f"{NAMELESS}{self._nameless}"

    def _named(self, identifier: str, kinds: tuple[str, ...] = ()) -> Node:
        if not identifier.startswith(NAMELESS):
            self._nodes.begin(identifier)
        return Node(identifier, kinds)

    def _identifier(self, attributes: Mapping[str, str], base: str) -> str:
        """What the attributes call a node."""
        if ABOUT in attributes:
            return resolved(attributes[ABOUT], base)
        if ID in attributes:
            return resolved("#" + attributes[ID], base)
        return f"_:{attributes[NODE_ID]}" if NODE_ID in attributes else self.blank()

    def _add_attributes(self, node: Node, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            if key == TYPE:
                node.add_kind(expanded(value))
            elif key in self._names:
                node.properties.setdefault(self._names[key], []).append(value)
