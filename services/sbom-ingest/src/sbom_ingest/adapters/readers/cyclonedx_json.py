"""Reads CycloneDX JSON, 1.2 to 1.7: https://github.com/CycloneDX/specification."""

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.cyclonedx_elements import Elements
from sbom_ingest.adapters.readers.cyclonedx_metadata import check_serial_number, read_metadata
from sbom_ingest.adapters.readers.cyclonedx_rules import COMPOSITIONS, DEPENDENCIES
from sbom_ingest.adapters.readers.cyclonedx_unread import entries_of, warn_of_unread
from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.versions import unknown_version
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import not_an_sbom

READS = "CycloneDX 1.2 to 1.7 in JSON"
VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")


def recognises(content: Content) -> bool:
    """Whether `bomFormat` is there, or `specVersion` beside components or metadata."""
    members = content.json.members if content.json else {}
    return "bomFormat" in members or ("specVersion" in members and bool({"components", "metadata"} & members.keys()))


def read(content: Content, limits: Limits) -> Draft:
    """The facts of a CycloneDX JSON document."""
    assert content.json is not None
    bom = content.json
    draft = content.draft("cyclonedx", "json", _version(bom), limits)
    _check_head(bom, draft)
    elements = Elements(draft)
    if "metadata" in bom.members:
        read_metadata(bom.members["metadata"], draft, elements, f"{bom.pointer}/metadata")
    components = bom.elements("components")
    draft.check_elements(len(components))
    for index, raw in enumerate(components):
        elements.add_component(raw, f"{bom.pointer}/components/{index}")
    elements.add_services(bom.elements("services"), f"{bom.pointer}/services")
    dependencies = bom.elements("dependencies")
    draft.check_references(len(dependencies), f"{bom.pointer}/dependencies")
    for index, raw in enumerate(dependencies):
        pointer = f"{bom.pointer}/dependencies/{index}"
        elements.add_dependency(DEPENDENCIES.decode(raw, draft, pointer), pointer)
    compositions = bom.elements("compositions")
    draft.check_references(len(compositions), f"{bom.pointer}/compositions")
    for index, raw in enumerate(compositions):
        pointer = f"{bom.pointer}/compositions/{index}"
        elements.add_composition(COMPOSITIONS.decode(raw, draft, pointer), pointer)
    warn_of_unread(entries_of(bom.members), draft, bom.pointer)
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
    check_serial_number(bom.text("serialNumber"), f"{bom.pointer}/serialNumber")
