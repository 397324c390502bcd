"""The elements of an SPDX 2 document and how they stand to each other, whatever the serialization."""

from dataclasses import dataclass, field

from sbom_ingest.adapters.readers.common import add_element
from sbom_ingest.adapters.readers.positions import Positions
from sbom_ingest.adapters.readers.spdx_files import Files
from sbom_ingest.adapters.readers.spdx_graph import SpdxGraph
from sbom_ingest.adapters.readers.spdx_packages import (
    check_file_lists,
    check_package_fields,
    check_snippet_lists,
    file_component,
    file_facts,
    package_component,
    snippet_facts,
)
from sbom_ingest.adapters.readers.spdx_places import Place
from sbom_ingest.adapters.readers.spdx_relationships import DESCRIBED_BY, DESCRIBES, MEANINGS, OTHERS, Meaning
from sbom_ingest.adapters.readers.spdx_structs import (
    ExtractedLicensingInfo,
    Relationship,
    SpdxFile,
    SpdxPackage,
    SpdxSnippet,
)
from sbom_ingest.adapters.readers.spill import Spill
from sbom_ingest.domain.draft import Draft
from shared.contracts.inventory import ROOT, Component, ExtractedLicense

DOCUMENT_ID = "SPDXRef-DOCUMENT"
_ELSEWHERE = -2  # a snippet, or what an element stands in no relation to
# What an element stands in no relation to, or perhaps in one (11.1), says how complete its relationships are.
_NOWHERE = {"NONE": "complete", "NOASSERTION": "unknown"}


