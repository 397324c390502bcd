"""The tags of SPDX 2.1 to 2.3 (https://spdx.github.io/spdx-spec/v2.3/)."""

from collections.abc import Set

from sbom_ingest.adapters.readers.tag_value_document import TagNames

# fmt: off
BEGINNINGS = frozenset({"PackageName", "FileName", "SnippetSPDXID", "LicenseID"})
"""Each begins an element of its own."""

OF_DOCUMENT = frozenset({"SPDXVersion", "DataLicense", "Creator", "Created"})
"""They belong to the document, wherever they stand."""

SEVERAL = frozenset({
    "PackageLicenseInfoFromFiles", "PackageChecksum", "ExternalRef", "PackageAttributionText", "PackageCopyrightText",
    "LicenseInfoInFile", "FileChecksum", "FileAttributionText", "FileCopyrightText", "LicenseInfoInSnippet",
    "SnippetCopyrightText", "SnippetAttributionText", "Creator",
})
"""They may stand several times in an element. One copyright text is meant; no line of several is lost."""

DECIDING = frozenset({"PackageLicenseConcluded", "PackageLicenseDeclared", "LicenseConcluded", "ExtractedText"})
"""They may stand once, and which of two is meant would matter."""

OF_ELEMENTS = (SEVERAL - OF_DOCUMENT) | DECIDING | {
    "SPDXID", "PackageVersion", "PackageSupplier", "PackageOriginator", "PackageDownloadLocation", "PrimaryPackagePurpose",
    "PackageComment", "FileNotice", "LicenseName", "SnippetFromFileSPDXID", "SnippetLicenseConcluded",
}
"""They belong to the element that began last."""

NOT_USED = frozenset({
    "DocumentName", "DocumentNamespace", "DocumentComment", "ExternalDocumentRef", "LicenseListVersion",
    "CreatorComment", "PackageFileName", "FilesAnalyzed", "PackageVerificationCode",
    "PackageHomePage", "PackageSourceInfo", "PackageLicenseComments", "PackageSummary", "PackageDescription",
    "ExternalRefComment", "ReleaseDate", "BuiltDate", "ValidUntilDate", "FileType",
    "LicenseComments", "FileComment", "FileContributor", "FileDependency", "ArtifactOfProjectName",
    "ArtifactOfProjectHomePage", "ArtifactOfProjectURI", "SnippetByteRange",
    "SnippetLineRange", "SnippetLicenseComments", "SnippetComment", "SnippetName", "LicenseCrossReference",
    "LicenseComment", "RelationshipComment", "Annotator", "AnnotationDate", "AnnotationType", "SPDXREF",
    "AnnotationComment", "Reviewer", "ReviewDate", "ReviewComment",
})
"""Licence work reads none of them here."""
# fmt: on


def _names(of_elements: Set[str], *others: str) -> TagNames:
    known = BEGINNINGS | OF_DOCUMENT | OF_ELEMENTS | NOT_USED | {"Relationship"}
    told = {*of_elements, *others}
    return TagNames({name.encode(): name if name in told else "" for name in known}, of_elements)


NAMES = _names(OF_ELEMENTS, *BEGINNINGS, *OF_DOCUMENT, "Relationship")
OF_ANNOTATIONS = _names({"SPDXREF", "AnnotationComment"}, "Annotator")
"""What is told of a document, and of its annotations alone."""
