"""The fields of XML elements as the members of objects, where names and shapes are told."""

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from sbom_ingest.domain.outcome import breaks_specification

Object = dict[str, Any]
Convert = Callable[[Element, str], Any]
"""From an element and the pointer to it to a JSON value."""


class Namespace:
    """The names of one namespace; elements of others are extensions, and left out."""

    def __init__(self, uri: str) -> None:
        self._prefix = f"{{{uri}}}"

    def name(self, tag: str) -> str:
        """The name without the namespace; a name of another namespace stays as it is."""
        return tag.removeprefix(self._prefix)

    def has(self, tag: str) -> bool:
        """Whether the name is of the namespace."""
        return tag.startswith(self._prefix)

    def entries(self, element: Element) -> list[Element]:
        """The children of the namespace, in order."""
        return [child for child in element if child.tag.startswith(self._prefix)]

    def child(self, element: Element, name: str) -> Element | None:
        """The first child of this name."""
        return element.find(self._prefix + name)

    def fields(self, element: Element, known: Mapping[str, Convert], pointer: str) -> Object:
        """The children that are `known`, each converted; refuses one that stands twice."""
        found: Object = {}
        for child in element:
            name = child.tag.removeprefix(self._prefix)
            convert = known.get(name)
            if convert is None:
                continue
            if name in found:
                raise breaks_specification(f"{pointer}/{name}", "stands twice; one of the two would be lost")
            found[name] = text(child) if convert is text else convert(child, f"{pointer}/{name}")
        return found


def attributes(element: Element, *names: str) -> Object:
    """Those of the attributes that are there."""
    return {name: value for name in names if (value := element.get(name)) is not None}


def text(element: Element, _pointer: str = "") -> str | Object:
    """The text without white space around it; an object, which no rule takes for text, where elements are inside."""
    return {} if len(element) else (element.text or "").strip()


def attachment(element: Element, _pointer: str = "") -> Object:
    """A long text exactly as it stands, with its encoding."""
    return attributes(element, "encoding") | {"content": element.text or ""}


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def boolean(element: Element, _pointer: str = "") -> bool | str | Object:
    """The truth value; anything else as the text that it is."""
    written = text(element)
    return _BOOLEANS.get(written, written) if isinstance(written, str) else written
