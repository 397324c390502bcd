"""A document as readers get it, and what they promise."""

from dataclasses import dataclass
from typing import Protocol

from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.xml_document import XmlDocument
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits


@dataclass(frozen=True, slots=True)
class Content:
    """A document as UTF-8, its top members where it is a JSON object, and its root where it is XML."""

    text: bytes
    json: JsonObject | None = None
    xml: XmlDocument | None = None


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
