"""The elements of an SPDX 3 graph and how they stand to each other."""

from array import array
from collections.abc import Collection
from dataclasses import dataclass, field

from msgspec.structs import replace

from sbom_ingest.adapters.readers.common import add_element
from sbom_ingest.adapters.readers.spdx3_licenses import Licenses
from sbom_ingest.adapters.readers.spdx3_nodes import COLLECTIONS, FILES, PACKAGES, Node, Nodes
from sbom_ingest.adapters.readers.spdx3_packages import Artifacts
from sbom_ingest.adapters.readers.spdx3_relationships import (
    DESCRIBES,
    LICENSES,
    LIFE_CYCLE_SCOPES,
    MEANINGS,
    OTHERS,
    relationship_kind,
    scoped,
)
from sbom_ingest.adapters.readers.spdx3_structs import Relationship, as_list
from sbom_ingest.adapters.readers.spdx_graph import SpdxGraph
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import Refused
from shared.contracts.inventory import ROOT, Component, LicenseClaim

_ELSEWHERE = -2  # a file, a snippet, or anything else that no dependency leads to
_DOCUMENT_OF_SPDX_2 = "SPDXRef-DOCUMENT"  # a preview's name for the document
_COMPLETENESS = {"complete": "complete", "incomplete": "incomplete", "noAssertion": "unknown"}
_NOTHING = ("NoneElement", "NoAssertionElement", "NONE", "NOASSERTION")


def _relationship_matters(fault: Fault) -> bool:
    return fault.path[0] not in ("scope", "completeness")


_RELATIONSHIPS = TolerantDecoder(Relationship, _relationship_matters)


