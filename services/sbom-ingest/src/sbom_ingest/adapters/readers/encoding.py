"""From the bytes of a document to UTF-8, or to a refusal that says what the bytes are instead."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.domain.outcome import Refusal, Refused, not_an_sbom

_HEAD = 256
_UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_DECLARED_IN_XML = re.compile(rb"""<\?xml\s[^>]{0,100}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_UNICODE = frozenset({"utf-8", "utf8", "utf-16", "us-ascii", "ascii"})
_ONE_BYTE = frozenset({"iso-8859-1", "iso_8859-1", "latin1", "latin-1", "iso-8859-15", "windows-1252"})
_ARCHIVES = {
    b"\x1f\x8b": "gzip bytes without `Content-Encoding: gzip`: add the header, or send the document itself",
    b"\x28\xb5\x2f\xfd": "zstd bytes without `Content-Encoding: zstd`: add the header, or send the document itself",
    b"PK\x03\x04": "a ZIP archive: send the document itself",
    b"BZh": "a bzip2 archive: send the document itself, plain, gzip or zstd",
    b"\xfd7zXZ": "an xz archive: send the document itself, plain, gzip or zstd",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document as UTF-8 without a byte order mark; `remark` says what had to be undone, if anything."""

    source: Source
    remark: str | None = None


def to_utf8(stream: BinaryIO, new_stream: Callable[[], BinaryIO]) -> Decoded:
    """Undo byte order marks, UTF-16, and Latin-1 that an XML declaration names, into a new stream where need be.

    Refuses compressed bytes and what is not valid text.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    _refuse_archives(head)
    _refuse_wide_characters(head)
    for mark, encoding in _UTF16_MARKS.items():
        if head.startswith(mark):
            transcoded = _transcoded(Source(stream, len(mark)), encoding, "has a UTF-16 byte order mark", new_stream)
            return Decoded(transcoded, "the document was UTF-16; UTF-8 is meant")
    if head.startswith(codecs.BOM_UTF8):
        return Decoded(_checked(Source(stream, len(codecs.BOM_UTF8))), "the document starts with a byte order mark")
    source = Source(stream)
    declared = _declared_otherwise(head)
    if declared is None or _is_ascii(source):
        return Decoded(_checked(source))
    if declared not in _ONE_BYTE:
        detail = f"The document declares the encoding {declared!r}, which is not read: send it as UTF-8."
        raise Refused(Refusal("unsupported-encoding", detail))
    transcoded = _transcoded(source, declared, f"declares the encoding {declared}", new_stream)
    return Decoded(transcoded, f"the document was {declared}; UTF-8 is meant")


def _refuse_archives(head: bytes) -> None:
    for magic, what in _ARCHIVES.items():
        if head.startswith(magic):
            raise Refused(Refusal("unsupported-encoding", f"The body is {what}."))


def _refuse_wide_characters(head: bytes) -> None:
    """Refuse UTF-32, whose mark begins like that of UTF-16, and UTF-16 that does not say in which order its bytes are."""
    has_mark = head.startswith(tuple(_UTF16_MARKS)) and not head.startswith(codecs.BOM_UTF32_LE)
    if not has_mark and b"\0" in head[:4]:
        raise not_an_sbom("The document is UTF-32, or UTF-16 without a byte order mark: send it as UTF-8.")


def _declared_otherwise(head: bytes) -> str | None:
    """The encoding that an XML declaration names, if it is none of Unicode's."""
    found = _DECLARED_IN_XML.match(head)
    name = found.group(1).decode().lower() if found else "utf-8"
    return None if name in _UNICODE else name


def _is_ascii(source: Source) -> bool:
    return all(piece.isascii() for piece in source.pieces())


def _transcoded(source: Source, encoding: str, claim: str, new_stream: Callable[[], BinaryIO]) -> Source:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream = new_stream()
    try:
        for piece in source.pieces():
            stream.write(decoder.decode(piece).encode())
        stream.write(decoder.decode(b"", final=True).encode())
    except UnicodeError as fault:  # windows-1252 leaves five bytes without a character
        raise not_an_sbom(f"The document {claim} but is not in it: {fault}.") from None
    return Source(stream)


def _checked(source: Source) -> Source:
    """The source, all of which is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    place = 0
    try:
        for piece in source.pieces():
            if not piece.isascii() or decoder.getstate()[0]:
                decoder.decode(piece)
            place += len(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as fault:
        raise not_an_sbom(f"The document is not UTF-8 ({fault.reason}, near byte {place + fault.start}).") from None
    return source
