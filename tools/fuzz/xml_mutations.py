"""Changes of an XML document that leave it well-formed."""

import copy
from collections.abc import Callable
from random import Random
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

ODD = (
    "",
    " ",
    "NONE",
    "true",
    "-1",
    "9" * 40,
    "MIT AND (",
    "pkg:npm/%zz@",
    "#a",
    "urn:x",
    "SPDXRef-DOCUMENT",
    "é" * 99,
)
_ATTRIBUTES = ("about", "nodeID", "resource", "ID", "datatype", "parseType")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def with_other_elements(document: bytes, changes: int, random: Random) -> bytes:
    """The document with this many changes of its elements; ValueError where it is not well-formed."""
    try:
        root = ElementTree.fromstring(document)
    except (ElementTree.ParseError, UnicodeError, LookupError, RecursionError) as fault:
        raise ValueError(fault) from None
    for _ in range(changes):
        elements = list(root.iter())
        random.choice(_CHANGES)(random.choice(elements), random.choice(elements), random)
    return bytes(ElementTree.tostring(root, encoding="utf-8"))


def _delete(element: Element, _other: Element, random: Random) -> None:
    if len(element):
        del element[random.randrange(len(element))]


def _duplicate(element: Element, _other: Element, random: Random) -> None:
    if len(element):
        child = copy.deepcopy(random.choice(list(element)))
        element.insert(random.randint(0, len(element)), child)


def _put_inside(element: Element, other: Element, random: Random) -> None:
    element.insert(random.randint(0, len(element)), copy.deepcopy(other))


def _become(element: Element, other: Element, _random: Random) -> None:
    element.tag = other.tag


def _other_text(element: Element, other: Element, random: Random) -> None:
    element.text = random.choice((other.text, random.choice(ODD)))


def _take_attributes(element: Element, other: Element, _random: Random) -> None:
    element.attrib.update(other.attrib)


def _drop_attributes(element: Element, _other: Element, _random: Random) -> None:
    element.attrib.clear()


def _other_attribute(element: Element, other: Element, random: Random) -> None:
    values = [*other.attrib.values(), random.choice(ODD)]
    names = [*element.attrib, _RDF + random.choice(_ATTRIBUTES)]
    element.set(random.choice(names), random.choice(values))


def _empty(element: Element, _other: Element, _random: Random) -> None:
    element[:] = []
    element.text = None


def _nest(element: Element, _other: Element, random: Random) -> None:
    for _ in range(random.choice((1, 5, 70))):
        inner = Element(element.tag, dict(element.attrib))
        inner.text, inner[:] = element.text, list(element)
        element[:] = [inner]


_CHANGES: tuple[Callable[[Element, Element, Random], None], ...] = (
    *(_delete, _duplicate, _put_inside, _become, _other_text, _take_attributes, _drop_attributes),
    *(_other_attribute, _empty, _nest),
)
