"""A document as readers get it, and what they promise."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Protocol

from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.adapters.readers.xml_document import XmlDocument
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from shared.contracts.documents import Format, Serialization


@dataclass(frozen=True, slots=True)
class Content:
    """A document as UTF-8, its top members where it is a JSON object, and its root where it is XML.

    `new_stream` makes streams for what grows with the document.
    """

    source: Source
    json: JsonObject | None = None
    xml: XmlDocument | None = None
    new_stream: Callable[[], BinaryIO] = BytesIO

    def draft(self, format_: Format, serialization: Serialization, version: str | None, limits: Limits) -> Draft:
        """An empty draft of this document."""
        draft = Draft(format_, serialization, version, limits, self.new_stream)
        draft.components.most_bytes = limits.inventory_bytes(self.source.size)
        return draft


class Reader(Protocol):
    """One format in one serialization: a module with these names and a line in `registry.READERS`."""

    READS: str
    """What is read, with its versions, as it is told to people."""

    def recognises(self, content: Content) -> bool:
        """Whether the content is of this format, in any version; looks at the content alone."""
        ...

    def read(self, content: Content, limits: Limits) -> Draft:
        """The facts of a recognised document; raises Refused where it cannot be taken."""
        ...
