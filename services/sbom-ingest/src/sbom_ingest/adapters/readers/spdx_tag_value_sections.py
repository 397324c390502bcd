"""From the tags of an SPDX 2 element to the structs that all serializations share."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sbom_ingest.adapters.readers.spdx_structs import (
    Annotation,
    Checksum,
    CreationInfo,
    ExternalRef,
    ExtractedLicensingInfo,
    Relationship,
    SpdxFile,
    SpdxPackage,
)
from sbom_ingest.adapters.readers.tag_value_document import Section, Tag

_TAGS_OF_FIELDS = {
    "dataLicense": ("DataLicense",),
    "creationInfo/created": ("Created",),
    "licenseConcluded": ("PackageLicenseConcluded", "LicenseConcluded"),
    "licenseDeclared": ("PackageLicenseDeclared",),
    "licenseInfoFromFiles": ("PackageLicenseInfoFromFiles",),
    "licenseInfoInFiles": ("LicenseInfoInFile",),
    "externalRefs": ("ExternalRef",),
    "checksums": ("PackageChecksum", "FileChecksum"),
    "extractedText": ("ExtractedText",),
    "comment": ("PackageComment",),
}

_SINGLE = {
    "SPDXID": "spdx_id",
    "PackageVersion": "version",
    "PackageSupplier": "supplier",
    "PackageOriginator": "originator",
    "PackageDownloadLocation": "download_location",
    "PackageLicenseConcluded": "license_concluded",
    "PackageLicenseDeclared": "license_declared",
    "PrimaryPackagePurpose": "purpose",
    "PackageComment": "comment",
}
"""Tags of a package that stand once, and the fields that they are."""


class LinePlace(NamedTuple):
    """A line."""

    line: int

    def __str__(self) -> str:
        """The line."""
        return f"line {self.line}"

    def field(self, name: str, index: int | None = None) -> str:
        """The line."""
        return str(self)


class SectionPlace(NamedTuple):
    """The lines of an element and its fields."""

    section: Section

    def __str__(self) -> str:
        """The line where the element begins."""
        return f"line {self.section.begin.line}"

    def field(self, name: str, index: int | None = None) -> str:
        """The line of a field; that of the element where the field has no tag of its own."""
        for tag in _TAGS_OF_FIELDS.get(name, ()):
            if found := self.section.tags.get(tag):
                return f"line {found[index or 0].line}"
        return str(self)


def to_package(section: Section, annotations: Sequence[str]) -> SpdxPackage:
    """A package from `PackageName` on."""
    told: dict[str, Any] = {}
    for name, found in section.tags.items():
        if name in _SINGLE:
            told[_SINGLE[name]] = found[0].value
        elif name in _REPEATED:
            field, made = _REPEATED[name]
            told[field] = made([tag.value for tag in found])
    if annotations:
        told["annotations"] = [Annotation(comment) for comment in annotations]
    return SpdxPackage(section.begin.value, **told)


def to_file(section: Section, annotations: Sequence[str]) -> SpdxFile:
    """A file from `FileName` on."""
    return SpdxFile(
        name=section.begin.value,
        spdx_id=section.first("SPDXID"),
        license_concluded=section.first("LicenseConcluded"),
        license_info_in_files=section.values("LicenseInfoInFile"),
        copyright_text=_copyright(section.values("FileCopyrightText")),
        checksums=_checksums(section.values("FileChecksum")),
        notice_text=section.first("FileNotice"),
        attribution_texts=section.values("FileAttributionText"),
        annotations=[Annotation(comment) for comment in annotations],
    )


def to_extracted_license(section: Section) -> ExtractedLicensingInfo:
    """A licence that the document defines, from `LicenseID` on."""
    return ExtractedLicensingInfo(section.begin.value, section.first("LicenseName"), section.first("ExtractedText"))


def to_creation(section: Section) -> CreationInfo | None:
    """Who made the document; None where nothing says so."""
    creators = section.values("Creator")
    created = section.first("Created")
    return CreationInfo(created, creators) if creators or created else None


def to_relationship(tag: Tag) -> Relationship | None:
    """`source TYPE target`; None where the value is not of this form."""
    words = tag.value.split()
    return Relationship(*words) if len(words) == 3 else None


def _copyright(values: Sequence[str]) -> str:
    return values[0].strip() if len(values) == 1 else "\n".join(value.strip() for value in values)


def _checksums(values: Sequence[str]) -> list[Checksum]:
    # "SHA1: 2fd4…": what is not of this form has no value and is warned of later.
    parted = (value.partition(":") for value in values)
    return [Checksum(algorithm.strip(), digest.strip()) for algorithm, _, digest in parted]


def _external_refs(values: Sequence[str]) -> list[ExternalRef]:
    # "PACKAGE-MANAGER purl pkg:npm/a@1": category, type, locator.
    parted = ([*value.split(None, 2), "", "", ""] for value in values)
    return [ExternalRef(words[1], words[2]) for words in parted]


_REPEATED: dict[str, tuple[str, Callable[[Sequence[str]], Any]]] = {
    "PackageLicenseInfoFromFiles": ("license_info_from_files", list),
    "PackageCopyrightText": ("copyright_text", _copyright),
    "PackageChecksum": ("checksums", _checksums),
    "ExternalRef": ("external_refs", _external_refs),
    "PackageAttributionText": ("attribution_texts", list),
}
"""Tags of a package that may stand several times, the fields that they are, and how these are made of the values."""
