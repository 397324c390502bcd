"""The one table of readers, and the one way from the bytes of a document to a result or a refusal."""

from hashlib import sha256

import msgspec

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

_encoder = msgspec.json.Encoder()


def read(document: bytes, limits: Limits) -> ReadResult | Refusal:
    """Recognise, read and normalise a document, whatever it is called or said to be."""
    try:
        return _read(document, limits)
    except Refused as refused:
        return refused.refusal


def _read(document: bytes, limits: Limits) -> ReadResult:
    decoded = to_utf8(document)
    content = _opened(decoded.text, limits)
    reader = next((reader for reader in READERS if reader.recognises(content)), None)
    if reader is None:
        raise what_it_is_instead(content, [reader.READS for reader in READERS])
    draft = reader.read(content, limits)
    draft.refuse_faults()
    if decoded.remark:
        draft.warn("encoding", decoded.remark, "")
    assembled = assemble(draft)
    inventory = _encoder.encode(assembled.inventory)
    digest = sha256(inventory).hexdigest()
    return ReadResult(assembled.facts, inventory, digest, draft.warnings, draft.ignored)


def _opened(text: bytes, limits: Limits) -> Content:
    match text.lstrip(b" \t\r\n")[:1] if text[:1].isspace() else text[:1]:
        case b"{" | b"[":
            return Content(text, json=open_json(text, limits.depth))
        case b"<":
            return Content(text, xml=open_xml(text))
        case _:
            return Content(text)
