"""An XML document as a tree that grows, and that its reader prunes meanwhile so that it stays small.

All of the tree is built in C: a call of Python for each tag costs more than reading the finished elements.
"""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from sbom_ingest.adapters.readers.xml_document import AS_UTF_8, CHUNK, XmlDocument, malformed, too_deep
from sbom_ingest.domain.limits import MIB, Limits
from sbom_ingest.domain.outcome import over_limit

_LARGEST_CHUNK = MIB // 4
# A comment in a text makes TreeBuilder copy all of the text in front of it.
_MOST_COPIED = 1024 * MIB


def growing_tree(document: XmlDocument, limits: Limits, deepest: int) -> Iterator[Element]:
    """The root, again after each piece of the document that was read; `{namespace}local` are its names.

    All but the last child of the root are finished, and so on down through the last children; who reads may remove
    what is finished. Refuses what is not well-formed, has a tag, comment or text longer than the limits, or an element
    still open that is more than `deepest` deep; what is finished is the reader's to look at.
    """
    growth = _Growth(limits, deepest)
    place = document.start
    while chunk := document.source.chunk(place, growth.next_size):
        place += len(chunk)
        fault = growth.feed(chunk)
        yield from growth.roots
        if fault is not None:
            raise malformed(fault)
    try:
        growth.parser.close()
    except ParseError as fault:
        raise malformed(fault) from None


def check_depth(element: Element, depth: int, deepest: int, limits: Limits) -> None:
    """Refuse an element, itself `depth` deep, that is or has inside what is more than `deepest` deep."""
    level = [element]
    while level:
        if depth > deepest:
            raise too_deep(limits)
        level = [inner for each in level for inner in each]
        depth += 1


class _Growth:
    """The parser, and what it has not yet come to the end of."""

    def __init__(self, limits: Limits, deepest: int) -> None:
        self.next_size = CHUNK
        self._limits = limits
        self._deepest = deepest
        self._remarks = 0
        self._copied = 0
        self._builder = TreeBuilder(comment_factory=self._remark, pi_factory=self._remark)
        self.roots = self._builder.start("", {})
        self.parser = XMLParser(target=self._builder, encoding="utf-8")  # noqa: S314 - open_xml has refused a DTD
        self.parser.feed(AS_UTF_8)
        self._waiting = 0
        self._before: tuple[Element, int, int] = self.roots, 0, 0

    def feed(self, chunk: bytes) -> ParseError | None:
        """Parse a piece; returns why it is not well-formed. Refuses what passes the limits."""
        try:
            self.parser.feed(chunk)
        except ParseError as fault:
            return fault
        self._builder.comment("")  # writes the text that waits to its element; the comment itself is nowhere
        self._remarks -= 1
        innermost, longest = self._open()
        before, self._before = self._before, (innermost, longest, self._remarks)
        if innermost is before[0] and longest > self._limits.text_bytes:
            raise over_limit("text", f"a text may have {self._limits.text_bytes} bytes at most")
        self._copied = self._copied if innermost is before[0] else 0
        stands_still = innermost is before[0] and before[1:] == (longest, self._remarks)
        self._waiting = self._waiting + len(chunk) if stands_still else 0
        if self._waiting > self._limits.field_bytes:
            raise over_limit("field", f"a tag or comment may have {self._limits.field_bytes} bytes at most")
        # Neither expat, which looks again at a tag that it has a part of, nor a text that is added to, may cost the
        # square of their size.
        self.next_size = max(CHUNK, min(max(self._waiting, longest), _LARGEST_CHUNK))
        return None

    def _open(self) -> tuple[Element, int]:
        """The innermost of the last elements, and the length of the longest text in them or behind them."""
        last, depth, longest = self.roots, 0, 0
        while len(last):
            last = last[-1]
            depth += 1
            if depth > self._deepest:
                raise too_deep(self._limits)
            longest = max(longest, len(last.text or ""), len(last.tail or ""))
        return last, longest

    def _remark(self, *_of: Any) -> Element:
        self._remarks += 1
        self._copied += self._before[1]
        if self._copied > _MOST_COPIED:
            raise over_limit("text", "too many comments interrupt a long text")
        return self.roots