@dataclass(slots=True)
class SpdxElements:
    """Collects packages, files and relationships into a draft; call `settle` when all are there."""

    draft: Draft
    _by_id: Positions = field(default_factory=Positions)
    _extracted: set[ExtractedLicense] = field(default_factory=set)
    _defined: set[str] = field(default_factory=set)
    _graph: SpdxGraph = field(init=False)
    _files: Files = field(init=False)
    _held: Spill[tuple[int, str]] = field(init=False)  # packages, and the ids of files that they say they have

    def __post_init__(self) -> None:
        self._graph = SpdxGraph(self.draft)
        self._files = Files(self.draft)
        self._held = Spill(self.draft.new_stream, tuple[int, str])
        self._by_id.setdefault(DOCUMENT_ID, ROOT)
        for nowhere in _NOWHERE:
            self._by_id.setdefault(nowhere, _ELSEWHERE)

    def add_package(self, written: SpdxPackage, size: int, place: Place) -> int | None:
        """Add a package whose written form has `size` bytes; returns its position, None where it is ignored."""
        if self.draft.limits.may_be_passed_in(size):
            check_package_fields(written, self.draft, place)
        position = self._add(package_component(written, self.draft, place))
        if written.has_files and position is not None:
            self.draft.check_references(len(written.has_files), place.field("hasFiles"))
            for identifier in written.has_files:
                self._held.append((position, identifier))
            self.draft.check_relationships(len(self._held))
        return position

    def add_file(self, written: SpdxFile, place: Place) -> None:
        """Add a file as an element, in a document that has no packages."""
        check_file_lists(written, self.draft, place)
        self._add(file_component(written, self.draft, place))

    def add_part(self, written: SpdxFile, size: int, place: Place, owner: int | None = None) -> None:
        """Add a file of a package, which is at the position `owner` if that is known already."""
        if self.draft.limits.may_be_passed_in(size):
            check_file_lists(written, self.draft, place)
        position = self._files.add(owner)
        if written.spdx_id:
            self._by_id.setdefault(written.spdx_id, position)
        self._files.tell(position, *file_facts(written, self.draft, place))

    def add_snippet(self, written: SpdxSnippet, size: int, place: Place) -> None:
        """Add a snippet, which says something of the file that it is from."""
        if self.draft.limits.may_be_passed_in(size):
            check_snippet_lists(written, self.draft, place)
        if written.spdx_id:
            self._by_id.setdefault(written.spdx_id, _ELSEWHERE)
        file = self._files.of_snippet(self._by_id.get(written.file))
        self._files.tell(file, *snippet_facts(written, self.draft, place))

    def _add(self, component: Component) -> int | None:
        pointer = component.pointer
        position = add_element(component, self.draft)
        if not component.ref:
            self.draft.warn("missing-field", "`SPDXID` is missing: nothing can refer to the element", pointer)
        elif position is not None and self._by_id.setdefault(component.ref, position) != position:
            self.draft.warn("duplicate-reference", f"the SPDXID {component.ref[:80]!r} is used before", pointer)
        return position

    def add_extracted_license(self, written: ExtractedLicensingInfo, place: Place) -> None:
        """Add a licence that the document itself defines, under one id as often as the texts differ."""
        text = written.extracted_text
        license_ = ExtractedLicense(
            id=written.license_id,
            name=None if written.name in ("", "NOASSERTION") else written.name,
            text=self.draft.texts.add(text, place.field("extractedText")) if text else None,
        )
        if license_ in self._extracted:
            return
        if license_.id in self._defined:
            message = f"{license_.id[:80]!r} is defined before, otherwise; both are kept"
            self.draft.warn("duplicate-reference", message, place.field("licenseId"))
        self._extracted.add(license_)
        self._defined.add(license_.id)
        self.draft.extracted_licenses.append(license_)

    def describe(self, spdx_id: str, place: Place, field: str | None = None) -> None:
        """Note an element that the document is about, as it is said at `place` or in a field of it."""
        position = self._position(spdx_id, place, field)
        if position is not None and position >= 0:
            self._graph.describe(position)

    def relate_known(self, written: Relationship) -> bool:
        """Add a relationship between elements that are there; False, and nothing done, where it is anything else."""
        meaning = MEANINGS.get(written.type)
        if meaning is None or written.target in _NOWHERE:
            return False
        source, target = self._by_id.get(written.source), self._by_id.get(written.target)
        if source is None or target is None or source == target:
            return False
        if source >= ROOT and target >= ROOT:
            self._graph.connect(source, target, written.type, meaning, "")
        else:
            self._files.relate(source, target, meaning)
        return True

    def relate(self, written: Relationship, place: Place) -> None:
        """Add a relationship; types are read in any letter case."""
        kind = written.type.upper()
        if kind == DESCRIBES:
            self.describe(written.target, place, "relatedSpdxElement")
        elif kind == DESCRIBED_BY:
            self.describe(written.source, place, "spdxElementId")
        elif kind in MEANINGS:
            self._connect(written, kind, MEANINGS[kind], place)
        elif kind not in OTHERS:
            self.draft.warn("unknown-relationship", f"{written.type[:80]!r} is no type of SPDX 2", str(place))

    def _connect(self, written: Relationship, kind: str, meaning: Meaning, place: Place) -> None:
        source = self._position(written.source, place, "spdxElementId")
        target = self._position(written.target, place, "relatedSpdxElement")
        if source is None or target is None:
            return
        if written.target in _NOWHERE and source >= ROOT:
            self._graph.state_completeness(source, _NOWHERE[written.target], meaning, str(place))
        if source >= ROOT and target >= ROOT:
            self._graph.connect(source, target, kind, meaning, place)
        else:
            self._files.relate(source, target, meaning)

    def _position(self, spdx_id: str, place: Place, field: str | None) -> int | None:
        position = self._by_id.get(spdx_id)
        if position is None:
            position = self._by_id.get(f"SPDXRef-{spdx_id}")
        if position is None:
            pointer = place.field(field) if field else str(place)
            if spdx_id.startswith("DocumentRef-"):
                self.draft.warn("external-reference", f"{spdx_id[:80]!r} is in another document", pointer)
            else:
                self.draft.warn("dangling-reference", f"{spdx_id[:80]!r} is not in the document", pointer)
        return position

    def settle(self) -> None:
        """Apply what relationships say of scope and linkage, decide what the root is, and what files say of packages."""
        self._graph.settle()
        for owner, identifier in self._held:
            file = self._by_id.get(identifier)
            if file is not None:
                self._files.put(file, owner)
        self._files.settle()
