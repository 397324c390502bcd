"""The elements of an SPDX 3 graph and how they stand to each other."""

from array import array
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec.structs import replace

from sbom_ingest.adapters.readers.common import add_element
from sbom_ingest.adapters.readers.spdx3_licenses import Licenses, Origin
from sbom_ingest.adapters.readers.spdx3_nodes import APART, COLLECTIONS, FILES, PACKAGES, SNIPPETS, Node, Nodes, Word
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
from sbom_ingest.adapters.readers.spdx_files import Files
from sbom_ingest.adapters.readers.spdx_graph import SpdxGraph
from sbom_ingest.adapters.readers.spdx_relationships import Meaning
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import Refused
from shared.contracts.inventory import ROOT, Component, LicenseClaim

_ELSEWHERE = -2  # a snippet, or anything else that no dependency leads to
_NOWHERE = -3  # an id that nothing in the document has
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
    _ids: dict[str, int] = field(default_factory=dict)
    _positions: "array[int]" = field(default_factory=lambda: array("i"))  # by the numbers of the ids
    _claims: dict[str, list[LicenseClaim]] = field(default_factory=dict)
    _graph: SpdxGraph = field(init=False)
    _files: Files = field(init=False)

    def __post_init__(self) -> None:
        self._graph = SpdxGraph(self.draft)
        self._files = Files(self.draft)

    def read_all(self, nodes: Nodes, roots: Collection[str]) -> None:
        """Read licences, elements and relationships; `roots` are the ids of what the document is about."""
        self._note_ids(nodes)
        self._read_relationships(nodes)
        self._add_elements(nodes)
        for identifier in roots:
            self._describe(identifier, "")
        self._relate_all(nodes)
        self._graph.settle()
        self._files.settle()

    def _note_ids(self, nodes: Nodes) -> None:
        self._ids = nodes.ids
        document = self._ids.setdefault(_DOCUMENT_OF_SPDX_2, len(self._ids))
        self._positions = array("i", [_NOWHERE]) * len(self._ids)
        self._positions[document] = ROOT
        for kind, found in nodes.by_kind.items():
            position = ROOT if kind in COLLECTIONS else _ELSEWHERE
            for node in found:
                for identifier in node.ids:
                    self._positions[self._ids[identifier]] = position

    def _read_relationships(self, nodes: Nodes) -> None:
        total, most, names, place = 0, self.draft.limits.relationships, list(nodes.ids), nodes.pointer
        kinds = [relationship_kind(word.type) for word in nodes.words]
        for number, word, source, target in nodes.links():
            if word == APART:
                node = nodes.relationship(number)
                written = _RELATIONSHIPS.decode(node.raw, self.draft, node.pointer)
                targets = as_list(written.targets)
                total += len(targets)
                self.draft.check_references(len(targets), f"{node.pointer}/to")
                self._read_relationship(written.type, written.source, targets, node.pointer)
            else:
                total += 1
                kind = kinds[word]
                if kind in LICENSES:
                    self._check_source(names[source], source, f"{place}/{number}")
                    self._add_claim(names[source], names[target], LICENSES[kind], f"{place}/{number}/to/0")
                elif kind not in MEANINGS:
                    self._check_kind(nodes.words[word].type, f"{place}/{number}")
            if total > most:
                self.draft.check_relationships(total)

    def _read_relationship(self, written: str, source: str, targets: list[str], pointer: str) -> None:
        origin = LICENSES.get(relationship_kind(written))
        if origin is None:
            self._check_kind(written, pointer)
            return
        self._check_source(source, self._ids.get(source), pointer)
        self.draft.check_entries(len(targets), f"{pointer}/to")
        for index, target in enumerate(targets):
            self._add_claim(source, target, origin, f"{pointer}/to/{index}")

    def _check_source(self, source: str, number: int | None, pointer: str) -> None:
        if number is None or self._positions[number] == _NOWHERE:
            self._warn_of_stranger(source, f"{pointer}/from")

    def _check_kind(self, written: str, pointer: str) -> None:
        kind = relationship_kind(written)
        if kind != DESCRIBES and kind not in MEANINGS and kind not in OTHERS:
            message = f"{written[:80]!r} is no type of SPDX 3.0"
            self.draft.warn("unknown-relationship", message, f"{pointer}/relationshipType")

    def _add_claim(self, source: str, target: str, origin: Origin, pointer: str) -> None:
        claim = self.licenses.claim(target, origin, pointer)
        if claim is not None:
            self._claims.setdefault(source, []).append(claim)

    def _add_elements(self, nodes: Nodes) -> None:
        """Add packages, or files where there is no package; what files beside packages say counts for these."""
        packages = nodes.of(PACKAGES)
        files = nodes.of(FILES)
        self.draft.check_elements(len(packages) or len(files))
        self.draft.files = len(files) if packages else 0
        for node in packages:
            try:
                self._add(self.artifacts.package(node, self._licenses_of(node)), node)
            except Refused as refused:
                self.draft.note_fault(refused)
        for node in files:
            if packages:
                self._add_part(node)
            else:
                self._add(replace(self.artifacts.file(node), licenses=self._licenses_of(node)), node)
        for node in nodes.of(SNIPPETS):
            self._add_snippet(node)

    def _add_part(self, node: Node) -> None:
        """Add a file of a package."""
        position = self._files.add()
        for identifier in node.ids:
            if self._positions[self._ids[identifier]] == _ELSEWHERE:
                self._positions[self._ids[identifier]] = position
        self._files.tell(position, self._licenses_of(node), *self.artifacts.said(node))

    def _add_snippet(self, node: Node) -> None:
        """Add a snippet, which says something of the file that it is from."""
        number = self._ids.get(self.artifacts.file_of(node))
        file = self._files.of_snippet(None if number is None else self._positions[number])
        self._files.tell(file, self._licenses_of(node), *self.artifacts.said(node))

    def _licenses_of(self, node: Node) -> list[LicenseClaim]:
        if len(node.ids) == 1:
            return _different(self._claims.get(node.ids[0], []))
        return _different([claim for identifier in node.ids for claim in self._claims.get(identifier, ())])

    def _add(self, component: Component, node: Node) -> None:
        if not node.ids:
            message = "`spdxId` is missing: nothing can refer to the element"
            self.draft.warn("missing-field", message, node.pointer)
        position = add_element(component, self.draft)
        if position is None:
            return
        for identifier in node.ids:
            number = self._ids[identifier]
            if self._positions[number] != _ELSEWHERE:
                message = f"the spdxId {identifier[:80]!r} is used before"
                self.draft.warn("duplicate-reference", message, node.pointer)
            else:
                self._positions[number] = position

    def _describe(self, identifier: str, pointer: str) -> None:
        position = self._position(identifier, pointer)
        if position is not None and position >= 0:
            self._graph.describe(position)

    def _relate_all(self, nodes: Nodes) -> None:
        """Relate the elements, now that their positions are known."""
        plain, positions = [_plain(word) for word in nodes.words], self._positions
        for number, word, source, target in nodes.links():
            meant = None if word == APART else plain[word]
            if meant is None:
                self._relate(nodes.relationship(number))
            elif meant.meaning is None:
                continue
            elif positions[source] >= ROOT and positions[target] >= ROOT:
                place = f"{nodes.pointer}/{number}/to/0"
                self._graph.connect(positions[source], positions[target], meant.word, meant.meaning, place)
            else:
                self._relate(nodes.relationship(number))

    def _relate(self, node: Node) -> None:
        pointer = node.pointer
        written = _RELATIONSHIPS.decode_again(node.raw, self.draft, pointer)
        if relationship_kind(written.type) != DESCRIBES and relationship_kind(written.type) not in MEANINGS:
            return
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
        if source is None or position is None:
            return
        word, meaning = _meant(written.type, written.scope)
        if source >= ROOT and position >= ROOT:
            self._graph.connect(source, position, word, meaning, pointer)
        else:
            self._files.relate(source, position, meaning)

    def _position(self, identifier: str, pointer: str) -> int | None:
        number = self._ids.get(identifier)
        position = _NOWHERE if number is None else self._positions[number]
        if position != _NOWHERE:
            return position
        if not identifier.endswith(_NOTHING):
            self._warn_of_stranger(identifier, pointer)
        return None

    def _warn_of_stranger(self, identifier: str, pointer: str) -> None:
        if identifier in self.external:
            self.draft.warn("external-reference", f"{identifier[:80]!r} is in another document", pointer)
        else:
            self.draft.warn("dangling-reference", f"{identifier[:80]!r} is not in the document", pointer)


