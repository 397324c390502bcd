"""The objects of an SPDX 3 graph, by what they are; what stands inside another element is taken out of it."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

from sbom_ingest.adapters.readers.spdx3_structs import Head, Told
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder, to_pointer
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import breaks_specification

PACKAGES = ("software_Package", "ai_AIPackage", "dataset_DatasetPackage")
FILES = ("software_File",)
SNIPPETS = ("software_Snippet",)
DOCUMENTS = ("SpdxDocument",)
COLLECTIONS = (*DOCUMENTS, "software_Sbom", "Bom", "Bundle")
CREATIONS = ("CreationInfo",)
RELATIONSHIPS = ("Relationship", "LifecycleScopedRelationship", "software_SoftwareDependencyRelationship")
AGENTS = ("Agent", "Organization", "Person", "SoftwareAgent", "Tool")
HASHES = ("Hash", "PackageVerificationCode")
IDENTIFIERS = ("ExternalIdentifier",)
REFERENCES = ("ExternalRef",)
ANNOTATIONS = ("Annotation",)
EXPRESSIONS = ("simplelicensing_LicenseExpression",)
LISTED = ("expandedlicensing_ListedLicense", "expandedlicensing_ListedLicenseException")
CUSTOM = (
    "expandedlicensing_CustomLicense",
    "expandedlicensing_CustomLicenseAddition",
    "simplelicensing_SimpleLicensingText",
)
LICENSES = (
    *EXPRESSIONS,
    *LISTED,
    *CUSTOM,
    "expandedlicensing_ConjunctiveLicenseSet",
    "expandedlicensing_DisjunctiveLicenseSet",
    "expandedlicensing_OrLaterOperator",
    "expandedlicensing_WithAdditionOperator",
    "expandedlicensing_IndividualLicensingInfo",
    # Classes that the specification does not let anybody write, and that a preview wrote.
    "AnyLicenseInfo",
    "simplelicensing_AnyLicenseInfo",
    "Element",
)
_OTHERS = (
    "ContentIdentifier",
    "DictionaryEntry",
    "ExternalMap",
    "IndividualElement",
    "IntegrityMethod",
    "NamespaceMap",
    "PositiveIntegerRange",
    "software_ContentIdentifier",
)
_READ = frozenset(
    kind
    for kinds in (PACKAGES, FILES, SNIPPETS, COLLECTIONS, CREATIONS, RELATIONSHIPS, AGENTS, HASHES, IDENTIFIERS)
    for kind in (*kinds, *REFERENCES, *ANNOTATIONS, *LICENSES, *_OTHERS)
)
_NOT_FOR_LICENSES = ("security_", "build_", "ai_", "extension_")
_OWN_ID = b'"spdxId"'
_MOST_NAMED = 20
_MOST_WORDS = 1000
APART = -1


def _always_matters(fault: Fault) -> bool:
    return True


_HEADS = TolerantDecoder(Head, _always_matters)
_decode_told = msgspec.json.Decoder(Told).decode


class Word(NamedTuple):
    """What a relationship says without its ends."""

    type: str
    scope: str
    completeness: str


class Link(NamedTuple):
    """A relationship by its number, with the numbers of its word and of the ids at its ends.

    These are `APART` where it has not one end, or has a fault: what it says has to be looked at.
    """

    number: int
    word: int
    source: int
    target: int


class Node(NamedTuple):
    """An object of the graph, and where it stands."""

    kind: str
    ids: tuple[str, ...]
    raw: Raw
    pointer: str

    @property
    def identifier(self) -> str:
        """The first id; empty where there is none, and nothing can refer to the object."""
        return self.ids[0] if self.ids else ""


@dataclass(slots=True)
class Nodes:
    """The objects of the graph that stands at `pointer`, by their kind, each kind in the order of the document.

    Relationships are known by numbers alone, since there are many: by their place in the graph, and behind it those that
    stood inside of other objects. So are ids, by `ids`, and what relationships say, by `words`, each from 0.
    """

    graph: Sequence[Raw]
    pointer: str
    by_kind: dict[str, list[Node]] = field(default_factory=dict)
    ids: defaultdict[str, int] = field(default_factory=defaultdict)
    words: list[Word] = field(default_factory=list)
    _numbers: dict[tuple[str, str, str], int] = field(default_factory=dict)
    # Four numbers for each, as in `Link`.
    _links: "dict[str, array[int]]" = field(default_factory=lambda: defaultdict(lambda: array("i")))
    _inside: list[Node] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ids.default_factory = self.ids.__len__  # an id that is asked for with brackets gets the next number

    def add(self, node: Node, number: int, is_whole: bool) -> None:
        """Add an object that the graph has under this number, or (`is_whole` is false) one that stands inside of it."""
        if node.kind not in RELATIONSHIPS:
            self.by_kind.setdefault(node.kind, []).append(node)
            for identifier in node.ids:
                self.ids[identifier]
            return
        if not is_whole:
            number = len(self.graph) + len(self._inside)
            self._inside.append(node)
        self._links[node.kind].extend((number, APART, APART, APART))

    def link(self, told: Told, kind: str, number: int) -> None:
        """Add the relationship that the graph has under this number."""
        source, targets = told.source, told.targets
        target = targets[0] if len(targets) == 1 else targets
        said = (told.relationship, told.scope, told.completeness)
        known = self._numbers.get(said)
        if known is None:
            known = self._number(said)
        if known == APART or not (source and said[0] and target) or not isinstance(target, str):
            self._links[kind].extend((number, APART, APART, APART))
            return
        ids = self.ids
        # A list at once: of anything else an array takes twice as long.
        self._links[kind].fromlist([number, known, ids[source], ids[target]])

    def _number(self, said: tuple[str, str, str]) -> int:
        """The number of a word that was not there before; none where there are very many."""
        if len(self.words) >= _MOST_WORDS:
            return APART
        self.words.append(Word(*said))
        return self._numbers.setdefault(said, len(self._numbers))

    def links(self) -> Iterator[tuple[int, int, int, int]]:
        """The relationships as the numbers of a `Link` each, one kind after the other."""
        for kind in RELATIONSHIPS:
            numbers = iter(self._links[kind])
            yield from zip(numbers, numbers, numbers, numbers, strict=True)

    def relationship(self, number: int) -> Node:
        """The relationship of that number."""
        if number >= len(self.graph):
            return self._inside[number - len(self.graph)]
        return Node(RELATIONSHIPS[0], (), self.graph[number], f"{self.pointer}/{number}")

    def of(self, kinds: Sequence[str]) -> list[Node]:
        """The objects of these kinds, one kind after the other."""
        return [node for kind in kinds for node in self.by_kind.get(kind, ())]

    def count(self, kinds: Sequence[str]) -> int:
        """How many objects are of these kinds."""
        return sum(len(self.by_kind.get(kind, ())) for kind in kinds)


def read_nodes(graph: Sequence[Raw], may_hold_objects: Sequence[int], pointer: str, draft: Draft) -> Nodes:
    """Sort the objects of the graph that stands at `pointer`; warns of kinds that SPDX 3.0 does not have."""
    nodes = Nodes(graph, pointer)
    for index, raw in enumerate(graph):
        if may_hold_objects[index] and bytes(raw).count(_OWN_ID) > 1:
            for inner, where in _apart(raw, f"{pointer}/{index}"):
                nodes.add(_node(inner, where, draft), index, is_whole=False)
            continue
        try:
            told = _decode_told(raw)
        except msgspec.ValidationError:  # a fault, which is to be looked at
            told = None
        if told is not None and (kind := told.type or told.node_type) in RELATIONSHIPS:
            nodes.link(told, kind, index)
        else:
            nodes.add(_node(raw, f"{pointer}/{index}", draft, told), index, is_whole=True)
    _warn_of_unknown_kinds(nodes, draft)
    return nodes


def _node(raw: Raw, pointer: str, draft: Draft, told: Told | None = None) -> Node:
    head = told or _HEADS.decode(raw, draft, pointer)
    kind = head.type or head.node_type
    if not kind:
        raise breaks_specification(f"{pointer}/type", "is missing: nothing says what the object is")
    return Node(kind, () if kind in RELATIONSHIPS else _ids(head), raw, pointer)  # nothing refers to a relationship


def _ids(head: Head) -> tuple[str, ...]:
    if not head.node_id or head.node_id == head.spdx_id:
        return (head.spdx_id,) if head.spdx_id else ()
    return (head.spdx_id, head.node_id) if head.spdx_id else (head.node_id,)


def _apart(raw: Raw, pointer: str) -> list[tuple[Raw, str]]:
    """The object, and those inside of it that have an id of their own; there, the id stands in their place."""
    apart = [(msgspec.json.decode(raw), pointer)]
    pending: list[tuple[Any, str]] = list(apart)
    while pending:
        holder, place = pending.pop()
        for step, value in _containers(holder):
            where = place + to_pointer((step,))
            pending.append((value, where))
            if isinstance(value, dict) and isinstance(value.get("spdxId"), str):
                holder[step] = value["spdxId"]
                apart.append((value, where))
    return [(Raw(msgspec.json.encode(value)), where) for value, where in apart]


def _containers(holder: dict[str, Any] | list[Any]) -> list[tuple[str | int, Any]]:
    entries = holder.items() if isinstance(holder, dict) else enumerate(holder)
    return [(step, value) for step, value in entries if isinstance(value, dict | list)]


def _warn_of_unknown_kinds(nodes: Nodes, draft: Draft) -> None:
    unknown = Counter(
        {
            kind: len(found)
            for kind, found in nodes.by_kind.items()
            if kind not in _READ and not kind.startswith(_NOT_FOR_LICENSES)
        }
    )
    for kind, count in unknown.most_common(_MOST_NAMED):
        first = nodes.by_kind[kind][0]
        draft.warn("unknown-element", f"{count} objects of the type {kind[:80]!r} are not used", first.pointer)
