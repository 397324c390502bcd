"""From the tags of an SPDX 2 element to the structs that all serializations share."""

from collections.abc import Sequence
from typing import NamedTuple

from sbom_ingest.adapters.readers.spdx_structs import (
    Annotation,
    Checksum,
    CreationInfo,
    ExternalRef,
    ExtractedLicensingInfo,
    Relationship,
    SpdxFile,
    SpdxPackage,
    SpdxSnippet,
)
from sbom_ingest.adapters.readers.tag_value_document import Section

_TAGS_OF_FIELDS = {
    "dataLicense": ("DataLicense",),
    "creationInfo/created": ("Created",),
    "licenseConcluded": ("PackageLicenseConcluded", "LicenseConcluded", "SnippetLicenseConcluded"),
    "licenseDeclared": ("PackageLicenseDeclared",),
    "licenseInfoFromFiles": ("PackageLicenseInfoFromFiles",),
    "licenseInfoInFiles": ("LicenseInfoInFile",),
    "licenseInfoInSnippets": ("LicenseInfoInSnippet",),
    "externalRefs": ("ExternalRef",),
    "checksums": ("PackageChecksum", "FileChecksum"),
    "extractedText": ("ExtractedText",),
    "comment": ("PackageComment",),
}


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
            if line := self.section.line(tag, index or 0):
                return f"line {line}"
        return str(self)


def to_package(section: Section, annotations: Sequence[str]) -> SpdxPackage:
    """A package from `PackageName` on."""
    value, values = section.values.get, section.all
    # In the order of the fields: a call by names takes several times as long.
    return SpdxPackage(
        section.begin.value,
        value("SPDXID", ""),
        value("PackageVersion", ""),
        value("PackageSupplier", ""),
        value("PackageOriginator", ""),
        value("PackageDownloadLocation", ""),
        value("PackageLicenseConcluded", ""),
        value("PackageLicenseDeclared", ""),
        values("PackageLicenseInfoFromFiles"),
        _copyright(values("PackageCopyrightText")),
        _checksums(values("PackageChecksum")),
        _external_refs(values("ExternalRef")),
        values("PackageAttributionText"),
        [Annotation(comment) for comment in annotations],
        value("PackageComment", ""),
        value("PrimaryPackagePurpose", ""),
    )


def to_file(section: Section, annotations: Sequence[str]) -> SpdxFile:
    """A file from `FileName` on."""
    return SpdxFile(
        name=section.begin.value,
        spdx_id=section.first("SPDXID"),
        license_concluded=section.first("LicenseConcluded"),
        license_info_in_files=section.all("LicenseInfoInFile"),
        copyright_text=_copyright(section.all("FileCopyrightText")),
        checksums=_checksums(section.all("FileChecksum")),
        notice_text=section.first("FileNotice"),
        attribution_texts=section.all("FileAttributionText"),
        annotations=[Annotation(comment) for comment in annotations],
    )


def to_snippet(section: Section) -> SpdxSnippet:
    """A snippet from `SnippetSPDXID` on."""
    return SpdxSnippet(
        spdx_id=section.begin.value,
        file=section.first("SnippetFromFileSPDXID"),
        license_concluded=section.first("SnippetLicenseConcluded"),
        license_info=section.all("LicenseInfoInSnippet"),
        copyright_text=_copyright(section.all("SnippetCopyrightText")),
        attribution_texts=section.all("SnippetAttributionText"),
    )


def to_extracted_license(section: Section) -> ExtractedLicensingInfo:
    """A licence that the document defines, from `LicenseID` on."""
    return ExtractedLicensingInfo(section.begin.value, section.first("LicenseName"), section.first("ExtractedText"))


def to_creation(section: Section) -> CreationInfo | None:
    """Who made the document; None where nothing says so."""
    creators = section.all("Creator")
    created = section.first("Created")
    return CreationInfo(created, creators) if creators or created else None


def to_relationship(written: str) -> Relationship | None:
    """`source TYPE target`; None where it is not of this form."""
    words = written.split()
    return Relationship(*words) if len(words) == 3 else None


def _copyright(values: Sequence[str]) -> str:
    return "\n".join(value.strip() for value in values) if values else ""


def _checksums(values: Sequence[str]) -> list[Checksum]:
    # "SHA1: 2fd4…": what is not of this form has no value and is warned of later.
    parted = (value.partition(":") for value in values)
    return [Checksum(algorithm.strip(), digest.strip()) for algorithm, _, digest in parted]


def _external_refs(values: Sequence[str]) -> list[ExternalRef]:
    # "PACKAGE-MANAGER purl pkg:npm/a@1": category, type, locator.
    parted = ([*value.split(None, 2), "", "", ""] for value in values)
    return [ExternalRef(words[1], words[2]) for words in parted]
