"""The one table of readers, and the one way from the bytes of a document to a result or a refusal."""

from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

from sbom_ingest.adapters.readers import (
    cyclonedx_json,
    cyclonedx_xml,
    ort_json,
    ort_yaml,
    scancode_json,
    spdx3_json,
    spdx_json,
    spdx_rdf,
    spdx_tag_value,
    spdx_xml,
    spdx_yaml,
)
from sbom_ingest.adapters.readers.content import Content, Reader
from sbom_ingest.adapters.readers.encoding import to_utf8
from sbom_ingest.adapters.readers.json_document import open_json
from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.adapters.readers.strangers import what_it_is_instead
from sbom_ingest.adapters.readers.xml_document import open_xml
from sbom_ingest.domain.assembly import assemble
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import ReadResult, Refusal, Refused

READERS: tuple[Reader, ...] = (
    cyclonedx_json,
    cyclonedx_xml,
    spdx_json,
    spdx_rdf,
    spdx_tag_value,
    spdx_xml,
    spdx_yaml,
    spdx3_json,
    ort_json,
    ort_yaml,
    scancode_json,
)


def read(
    document: BinaryIO, inventory: BinaryIO, limits: Limits, new_stream: Callable[[], BinaryIO] = BytesIO
) -> ReadResult | Refusal:
    """Recognise, read and normalise a document, whatever it is called or said to be.

    Writes the JSON encoding of the `Inventory` to `inventory`. What grows with the document is kept in streams that
    `new_stream` makes.
    """
    try:
        return _read(document, inventory, limits, new_stream)
    except Refused as refused:
        return refused.refusal


def _read(document: BinaryIO, inventory: BinaryIO, limits: Limits, new_stream: Callable[[], BinaryIO]) -> ReadResult:
    decoded = to_utf8(document, new_stream)
    content = _opened(decoded.source, limits, new_stream)
    reader = next((reader for reader in READERS if reader.recognises(content)), None)
    if reader is None:
        raise what_it_is_instead(content, [reader.READS for reader in READERS])
    draft = reader.read(content, limits)
    draft.refuse_faults()
    if decoded.remark:
        draft.warn("encoding", decoded.remark, "")
    facts, digest = assemble(draft, inventory)
    return ReadResult(facts, digest, draft.listed_warnings(), draft.ignored)


def _opened(source: Source, limits: Limits, new_stream: Callable[[], BinaryIO]) -> Content:
    match _first_character(source):
        case b"{" | b"[":
            return Content(source, open_json(source.whole(), limits), None, new_stream)
        case b"<":
            return Content(source, None, open_xml(source), new_stream)
        case _:
            return Content(source, None, None, new_stream)


def _first_character(source: Source) -> bytes:
    return next((found for piece in source.pieces() if (found := piece.lstrip(b" \t\r\n")[:1])), b"")