class _Plain(NamedTuple):
    """What a relationship between two elements does: nothing where it has no meaning."""

    word: str
    meaning: Meaning | None


def _plain(word: Word) -> _Plain | None:
    """What is done for all relationships of this word; None where each has to be looked at."""
    kind = relationship_kind(word.type)
    if kind not in MEANINGS:
        return None if kind == DESCRIBES else _Plain(word.type, None)
    if word.scope not in LIFE_CYCLE_SCOPES or word.completeness in _COMPLETENESS:
        return None
    return _Plain(*_meant(word.type, word.scope))


def _meant(written: str, scope: str) -> tuple[str, Meaning]:
    """The document's word for a relationship, and what it means."""
    return f"{written} ({scope})" if scope else written, scoped(MEANINGS[relationship_kind(written)], scope)


def _different(claims: list[LicenseClaim]) -> list[LicenseClaim]:
    """The claims without repetitions, concluded ones first."""
    if len(claims) < 2:
        return claims
    if len(claims) == 2 and claims[0].origin != claims[1].origin:  # as most packages have them
        return claims if claims[0].origin < claims[1].origin else claims[::-1]
    different: dict[tuple[str, str], LicenseClaim] = {}
    for claim in claims:
        different.setdefault((claim.origin, claim.value), claim)
    return sorted(different.values(), key=lambda claim: claim.origin)
