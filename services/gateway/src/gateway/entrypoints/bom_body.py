"""The body of an upload by a client of Dependency-Track: a document inside JSON, in base64, or a part of a form.

However large the document is, it goes through files and not through memory.
"""

import asyncio
import binascii
import mmap
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import IO

import msgspec
from fastapi import Request
from msgspec import Struct
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from shared.errors import ErrorAt, InvalidInput, OverLimit, Unreadable
from shared.web.bodies import counted

_MOST = 64 * 1024 * 1024
_OTHER = 64 * 1024
_PIECE = 1024 * 1024
_TEXT_PART = 8 * 1024 * 1024
_BOM = re.compile(rb'"bom"\s*:\s*"([^"]*)"')
_ESCAPE = re.compile(rb"\\(?:u00([0-9a-fA-F]{2})|(.))", re.DOTALL)
_PLACEHOLDER = "the document"
_ALPHABET = bytes.maketrans(b"-_", b"+/")


class BomFields(Struct, frozen=True, rename="camel"):
    """What a client says with its document; whatever else it says is not looked at."""

    project: str | None = None
    project_name: str | None = None
    project_version: str | None = None
    auto_create: bool = False
    bom: str | None = None


@dataclass(frozen=True, slots=True)
class Bom:
    """The fields, and the document in a file that is to be closed."""

    fields: BomFields
    document: IO[bytes]

    async def pieces(self) -> AsyncIterator[bytes]:
        """Give the document from its beginning."""
        self.document.seek(0)
        while piece := await asyncio.to_thread(self.document.read, _PIECE):
            yield piece


async def read_bom(request: Request) -> Bom:
    """Read the body; raises InvalidInput, Unreadable, OverLimit."""
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await _of_form(request)
    with tempfile.TemporaryFile() as spooled:
        async for chunk in counted(request.stream(), _MOST * 4 // 3 + _OTHER):
            spooled.write(chunk)
        spooled.flush()
        return await asyncio.to_thread(_of_json, spooled)


def _of_json(spooled: IO[bytes]) -> Bom:
    if not spooled.tell():
        raise _missing()
    with mmap.mmap(spooled.fileno(), 0, access=mmap.ACCESS_READ) as body:
        found = _BOM.search(body)
        if found is None:
            raise _missing()
        begin, end = found.span(1)
        del found  # it holds on to the map
        if begin + len(body) - end > _OTHER:
            raise OverLimit(f"Beside the document there are more than {_OTHER:,} bytes.", limit="sent-bytes")
        fields = _fields_of(body[:begin] + _PLACEHOLDER.encode() + body[end:])
        return Bom(fields, _decoded(_unescaped(body[at : min(at + _PIECE, end)] for at in range(begin, end, _PIECE))))


def _fields_of(rest: bytes) -> BomFields:
    try:
        fields = msgspec.json.decode(rest, type=BomFields, strict=False)
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"The body cannot be read: {error}") from error
    if fields.bom != _PLACEHOLDER:  # what was found is that of another object, or it is there twice
        raise _missing()
    return fields


def _unescaped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Undo the escapes of JSON, of which base64 has `\\/`, `\\n` and `\\u002B`; one may be cut in two."""
    kept = b""
    for piece in pieces:
        text = kept + piece
        cut = text.rfind(b"\\", -5) if len(text) > 5 else len(text)
        cut = len(text) if cut < 0 else cut
        kept = text[cut:]
        yield _ESCAPE.sub(_meant, text[:cut])
    yield _ESCAPE.sub(_meant, kept)


def _meant(escape: re.Match[bytes]) -> bytes:
    if escape[1]:
        return bytes([int(escape[1], 16)])
    return b" " if escape[2] in b"nrt" else escape[2]


def _decoded(pieces: Iterator[bytes]) -> IO[bytes]:
    document = tempfile.TemporaryFile()  # noqa: SIM115 - whoever gets it closes it
    kept = b""
    try:
        for piece in pieces:
            text = kept + b"".join(piece.split()).translate(_ALPHABET)
            whole = max(len(text) - 1, 0) // 4 * 4  # the last group waits, since only it may be padded
            kept = text[whole:]
            if b"=" in text[:whole]:
                raise binascii.Error("there is something after its end")
            document.write(binascii.a2b_base64(text[:whole], strict_mode=True))
        document.write(binascii.a2b_base64(kept + b"=" * (-len(kept) % 4), strict_mode=True))
    except binascii.Error as error:
        document.close()
        raise Unreadable(f"bom: not base64: {error}", errors=(ErrorAt("/bom", "not base64"),)) from error
    return document


async def _of_form(request: Request) -> Bom:
    body = counted(request.stream(), _MOST + _OTHER)
    try:
        parser = MultiPartParser(request.headers, body, max_files=1, max_fields=20, max_part_size=_TEXT_PART)
        form = await parser.parse()
    except MultiPartException as error:
        raise InvalidInput(f"The multipart body cannot be read: {error.message}") from error
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str) and name != "bom"}
    try:
        fields = msgspec.convert(texts, BomFields, strict=False)
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"The form cannot be read: {error}") from error
    match form.get("bom"):
        case UploadFile(file=file):
            return Bom(fields, file)
        case str(text):
            return Bom(fields, _written(text.encode("utf-8", "surrogateescape")))
        case _:
            raise _missing()


def _written(text: bytes) -> IO[bytes]:
    document = tempfile.TemporaryFile()  # noqa: SIM115 - whoever gets it closes it
    document.write(text)
    return document


def _missing() -> InvalidInput:
    return InvalidInput("bom: one document, in base64 or as a part of a form", errors=(ErrorAt("/bom", "missing"),))
