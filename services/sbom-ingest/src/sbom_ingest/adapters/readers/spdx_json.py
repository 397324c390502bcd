"""Reads SPDX JSON, 2.2 and 2.3: https://spdx.github.io/spdx-spec/v2.3/."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Raw

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.spdx_elements import SpdxElements
from sbom_ingest.adapters.readers.spdx_structs import (
    CreationInfo,
    ExtractedLicensingInfo,
    Identified,
    Relationship,
    SpdxFile,
    SpdxPackage,
)
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.adapters.readers.versions import unknown_version
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused

VERSIONS = ("2.2", "2.3")
_DECIDING = frozenset({"name", "licenseConcluded", "licenseDeclared", "licenseInfoFromFiles", "licenseInfoInFiles"})


def _element_matters(fault: Fault) -> bool:
    return fault.path[0] in _DECIDING and (fault.value is not None or fault.path[0] == "name")


def _never_matters(fault: Fault) -> bool:
    return False


_PACKAGES = TolerantDecoder(SpdxPackage, _element_matters)
_FILES = TolerantDecoder(SpdxFile, _element_matters)
_IDENTIFIED = TolerantDecoder(Identified, _never_matters)
_RELATIONSHIPS = TolerantDecoder(Relationship, _never_matters)
_EXTRACTED = TolerantDecoder(ExtractedLicensingInfo, _never_matters)
_CREATION = TolerantDecoder(CreationInfo, _never_matters)


def recognises(content: Content) -> bool:
    """Whether `spdxVersion` is there."""
    return content.json is not None and "spdxVersion" in content.json.members


def read(content: Content, limits: Limits) -> Draft:
    """The facts of an SPDX JSON document."""
    assert content.json is not None
    spdx = content.json
    draft = Draft("spdx", "json", _version(spdx), limits)
    _read_head(spdx, draft)
    elements = SpdxElements(draft)
    _read_elements(spdx, draft, elements)
    for raw, pointer in _entries(spdx, "hasExtractedLicensingInfos"):
        elements.add_extracted_license(_EXTRACTED.decode(raw, draft, pointer), pointer)
    _read_relationships(spdx, draft, elements)
    elements.settle()
    return draft


def _version(spdx: JsonObject) -> str:
    written = spdx.text("spdxVersion")
    version = (written or "").removeprefix("SPDX-")
    if version not in VERSIONS:
        raise unknown_version(written, "SPDX JSON", VERSIONS)
    return version


def _entries(spdx: JsonObject, key: str) -> Iterator[tuple[Raw, str]]:
    for index, raw in enumerate(spdx.elements(key)):
        yield raw, f"{spdx.pointer}/{key}/{index}"


def _read_head(spdx: JsonObject, draft: Draft) -> None:
    if spdx.text("dataLicense") != "CC0-1.0":
        draft.warn("missing-field", "`dataLicense` must be CC0-1.0 (6.2)", f"{spdx.pointer}/dataLicense")
    if "creationInfo" not in spdx.members:
        draft.warn("missing-field", "`creationInfo` is missing (6)", spdx.pointer)
        return
    pointer = f"{spdx.pointer}/creationInfo"
    creation = _CREATION.decode(spdx.members["creationInfo"], draft, pointer)
    tools = (creator.removeprefix("Tool:").strip() for creator in creation.creators if creator.startswith("Tool:"))
    draft.tool = list(dict.fromkeys(tools))
    try:
        datetime.fromisoformat(creation.created or "1970-01-01")
    except ValueError:
        draft.warn("malformed-time", f"{creation.created[:40]!r} is no time (6.9)", f"{pointer}/created")


def _read_elements(spdx: JsonObject, draft: Draft, elements: SpdxElements) -> None:
    """Add packages, or files where there is no package; files beside packages are counted and known by id."""
    packages, files = spdx.elements("packages"), spdx.elements("files")
    draft.check_elements(len(packages) or len(files))
    for index, raw in enumerate(packages):
        pointer = f"{spdx.pointer}/packages/{index}"
        try:
            elements.add_package(_PACKAGES.decode(raw, draft, pointer), len(memoryview(raw)), pointer)
        except Refused as refused:
            draft.note_fault(refused)
    draft.files = len(files) if packages else 0
    for index, raw in enumerate(files):
        pointer = f"{spdx.pointer}/files/{index}"
        if packages:
            elements.note_id(_IDENTIFIED.decode(raw, draft, pointer).spdx_id)
        else:
            elements.add_file(_FILES.decode(raw, draft, pointer), pointer)
    for raw, pointer in _entries(spdx, "snippets"):
        elements.note_id(_IDENTIFIED.decode(raw, draft, pointer).spdx_id)


def _read_relationships(spdx: JsonObject, draft: Draft, elements: SpdxElements) -> None:
    relationships = spdx.elements("relationships")
    draft.check_relationships(len(relationships))
    for raw, pointer in _entries(spdx, "documentDescribes"):
        try:
            elements.describe(msgspec.json.decode(raw, type=str), pointer)
        except msgspec.ValidationError as fault:
            draft.warn("field-ignored", str(fault), pointer)
    for index, raw in enumerate(relationships):
        pointer = f"{spdx.pointer}/relationships/{index}"
        elements.relate(_RELATIONSHIPS.decode(raw, draft, pointer), pointer)
