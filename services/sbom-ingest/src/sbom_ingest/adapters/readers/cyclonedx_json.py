"""Reads CycloneDX JSON, 1.2 to 1.7: https://github.com/CycloneDX/specification."""

import re
from datetime import datetime

import msgspec

from sbom_ingest.adapters.readers.common import check_purl
from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.cyclonedx_elements import Elements
from sbom_ingest.adapters.readers.cyclonedx_licenses import license_claims
from sbom_ingest.adapters.readers.cyclonedx_rules import COMPONENTS, METADATA
from sbom_ingest.adapters.readers.cyclonedx_structs import CycloneDxComponent, Metadata, Tool, Tools
from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.versions import unknown_version
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import breaks_specification, not_an_sbom
from shared.contracts.documents import Root

VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
_SERIAL_NUMBER = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def recognises(content: Content) -> bool:
    """Whether `bomFormat` is there, or `specVersion` beside components or metadata."""
    members = content.json.members if content.json else {}
    return "bomFormat" in members or ("specVersion" in members and bool({"components", "metadata"} & members.keys()))


def read(content: Content, limits: Limits) -> Draft:
    """The facts of a CycloneDX JSON document."""
    assert content.json is not None
    bom = content.json
    draft = Draft("cyclonedx", "json", _version(bom), limits)
    _check_head(bom, draft)
    elements = Elements(draft)
    _read_metadata(bom, draft, elements)
    elements.add_components(bom.elements("components"), f"{bom.pointer}/components")
    elements.add_services(bom.elements("services"), f"{bom.pointer}/services")
    elements.add_dependencies(bom.elements("dependencies"), f"{bom.pointer}/dependencies")
    return draft


def _version(bom: JsonObject) -> str:
    if "bomFormat" in bom.members and bom.text("bomFormat") != "CycloneDX":
        raise not_an_sbom("The document has a `bomFormat` that is not 'CycloneDX'.")
    version = bom.text("specVersion")
    if version not in VERSIONS:
        raise unknown_version(version, "CycloneDX JSON", VERSIONS)
    return version


def _check_head(bom: JsonObject, draft: Draft) -> None:
    if "bomFormat" not in bom.members:
        draft.warn("missing-field", "`bomFormat` is missing; recognised by `specVersion`", bom.pointer)
    serial_number = bom.text("serialNumber")
    if serial_number and not _SERIAL_NUMBER.fullmatch(serial_number):
        raise breaks_specification(f"{bom.pointer}/serialNumber", "must be `urn:uuid:` and a UUID (RFC 4122)")


def _read_metadata(bom: JsonObject, draft: Draft, elements: Elements) -> None:
    if "metadata" not in bom.members:
        return
    pointer = f"{bom.pointer}/metadata"
    metadata = METADATA.decode(bom.members["metadata"], draft, pointer)
    license_claims(metadata.licenses, "declared", draft, f"{pointer}/licenses")
    _check_timestamp(metadata.timestamp, draft, f"{pointer}/timestamp")
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


def _check_timestamp(timestamp: str, draft: Draft, pointer: str) -> None:
    try:
        datetime.fromisoformat(timestamp or "1970-01-01")
    except ValueError:
        draft.warn("malformed-time", f"{timestamp[:40]!r} is no time (RFC 3339)", pointer)


def _tools(metadata: Metadata, draft: Draft, pointer: str) -> list[str]:
    try:
        tools = msgspec.json.decode(metadata.tools, type=Tools | list[Tool] | None)
    except msgspec.ValidationError as fault:
        draft.warn("field-ignored", str(fault), pointer)
        return []
    named = [*tools.components, *tools.services] if isinstance(tools, Tools) else tools or []
    written = (f"{tool.name} {tool.version}".strip() for tool in named)
    return list(dict.fromkeys(tool for tool in written if tool))
