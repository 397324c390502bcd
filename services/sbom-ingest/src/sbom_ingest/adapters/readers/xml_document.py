"""XML as it comes from strangers: bounded while it is parsed, and parsed one element at a time.

A document type declaration ends the reading before anything in it is looked at, so that no entity is ever declared,
expanded or fetched. XML 1.0 allows one before the root element only (production 22); there every document is checked
first, with the same parser (expat) that then reads it. Names are `{namespace}local`, or `local` without one.
"""

import re
from dataclasses import dataclass
from typing import Protocol
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.domain.limits import MIB, Limits
from sbom_ingest.domain.outcome import Refused, not_an_sbom, over_limit

# Stands before what is left, so that a further declaration is a fault.
AS_UTF_8 = b"<?xml version='1.0' encoding='utf-8'?>"
CHUNK = 1 << 14
_TEXT_BUFFER = 1 << 16
_MAX_PROLOG = 1 * MIB
# What it says of the encoding holds no longer: every document is UTF-8 before it comes here.
_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*+(?<=\?)>")


class Handler(Protocol):
    """What is told of a document's elements, in their order."""

    pieces: list[str]
    """The text since somebody cleared it last."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start tag of an element."""
        ...

    def end(self, name: str) -> None:
        """Take the end of an element."""
        ...


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """A document without a document type, and the start tag of its root.

    `start` is where it begins behind its XML declaration.
    """

    source: Source
    start: int
    root: str
    attributes: dict[str, str]

    def read(self, handler: Handler, limits: Limits) -> None:
        """Tell the handler of the whole document, of which no more than a piece is in memory.

        Refuses what is not well-formed, or has a tag, comment or text that is longer than the limits; how deep elements
        nest is the handler's to look at.
        """
        parser = ParserCreate("utf-8", namespace_separator="}")
        parser.buffer_text = True
        parser.buffer_size = _TEXT_BUFFER
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.pieces.append
        try:
            self._feed(parser, handler, limits)
        except ExpatError as fault:
            raise malformed(fault) from None

    def _feed(self, parser: XMLParserType, handler: Handler, limits: Limits) -> None:
        parser.Parse(AS_UTF_8)
        place, waiting = self.start, 0
        # Expat looks again from the beginning at a tag that it has a part of. A piece as large as what waits keeps the
        # sum of that in proportion to the document.
        while chunk := self.source.chunk(place, max(CHUNK, waiting)):
            parser.Parse(chunk)
            place += len(chunk)
            waiting = place - self.start + len(AS_UTF_8) - parser.CurrentByteIndex
            if waiting > limits.field_bytes:
                raise over_limit("field", f"a tag or comment may have {limits.field_bytes} bytes at most")
            if sum(map(len, handler.pieces)) > limits.text_bytes:
                raise over_limit("text", f"a text may have {limits.text_bytes} bytes at most")
        parser.Parse(b"", True)


def open_xml(source: Source) -> XmlDocument | None:
    """The document, or None where it does not begin as XML does or is an HTML page; refuses a document type."""
    prolog = _Prolog()
    start = _body(source.chunk(0, _MAX_PROLOG))
    for place in range(start, min(source.size, start + _MAX_PROLOG), CHUNK):
        if prolog.ends_in(source.chunk(place, CHUNK)):
            return XmlDocument(source, start, *prolog.root) if prolog.root else None
    return None


class _Prolog:
    """Reads up to the first start tag, and no further."""

    def __init__(self) -> None:
        self.root: tuple[str, dict[str, str]] | None = None
        self._parser = ParserCreate("utf-8", namespace_separator="}")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start

    def ends_in(self, chunk: bytes) -> bool:
        """Whether the prolog is over with this part of it: with a root, or without where it is malformed or HTML."""
        try:
            self._parser.Parse(chunk)
        except (_Enough, ExpatError):
            return True
        return False

    def _doctype(self, name: str, _system: str | None, _public: str | None, _internal: bool) -> None:
        if name.lower() == "html":
            raise _Enough
        raise not_an_sbom("The document has a document type declaration (DTD). An SBOM needs none, and none is read.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = f"{{{name}" if "}" in name else name, attributes
        raise _Enough


class _Enough(Exception):
    """Stops expat."""


def _body(head: bytes) -> int:
    declaration = _DECLARATION.match(head)
    return declaration.end() if declaration else 0


def too_deep(limits: Limits) -> Refused:
    """The refusal of a document whose elements nest deeper than the limit."""
    return over_limit("depth", f"elements may nest {limits.depth} deep at most")


def malformed(fault: Exception) -> Refused:
    """The refusal of a document that is not well-formed; says where."""
    return not_an_sbom(f"The document is not well-formed XML: {fault}.")
