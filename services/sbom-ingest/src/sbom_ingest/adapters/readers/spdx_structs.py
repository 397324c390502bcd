"""SPDX 2.2 and 2.3 objects with the fields that licence work reads (https://spdx.github.io/spdx-spec/v2.3/)."""

from msgspec import Struct, field


class Checksum(Struct, rename="camel"):
    """A digest (7.10, 8.4)."""

    algorithm: str = ""
    checksum_value: str = ""


class ExternalRef(Struct, rename="camel"):
    """A reference to something outside of SPDX, such as a package URL (7.21)."""

    reference_type: str = ""
    reference_locator: str = ""


class Annotation(Struct):
    """A comment that somebody adds (12)."""

    comment: str = ""


class SpdxPackage(
    Struct,
    rename={"spdx_id": "SPDXID"}
    | {
        "version": "versionInfo",
        "download_location": "downloadLocation",
        "license_concluded": "licenseConcluded",
        "license_declared": "licenseDeclared",
        "license_info_from_files": "licenseInfoFromFiles",
        "copyright_text": "copyrightText",
        "external_refs": "externalRefs",
        "attribution_texts": "attributionTexts",
        "purpose": "primaryPackagePurpose",
        "has_files": "hasFiles",
    },
):
    """A package (7)."""

    name: str
    spdx_id: str = ""
    version: str = ""
    supplier: str = ""
    originator: str = ""
    download_location: str = ""
    license_concluded: str = ""
    license_declared: str = ""
    license_info_from_files: list[str] = field(default_factory=list)
    copyright_text: str = ""
    checksums: list[Checksum] = field(default_factory=list)
    external_refs: list[ExternalRef] = field(default_factory=list)
    attribution_texts: list[str] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    comment: str = ""
    purpose: str = ""
    has_files: list[str] = field(default_factory=list)


class SpdxFile(
    Struct,
    rename={"spdx_id": "SPDXID"}
    | {
        "name": "fileName",
        "license_concluded": "licenseConcluded",
        "license_info_in_files": "licenseInfoInFiles",
        "copyright_text": "copyrightText",
        "notice_text": "noticeText",
        "attribution_texts": "attributionTexts",
    },
):
    """A file (8)."""

    name: str = ""
    spdx_id: str = ""
    license_concluded: str = ""
    license_info_in_files: list[str] = field(default_factory=list)
    copyright_text: str = ""
    checksums: list[Checksum] = field(default_factory=list)
    notice_text: str = ""
    attribution_texts: list[str] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)


class SpdxSnippet(
    Struct,
    rename={"spdx_id": "SPDXID"}
    | {
        "file": "snippetFromFile",
        "license_concluded": "licenseConcluded",
        "license_info": "licenseInfoInSnippets",
        "copyright_text": "copyrightText",
        "attribution_texts": "attributionTexts",
    },
):
    """A part of a file (9)."""

    spdx_id: str = ""
    file: str = ""
    license_concluded: str = ""
    license_info: list[str] = field(default_factory=list)
    copyright_text: str = ""
    attribution_texts: list[str] = field(default_factory=list)


class Relationship(
    Struct,
    rename={
        "source": "spdxElementId",
        "type": "relationshipType",
        "target": "relatedSpdxElement",
    },
):
    """How two elements stand to each other (11)."""

    source: str = ""
    type: str = ""
    target: str = ""


class ExtractedLicensingInfo(Struct, rename="camel"):
    """A licence that is not on the SPDX list (10)."""

    license_id: str = ""
    name: str = ""
    extracted_text: str = ""


class CreationInfo(Struct):
    """Who made the document, and when (6.8, 6.9)."""

    created: str = ""
    creators: list[str] = field(default_factory=list)
