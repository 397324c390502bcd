"""The body of an upload, whatever its form: the document itself, or multipart with the document in a part."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from sbom_ingest.application.ingest_sbom import Spooled
from sbom_ingest.entrypoints.spool import SizeLimits, spool
from shared.errors import ErrorAt, InvalidInput, OverLimit, UnsupportedEncoding
from shared.web.bodies import counted

_PARTS = ("sbom", "bom")
_MULTIPART_OVERHEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """The received document and the fields that came with it (query parameters, or those of a form)."""

    spooled: Spooled
    fields: dict[str, str]


async def receive(request: Request, path: Path, limits: SizeLimits) -> Upload:
    """Receive the document of the request into `path`; raises OverLimit, UnsupportedEncoding, Unreadable, InvalidInput."""
    fields = dict(request.query_params)
    encoding = request.headers.get("content-encoding", "")
    _check_declared(request.headers.get("content-length", ""), limits.sent + _MULTIPART_OVERHEAD)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return Upload(await spool(request.stream(), encoding, path, limits), fields)
    if encoding.strip().lower() not in ("", "identity"):
        raise UnsupportedEncoding("A form is not taken compressed; send the document itself with its Content-Encoding.")
    form = await _parse(request, limits)
    try:
        file = _document_of(form)
        fields |= _fields_of(form)
        return Upload(await spool(_chunks(file), "", path, limits), fields)
    finally:
        await form.close()


def _document_of(form: FormData) -> UploadFile:
    files = [(name, value) for name, value in form.multi_items() if isinstance(value, UploadFile)]
    documents = [value for name, value in files if name in _PARTS]
    if len(documents) == len(files) == 1:
        return documents[0]
    message = "missing" if not documents else "there are several files; send one document"
    raise InvalidInput(f"sbom: the form needs one file part `sbom`: {message}", errors=(ErrorAt("sbom", message),))


def _fields_of(form: FormData) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        if name in fields:
            raise InvalidInput(f"{name}: the form has it twice", errors=(ErrorAt(name, "twice"),))
        if isinstance(value, str):
            fields[name] = value
    return fields


def _check_declared(length: str, most: int) -> None:
    """Refuse what says itself that it is too long, before any of it is received."""
    if length.isdecimal() and int(length[:20]) > most:
        raise OverLimit(f"The body passes the limit sent-bytes of {most:,}.", limit="sent-bytes")


async def _parse(request: Request, limits: SizeLimits) -> FormData:
    try:
        parser = MultiPartParser(
            request.headers, counted(request.stream(), limits.sent + _MULTIPART_OVERHEAD), max_files=2, max_fields=20
        )
        return await parser.parse()
    except MultiPartException as error:
        raise InvalidInput(f"The multipart body cannot be read: {error.message}") from error


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(256 * 1024):
        yield chunk
