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
}


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
    return SpdxPackage(
        name=section.begin.value,
        spdx_id=section.first("SPDXID"),
        version=section.first("PackageVersion"),
        supplier=section.first("PackageSupplier"),
        originator=section.first("PackageOriginator"),
        download_location=section.first("PackageDownloadLocation"),
        license_concluded=section.first("PackageLicenseConcluded"),
        license_declared=section.first("PackageLicenseDeclared"),
        license_info_from_files=section.values("PackageLicenseInfoFromFiles"),
        copyright_text=_copyright(section.values("PackageCopyrightText")),
        checksums=_checksums(section.values("PackageChecksum")),
        external_refs=[_external_ref(value) for value in section.values("ExternalRef")],
        attribution_texts=section.values("PackageAttributionText"),
        annotations=[Annotation(comment) for comment in annotations],
        purpose=section.first("PrimaryPackagePurpose"),
    )


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
    return "\n".join(value.strip() for value in values)


def _checksums(values: Sequence[str]) -> list[Checksum]:
    # "SHA1: 2fd4…": what is not of this form has no value and is warned of later.
    parted = (value.partition(":") for value in values)
    return [Checksum(algorithm.strip(), digest.strip()) for algorithm, _, digest in parted]


def _external_ref(value: str) -> ExternalRef:
    # "PACKAGE-MANAGER purl pkg:npm/a@1": category, type, locator.
    words = [*value.split(None, 2), "", "", ""]
    return ExternalRef(words[1], words[2])
