"""What a CycloneDX document says of itself: its number, its root, when it was made and by which tools."""

import re

import msgspec
from msgspec import Raw

from sbom_ingest.adapters.readers.common import check_purl, read_time
from sbom_ingest.adapters.readers.cyclonedx_elements import Elements
from sbom_ingest.adapters.readers.cyclonedx_licenses import license_claims
from sbom_ingest.adapters.readers.cyclonedx_rules import COMPONENTS, METADATA
from sbom_ingest.adapters.readers.cyclonedx_structs import CycloneDxComponent, Metadata, Tool, Tools
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import breaks_specification
from shared.contracts.documents import Root

_SERIAL_NUMBER = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def check_serial_number(serial_number: str | None, pointer: str) -> None:
    """Refuse a serial number that is no UUID URN."""
    if serial_number and not _SERIAL_NUMBER.fullmatch(serial_number):
        raise breaks_specification(pointer, "must be `urn:uuid:` and a UUID (RFC 4122)")


def read_metadata(raw: Raw | bytes, draft: Draft, elements: Elements, pointer: str) -> None:
    """Note the root that `metadata` names, and who made the document when, with which tools, at which stage."""
    metadata = METADATA.decode(raw, draft, pointer)
    license_claims(metadata.licenses, "declared", draft, f"{pointer}/licenses")
    draft.created = read_time(metadata.timestamp, "RFC 3339", draft, f"{pointer}/timestamp")
    draft.authors = _authors(metadata)
    draft.generation_context = [stage.phase or stage.name for stage in metadata.lifecycles if stage.phase or stage.name]
    draft.tool = _tools(metadata, draft, f"{pointer}/tools")
    if bytes(metadata.component) != b"null":
        root = COMPONENTS.decode(metadata.component, draft, f"{pointer}/component")
        draft.root = _root(root, draft, f"{pointer}/component")
        elements.add_root(root, f"{pointer}/component")


def _root(written: CycloneDxComponent, draft: Draft, pointer: str) -> Root:
    license_claims(written.licenses, "declared", draft, f"{pointer}/licenses")
    check_purl(written.purl, draft, f"{pointer}/purl")
    return Root(
        name=written.name or None,
        version=written.version or None,
        purl=written.purl or None,
        group=written.group or None,
        type=written.type,
    )


def _authors(metadata: Metadata) -> list[str]:
    """Who made the document. Its `supplier` and `manufacture` are those of the root."""
    named = [*metadata.authors, *([metadata.manufacturer] if metadata.manufacturer else [])]
    return list(dict.fromkeys(author.name for author in named if author.name))


def _tools(metadata: Metadata, draft: Draft, pointer: str) -> list[str]:
    try:
        tools = msgspec.json.decode(metadata.tools, type=Tools | list[Tool] | None)
    except msgspec.ValidationError as fault:
        draft.warn("field-ignored", str(fault), pointer)
        return []
    named = [*tools.components, *tools.services] if isinstance(tools, Tools) else tools or []
    written = (f"{tool.name} {tool.version}".strip() for tool in named)
    return list(dict.fromkeys(tool for tool in written if tool))
