"""The elements of an SPDX 2 document and how they stand to each other, whatever the serialization."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from sbom_ingest.adapters.readers.common import add_element
from sbom_ingest.adapters.readers.spdx_packages import check_package_fields, file_component, package_component
from sbom_ingest.adapters.readers.spdx_relationships import (
    DESCRIBED_BY,
    DESCRIBES,
    LINKAGE_STRENGTH,
    MEANINGS,
    OTHERS,
    SCOPE_STRENGTH,
    Meaning,
)
from sbom_ingest.adapters.readers.spdx_structs import ExtractedLicensingInfo, Relationship, SpdxFile, SpdxPackage
from sbom_ingest.domain.draft import Draft, Edge
from shared.contracts.documents import Root
from shared.contracts.inventory import ROOT, Component, ExtractedLicense

DOCUMENT_ID = "SPDXRef-DOCUMENT"
_ELSEWHERE = -2  # a file, a snippet, or what an element stands in no relation to
_NOWHERE = ("NONE", "NOASSERTION")
# Dependencies that leave a component as it is: needed at run time, in a way that is not said.
_PLAIN = frozenset(kind for kind, meaning in MEANINGS.items() if meaning.scope == "runtime" and not meaning.linkage)


@dataclass(slots=True)
class SpdxElements:
    """Collects packages, files and relationships into a draft; call `settle` when all are there."""

    draft: Draft
    _by_id: dict[str, int] = field(default_factory=lambda: {DOCUMENT_ID: ROOT} | dict.fromkeys(_NOWHERE, _ELSEWHERE))
    _described: dict[int, None] = field(default_factory=dict)
    _uses: dict[int, set[str]] = field(default_factory=dict)

    def add_package(self, written: SpdxPackage, size: int, pointer: str) -> None:
        """Add a package whose written form has `size` bytes."""
        if size > self.draft.limits.field_bytes:
            check_package_fields(written, self.draft, pointer)
        self._add(package_component(written, self.draft, pointer), pointer)

    def add_file(self, written: SpdxFile, pointer: str) -> None:
        """Add a file as an element, in a document that has no packages."""
        self._add(file_component(written, self.draft, pointer), pointer)

    def _add(self, component: Component, pointer: str) -> None:
        position = add_element(component, self.draft)
        if not component.ref:
            self.draft.warn("missing-field", "`SPDXID` is missing: nothing can refer to the element", pointer)
        elif position is not None and self._by_id.setdefault(component.ref, position) != position:
            self.draft.warn("duplicate-reference", f"the SPDXID {component.ref[:80]!r} is used before", pointer)

    def note_id(self, spdx_id: str) -> None:
        """Note a file or snippet that relationships may name."""
        if spdx_id:
            self._by_id.setdefault(spdx_id, _ELSEWHERE)

    def add_extracted_license(self, written: ExtractedLicensingInfo, pointer: str) -> None:
        """Add a licence that the document itself defines."""
        text = written.extracted_text
        self.draft.extracted_licenses.append(
            ExtractedLicense(
                id=written.license_id,
                name=None if written.name in ("", "NOASSERTION") else written.name,
                text=self.draft.texts.add(text, f"{pointer}/extractedText") if text else None,
            )
        )

    def describe(self, spdx_id: str, pointer: str) -> None:
        """Note an element that the document is about."""
        position = self._position(spdx_id, pointer)
        if position is not None and position >= 0:
            self._described[position] = None

    def relate(self, written: Relationship, pointer: str) -> None:
        """Add a relationship; types are read in any letter case."""
        kind = written.type.upper()
        if kind == DESCRIBES:
            self.describe(written.target, f"{pointer}/relatedSpdxElement")
        elif kind == DESCRIBED_BY:
            self.describe(written.source, f"{pointer}/spdxElementId")
        elif kind in MEANINGS:
            self._connect(written, kind, MEANINGS[kind], pointer)
        elif kind not in OTHERS:
            self.draft.warn("unknown-relationship", f"{written.type[:80]!r} is no type of SPDX 2", pointer)

    def _connect(self, written: Relationship, kind: str, meaning: Meaning, pointer: str) -> None:
        source = self._position(written.source, f"{pointer}/spdxElementId")
        target = self._position(written.target, f"{pointer}/relatedSpdxElement")
        if source is None or target is None or _ELSEWHERE in (source, target):
            return
        if source == target:
            self.draft.warn("self-dependency", "the element stands in a relationship to itself", pointer)
            return
        edge = (target, source) if meaning.reverse else (source, target)
        if meaning.kind == "containment":
            self.draft.containments.append(edge)
        else:
            self.draft.dependencies.append(edge)
            self._uses.setdefault(edge[1], set()).add(kind)

    def _position(self, spdx_id: str, pointer: str) -> int | None:
        position = self._by_id.get(spdx_id)
        if position is None:
            position = self._by_id.get(f"SPDXRef-{spdx_id}")
        if position is None:
            if spdx_id.startswith("DocumentRef-"):
                self.draft.warn("external-reference", f"{spdx_id[:80]!r} is in another document", pointer)
            else:
                self.draft.warn("dangling-reference", f"{spdx_id[:80]!r} is not in the document", pointer)
        return position

    def settle(self) -> None:
        """Apply what relationships say of scope and linkage, and decide what the root is."""
        for position, kinds in self._uses.items():
            if position >= 0 and not kinds <= _PLAIN:
                self.draft.components[position] = _used(self.draft.components[position], kinds)
        roots = self._roots()
        if not roots:
            return
        self.draft.root = _root(self.draft.components[roots[0]])
        if len(roots) == 1:
            self.draft.root_position = roots[0]
            self.draft.dependencies = _hung_on_root(self.draft.dependencies, roots[0])
            self.draft.containments = _hung_on_root(self.draft.containments, roots[0])
        else:
            self.draft.warn("several-roots", f"the document describes {len(roots)} packages; the first names it", "")
            self.draft.dependencies += [(ROOT, position) for position in roots]

    def _roots(self) -> list[int]:
        """What the document describes and nothing in it leads to; all that it describes, where everything is led to.

        A document of a single package describes that one, said or not (SPDX 2.3, 11.1).
        """
        described = list(self._described)
        if not described and len(self.draft.components) == 1 and not self.draft.files:
            described = [0]
        if len(described) < 2:
            return described
        inside = {target for source, target in [*self.draft.dependencies, *self.draft.containments] if source != ROOT}
        return [position for position in described if position not in inside] or described


def _hung_on_root(edges: Sequence[Edge], root: int) -> list[Edge]:
    return [(ROOT if source == root else source, target) for source, target in edges]


def _used(component: Component, kinds: set[str]) -> Component:
    meanings = {kind: MEANINGS[kind] for kind in kinds}
    scope, written = min(
        ((meaning.scope or "runtime", kind) for kind, meaning in meanings.items()),
        key=lambda use: (SCOPE_STRENGTH.index(use[0]), use[1]),
    )
    linkages = [meaning.linkage for meaning in meanings.values() if meaning.linkage]
    linkage = component.linkage or min(linkages, key=LINKAGE_STRENGTH.index, default=None)
    if scope == "runtime" and linkage == component.linkage:
        return component
    return replace(component, scope=scope, scope_written=None if scope == "runtime" else written, linkage=linkage)


def _root(component: Component) -> Root:
    return Root(component.name or None, component.version, component.purl, component.group, component.type)