@dataclass(slots=True)
class Spdx3Elements:
    """Collects packages, files and relationships into a draft; call `read_all`."""

    draft: Draft
    licenses: Licenses
    artifacts: Artifacts
    external: Collection[str] = ()
    _positions: dict[str, int] = field(default_factory=lambda: {_DOCUMENT_OF_SPDX_2: ROOT})
    _claims: dict[str, list[LicenseClaim]] = field(default_factory=dict)
    _relationships: "array[int]" = field(default_factory=lambda: array("I"))
    _graph: SpdxGraph = field(init=False)

    def __post_init__(self) -> None:
        self._graph = SpdxGraph(self.draft)

    def read_all(self, nodes: Nodes, roots: Collection[str]) -> None:
        """Read licences, elements and relationships; `roots` are the ids of what the document is about."""
        self._note_ids(nodes)
        self._read_relationships(nodes)
        self._add_elements(nodes)
        for identifier in roots:
            self._describe(identifier, "")
        for number in self._relationships:
            node = nodes.relationship(number)
            self._relate(_RELATIONSHIPS.decode_again(node.raw, self.draft, node.pointer), node.pointer)
        self._graph.settle()

    def _note_ids(self, nodes: Nodes) -> None:
        for kind, found in nodes.by_kind.items():
            position = ROOT if kind in COLLECTIONS else _ELSEWHERE
            for node in found:
                self._positions.update(dict.fromkeys(node.ids, position))

    def _read_relationships(self, nodes: Nodes) -> None:
        total = 0
        for number, node in nodes.relationships():
            written = _RELATIONSHIPS.decode(node.raw, self.draft, node.pointer)
            total += len(as_list(written.targets))
            self.draft.check_relationships(total)
            kind = relationship_kind(written.type)
            if kind in LICENSES:
                self._add_claims(written, kind, node.pointer)
            elif kind == DESCRIBES or kind in MEANINGS:
                self._relationships.append(number)
            elif kind not in OTHERS:
                message = f"{written.type[:80]!r} is no type of SPDX 3.0"
                self.draft.warn("unknown-relationship", message, f"{node.pointer}/relationshipType")

    def _add_claims(self, written: Relationship, kind: str, pointer: str) -> None:
        if written.source not in self._positions:
            self._warn_of_stranger(written.source, f"{pointer}/from")
        for index, target in enumerate(as_list(written.targets)):
            claim = self.licenses.claim(target, LICENSES[kind], f"{pointer}/to/{index}")
            if claim is not None:
                self._claims.setdefault(written.source, []).append(claim)

    def _add_elements(self, nodes: Nodes) -> None:
        """Add packages, or files where there is no package; files beside packages are counted and known by id."""
        packages = nodes.of(PACKAGES)
        files = nodes.of(FILES)
        self.draft.check_elements(len(packages) or len(files))
        self.draft.files = len(files) if packages else 0
        for node in packages:
            try:
                self._add(self.artifacts.package(node), node)
            except Refused as refused:
                self.draft.note_fault(refused)
        for node in () if packages else files:
            self._add(self.artifacts.file(node), node)

    def _add(self, component: Component, node: Node) -> None:
        if not node.ids:
            message = "`spdxId` is missing: nothing can refer to the element"
            self.draft.warn("missing-field", message, node.pointer)
        claims = [claim for identifier in node.ids for claim in self._claims.get(identifier, ())]
        position = add_element(replace(component, licenses=_different(claims)) if claims else component, self.draft)
        if position is None:
            return
        for identifier in node.ids:
            if self._positions[identifier] != _ELSEWHERE:
                message = f"the spdxId {identifier[:80]!r} is used before"
                self.draft.warn("duplicate-reference", message, node.pointer)
            else:
                self._positions[identifier] = position

    def _describe(self, identifier: str, pointer: str) -> None:
        position = self._position(identifier, pointer)
        if position is not None and position >= 0:
            self._graph.describe(position)

    def _relate(self, written: Relationship, pointer: str) -> None:
        source = self._position(written.source, f"{pointer}/from")
        kind = relationship_kind(written.type)
        if written.scope not in LIFE_CYCLE_SCOPES:
            message = f"{written.scope[:80]!r} is no scope of SPDX 3.0; the relationship is taken to hold always"
            self.draft.warn("unknown-scope", message, f"{pointer}/scope")
        if written.completeness in _COMPLETENESS and kind in MEANINGS and source is not None and source >= ROOT:
            aggregate = _COMPLETENESS[written.completeness]
            self._graph.state_completeness(source, aggregate, MEANINGS[kind], pointer)
        for index, target in enumerate(as_list(written.targets)):
            place = f"{pointer}/to/{index}"
            if kind == DESCRIBES:
                self._describe_from(source, target, place)
            else:
                self._connect(written, source, target, place)

    def _describe_from(self, source: int | None, target: str, pointer: str) -> None:
        # A package that describes another says nothing of the document.
        if source is None or source == ROOT:
            self._describe(target, pointer)

    def _connect(self, written: Relationship, source: int | None, target: str, pointer: str) -> None:
        position = self._position(target, pointer)
        if source is None or position is None or _ELSEWHERE in (source, position):
            return
        meaning = scoped(MEANINGS[relationship_kind(written.type)], written.scope)
        word = f"{written.type} ({written.scope})" if written.scope else written.type
        self._graph.connect(source, position, word, meaning, pointer)

    def _position(self, identifier: str, pointer: str) -> int | None:
        position = self._positions.get(identifier)
        if position is None and not identifier.endswith(_NOTHING):
            self._warn_of_stranger(identifier, pointer)
        return position

    def _warn_of_stranger(self, identifier: str, pointer: str) -> None:
        if identifier in self.external:
            self.draft.warn("external-reference", f"{identifier[:80]!r} is in another document", pointer)
        else:
            self.draft.warn("dangling-reference", f"{identifier[:80]!r} is not in the document", pointer)


def _different(claims: list[LicenseClaim]) -> list[LicenseClaim]:
    """The claims without repetitions, concluded ones first."""
    different: dict[tuple[str, str], LicenseClaim] = {}
    for claim in claims:
        different.setdefault((claim.origin, claim.value), claim)
    return sorted(different.values(), key=lambda claim: claim.origin)
