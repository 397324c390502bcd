"""Reads the members of SPDX's JSON shape (https://spdx.github.io/spdx-spec/v2.3/), which YAML and XML have too."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import msgspec
from msgspec import Raw

from sbom_ingest.adapters.readers.spdx_document import checked_version, read_head
from sbom_ingest.adapters.readers.spdx_elements import SpdxElements
from sbom_ingest.adapters.readers.spdx_places import JsonPlace, Place, Places
from sbom_ingest.adapters.readers.spdx_structs import (
    CreationInfo,
    ExtractedLicensingInfo,
    Relationship,
    SpdxFile,
    SpdxPackage,
    SpdxSnippet,
)
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import Refused

_DECIDING = frozenset({"name", "licenseConcluded", "licenseDeclared", "licenseInfoFromFiles", "licenseInfoInFiles"})


def _element_matters(fault: Fault) -> bool:
    return fault.path[0] in _DECIDING and (fault.value is not None or fault.path[0] == "name")


def _never_matters(fault: Fault) -> bool:
    return False


_PACKAGES = TolerantDecoder(SpdxPackage, _element_matters)
_FILES = TolerantDecoder(SpdxFile, _element_matters)
_SNIPPETS = TolerantDecoder(SpdxSnippet, _never_matters)
_RELATIONSHIPS = TolerantDecoder(Relationship, _never_matters)
_EXTRACTED = TolerantDecoder(ExtractedLicensingInfo, _never_matters)
_CREATION = TolerantDecoder(CreationInfo, _never_matters)


def json_places(pointer: str) -> Places:
    """The places of entries in a JSON object that stands at `pointer`."""
    return lambda key, index: JsonPlace(f"{pointer}/{key}/{index}")


class Entries(Protocol):
    """The entries of a list member, in JSON."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def __iter__(self) -> Iterator[Raw]:
        """The entries in their order."""
        ...


class Members(Protocol):
    """The top members of a document in the JSON shape."""

    @property
    def members(self) -> Mapping[str, Raw]:
        """The members that are no lists of elements, by their names."""
        ...

    def text(self, key: str) -> str | None:
        """The member as a string; None where it is missing or something else."""
        ...

    def elements(self, key: str) -> Entries:
        """The entries of a list member; none where it is missing or null, refused if it is no list."""
        ...


def read_members(spdx: Members, draft: Draft, document: Place, places: Places) -> Draft:
    """The draft with the facts of an SPDX document that stands at `document`, whose entries stand at `places`."""
    draft.spec_version = checked_version(spdx.text("spdxVersion"))
    _read_head(spdx, draft, document)
    reading = _Reading(spdx, draft, places, SpdxElements(draft))
    reading.add_elements()
    reading.add_extracted_licenses()
    reading.add_relationships()
    reading.elements.settle()
    return draft


def _read_head(spdx: Members, draft: Draft, document: Place) -> None:
    creation = None
    if "creationInfo" in spdx.members:
        creation = _CREATION.decode(spdx.members["creationInfo"], draft, document.field("creationInfo"))
    read_head(spdx.text("dataLicense"), creation, draft, document)


class _Reading:
    """One document while its members are read."""

    def __init__(self, spdx: Members, draft: Draft, places: Places, elements: SpdxElements) -> None:
        self._spdx = spdx
        self._draft = draft
        self._places = places
        self.elements = elements

    def _entries(self, key: str, entries: Iterable[Raw] | None = None) -> Iterator[tuple[Raw, Place]]:
        for index, raw in enumerate(self._spdx.elements(key) if entries is None else entries):
            yield raw, self._places(key, index)

    def add_elements(self) -> None:
        """Add packages, or files where there is no package; what files beside packages say counts for these."""
        packages, files = self._spdx.elements("packages"), self._spdx.elements("files")
        self._draft.check_elements(len(packages) or len(files))
        self._draft.files = len(files) if packages else 0
        self._add_packages(packages)
        for raw, place in self._entries("files", files):
            file = _FILES.decode(raw, self._draft, str(place))
            if packages:
                self.elements.add_part(file, len(memoryview(raw)), place)
            else:
                self.elements.add_file(file, place)
        for raw, place in self._entries("snippets"):
            snippet = _SNIPPETS.decode(raw, self._draft, str(place))
            self.elements.add_snippet(snippet, len(memoryview(raw)), place)

    def _add_packages(self, packages: Entries) -> None:
        for raw, place in self._entries("packages", packages):
            try:
                package = _PACKAGES.decode(raw, self._draft, str(place))
                self.elements.add_package(package, len(memoryview(raw)), place)
            except Refused as refused:
                self._draft.note_fault(refused)

    def add_extracted_licenses(self) -> None:
        """Add the licences that the document itself defines."""
        for raw, place in self._entries("hasExtractedLicensingInfos"):
            self.elements.add_extracted_license(_EXTRACTED.decode(raw, self._draft, str(place)), place)

    def add_relationships(self) -> None:
        """Add what the document describes, and how its elements stand to each other."""
        relationships = self._spdx.elements("relationships")
        self._draft.check_relationships(len(relationships))
        described = self._spdx.elements("documentDescribes")
        self._draft.check_references(len(described), str(self._places("documentDescribes", 0)))
        for raw, place in self._entries("documentDescribes", described):
            try:
                self.elements.describe(msgspec.json.decode(raw, type=str), place)
            except msgspec.ValidationError as fault:
                self._draft.warn("field-ignored", str(fault), str(place))
        for index, raw in enumerate(relationships):
            written = _RELATIONSHIPS.fitting(raw)
            if written is None or not self.elements.relate_known(written):
                place = self._places("relationships", index)
                self.elements.relate(_RELATIONSHIPS.decode(raw, self._draft, str(place)), place)
