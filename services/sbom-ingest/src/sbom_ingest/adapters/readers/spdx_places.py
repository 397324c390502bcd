"""Where an element of an SPDX document stands, in the terms of its serialization."""

from collections.abc import Callable
from typing import Protocol


class Place(Protocol):
    """The place of an element; `str(place)` names it."""

    def __str__(self) -> str:
        """The place of the element itself."""
        ...

    def field(self, name: str, index: int | None = None) -> str:
        """The place of a field by its name in SPDX JSON, or of one of its entries, counted from 0."""
        ...


Places = Callable[[str, int], Place]
"""From the name of a top member in SPDX JSON and the number of an entry, counted from 0, to the entry's place."""


class JsonPlace(str):
    """A JSON pointer (RFC 6901)."""

    __slots__ = ()

    def field(self, name: str, index: int | None = None) -> str:
        """The pointer of a field or entry."""
        return self + "/" + name if index is None else f"{self}/{name}/{index}"


class XPath(str):
    """An XPath, which counts from 1."""

    __slots__ = ()

    def field(self, name: str, index: int | None = None) -> str:
        """The path of a child element."""
        return self + "/" + name if index is None else f"{self}/{name}[{index + 1}]"


_PROPERTIES = {
    "annotations": "annotation",
    "attributionTexts": "attributionText",
    "checksums": "checksum",
    "externalRefs": "externalRef",
    "hasFiles": "hasFile",
    "licenseInfoInFiles": "licenseInfoInFile",
    "licenseInfoInSnippets": "licenseInfoInSnippet",
}


class NodePlace(str):
    """The identifier of a node in a graph, which has no order."""

    __slots__ = ()

    def field(self, name: str, index: int | None = None) -> str:
        """The identifier with the name of the property behind it, which in RDF is often the singular."""
        return self + "/" + _PROPERTIES.get(name, name)
