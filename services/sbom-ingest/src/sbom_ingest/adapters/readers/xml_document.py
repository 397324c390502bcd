"""XML as it comes from strangers: bounded while it is parsed, and parsed one element at a time.

A document type declaration ends the reading before anything in it is looked at, so that no entity is ever declared,
expanded or fetched. XML 1.0 allows one before the root element only (production 22); there every document is checked
first, with the same parser (expat) that then reads it. Names are written `{namespace}local` throughout.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.parsers.expat import ExpatError, ParserCreate

from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.domain.limits import MIB, Limits
from sbom_ingest.domain.outcome import Refused, not_an_sbom, over_limit

_CHUNK = 1 << 14
_MAX_PROLOG = 1 * MIB
# What it says of the encoding holds no longer: every document is UTF-8 before it comes here.
_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*+(?<=\?)>")
# Stands before what is left, so that a further declaration is a fault and no encoding is looked up.
_AS_UTF_8 = b"<?xml version='1.0' encoding='utf-8'?>"


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """A document without a document type: the start tag of its root, and the elements as they are read.

    `start` is where it begins behind its XML declaration.
    """

    source: Source
    start: int
    root: str
    attributes: dict[str, str]

    def events(self, limits: Limits) -> Iterator[tuple[str, Element]]:
        """Each element when it starts (`"start"`: name and attributes are there) and ends (`"end"`: all of it is).

        Whoever goes through them lets go of what is done with (`element.clear()`), or the whole tree grows. Refuses
        what is not well-formed, nests deeper than `limits.depth`, or has a tag, comment or text longer than
        `limits.text_bytes`.
        """
        parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
        parser.feed(_AS_UTF_8)
        depth = quiet = 0
        place = self.start
        while chunk := self.chunk(place, quiet):
            place += len(chunk)
            quiet += len(chunk)
            for event, element in _fed(parser, chunk):
                quiet = 0
                depth += 1 if event == "start" else -1
                if depth > limits.depth:
                    raise too_deep(limits)
                yield event, element
            if quiet > limits.text_bytes:
                raise over_limit("text", f"a text, tag or comment may have {limits.text_bytes} bytes at most")
        _close(parser)

    def subtrees(self, limits: Limits) -> Iterator[tuple[str, Element]]:
        """The children of the root one after another, each whole, with the name of the root.

        Each is let go after its turn. Refuses as `events` does.
        """
        holders: list[Element] = []
        for event, element in self.events(limits):
            if event == "start":
                holders.append(element)
                continue
            holders.pop()
            if len(holders) == 1:
                yield holders[0].tag, element
                holders[0].clear()

    def chunk(self, place: int, waiting: int) -> bytes:
        """The next piece of the document; `waiting` bytes before it were no whole tag or text yet.

        Expat looks again from the beginning at a tag that it has a part of. A piece as large as what waits keeps the
        sum of that in proportion to the document.
        """
        return self.source.chunk(place, max(_CHUNK, waiting))


def open_xml(source: Source) -> XmlDocument | None:
    """The document, or None where it does not begin as XML does or is an HTML page; refuses a document type."""
    prolog = _Prolog()
    start = _body(source.chunk(0, _MAX_PROLOG))
    for place in range(start, min(source.size, start + _MAX_PROLOG), _CHUNK):
        if prolog.ends_in(source.chunk(place, _CHUNK)):
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
        self.root = _name(name), {_name(key): value for key, value in attributes.items()}
        raise _Enough


class _Enough(Exception):
    """Stops expat."""


def _body(head: bytes) -> int:
    declaration = _DECLARATION.match(head)
    return declaration.end() if declaration else 0


def too_deep(limits: Limits) -> Refused:
    """The refusal of a document whose elements nest deeper than the limit."""
    return over_limit("depth", f"elements may nest {limits.depth} deep at most")


def malformed(fault: ParseError | ExpatError) -> Refused:
    """The refusal of a document that is not well-formed; says where."""
    return not_an_sbom(f"The document is not well-formed XML: {fault}.")


def _fed(parser: "XMLPullParser[Element]", chunk: bytes) -> Iterator[tuple[str, Element]]:
    try:
        parser.feed(chunk)
        # No other kinds of events are asked for.
        yield from cast(Iterator[tuple[str, Element]], parser.read_events())
    except ParseError as fault:
        raise malformed(fault) from None


def _close(parser: "XMLPullParser[Element]") -> None:
    try:
        parser.close()
        list(parser.read_events())
    except ParseError as fault:
        raise malformed(fault) from None


def _name(name: str) -> str:
    return "{" + name if "}" in name else name
