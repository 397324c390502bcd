"""From the bytes of a document to UTF-8, or to a refusal that says what the bytes are instead."""

import codecs
import re
from dataclasses import dataclass

from sbom_ingest.domain.outcome import Refusal, Refused, not_an_sbom

_CHUNK = 1 << 20
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
class DecodedBytes:
    """A document as UTF-8 without a byte order mark; `remark` says what had to be undone, if anything."""

    text: bytes
    remark: str | None = None


def to_utf8(content: bytes) -> DecodedBytes:
    """Undo byte order marks, UTF-16, and Latin-1 that an XML declaration names; refuses compressed bytes and what is
    not valid text."""
    _refuse_archives(content)
    for mark, encoding in _UTF16_MARKS.items():
        if content.startswith(mark):
            return DecodedBytes(_transcoded(content[len(mark) :], encoding), "the document was UTF-16; UTF-8 is meant")
    remark = None
    if content.startswith(codecs.BOM_UTF8):
        content, remark = content[len(codecs.BOM_UTF8) :], "the document starts with a byte order mark"
    if content.isascii():
        return DecodedBytes(content, remark)
    declared = _declared_otherwise(content) if remark is None else None
    if declared:
        return DecodedBytes(_from_one_byte(content, declared), f"the document was {declared}; UTF-8 is meant")
    _check_utf8(content)
    return DecodedBytes(content, remark)


def _declared_otherwise(content: bytes) -> str | None:
    """The one-byte encoding that an XML declaration names; refuses one that is not read."""
    found = _DECLARED_IN_XML.match(content)
    if found is None or (name := found.group(1).decode().lower()) in _UNICODE:
        return None
    if name not in _ONE_BYTE:
        detail = f"The document declares the encoding {name!r}, which is not read: send it as UTF-8."
        raise Refused(Refusal("unsupported-encoding", detail))
    return name


def _from_one_byte(content: bytes, encoding: str) -> bytes:
    try:
        return content.decode(encoding).encode()
    except UnicodeError as fault:  # windows-1252 leaves five bytes without a character
        raise not_an_sbom(f"The document declares the encoding {encoding} but is not in it: {fault}.") from None


def _refuse_archives(content: bytes) -> None:
    for magic, what in _ARCHIVES.items():
        if content.startswith(magic):
            raise Refused(Refusal("unsupported-encoding", f"The body is {what}."))


def _transcoded(content: bytes, encoding: str) -> bytes:
    try:
        return content.decode(encoding).encode()
    except UnicodeError as fault:
        raise not_an_sbom(f"The document has a UTF-16 byte order mark but is not UTF-16: {fault}.") from None


def _check_utf8(content: bytes) -> None:
    # In pieces, so that a document of the largest size is never held a second time.
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), _CHUNK):
        try:
            decoder.decode(content[start : start + _CHUNK], final=start + _CHUNK >= len(content))
        except UnicodeDecodeError as fault:
            raise not_an_sbom(f"The document is not UTF-8 ({fault.reason}, near byte {start + fault.start}).") from None
