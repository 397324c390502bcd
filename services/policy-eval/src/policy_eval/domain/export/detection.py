"""What cryptography the components of an item have, from every source, and which source counts.

The stricter automatic source wins; of sources that are equally strict, the most trusted. Only a person's
classification, with a reason and a date, lowers what machines found (domain model, section 4.5).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from policy_eval.domain.export.algorithms import Algorithms
from policy_eval.domain.export.knowledge_base import KnowledgeBase, suspicious_word
from policy_eval.domain.export.terms import TRUST, Confidence, CryptoFunction, CryptoKind, FindingSource
from policy_eval.domain.export.ways import WaysBack
from shared.contracts.inventory import ROOT

PRODUCT: Final = "product"
_KINDS: Final[tuple[CryptoKind, ...]] = ("none", "calls-os", "uses", "implements")
_CONFIDENCE: Final[Mapping[FindingSource, Confidence]] = {
    "reviewer": "high",
    "supplier": "high",
    "cbom": "high",
    "scanner": "medium",
    "knowledge-base": "medium",
    "inherited": "medium",
    "name": "suspect",
}


@dataclass(frozen=True, slots=True)
class CryptoFinding:
    """What one source says of the cryptography of one subject, the product or a component's purl or name.

    `functions` None = not told, `standard` None = not known. `is_weak`: all its keys for confidentiality are known to be
    short enough to be free (5A002.a). `path` leads from the product to what was found. `text` is the statement as the
    document writes it at `pointer`, where it is one in words; `is_hint`: its words give cause to look and say no more.
    """

    subject: str
    kind: CryptoKind
    source: FindingSource
    functions: frozenset[CryptoFunction] | None = None
    algorithms: tuple[str, ...] = ()
    standard: bool | None = None
    is_weak: bool = False
    path: tuple[str, ...] = ()
    text: str | None = None
    pointer: str | None = None
    is_hint: bool = False

    @property
    def detected(self) -> bool:
        """Whether it says that there is cryptography."""
        return self.kind != "none"

    @property
    def is_suspicion(self) -> bool:
        """Whether it is a guess: by name only, or by words that name neither a code nor an algorithm."""
        return self.source == "name" or self.is_hint

    @property
    def confidence(self) -> Confidence:
        """How much it can be trusted, by its source."""
        return "suspect" if self.is_hint else _CONFIDENCE[self.source]

    @property
    def may_be_confidential(self) -> bool:
        """Whether data confidentiality is among the functions; so it is where they are not told."""
        return self.detected and (self.functions is None or "confidentiality" in self.functions)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A component as it is looked at: its name in findings, and what automatic sources beside us say of it."""

    name: str
    purl: str | None
    stated: tuple[CryptoFinding, ...] = ()
    published: bool | None = None
    is_package: bool = True

    @property
    def subject(self) -> str:
        """What findings call it."""
        return self.purl or self.name


def strictest(findings: Iterable[CryptoFinding]) -> CryptoFinding | None:
    """The finding that counts among automatic ones: confidentiality, then kind, then trust."""
    return max(findings, key=_strictness, default=None)


def _strictness(finding: CryptoFinding) -> tuple[bool, bool, bool, int, int]:
    not_standard = finding.detected and finding.standard is False
    certain = not finding.is_suspicion
    trust = -TRUST.index(finding.source)
    return (certain, finding.may_be_confidential, not_standard, _KINDS.index(finding.kind), trust)


class Detector:
    """Looks at components with the knowledge base and the table of algorithms."""

    def __init__(self, knowledge: KnowledgeBase, algorithms: Algorithms) -> None:
        self._knowledge = knowledge
        self._algorithms = algorithms

    def all(self, components: Sequence[Inspected], edges: Iterable[tuple[int, int]] = ()) -> list[CryptoFinding | None]:
        """What counts of each component; None where nothing is known. Edges are (from, to) positions, -1 the root."""
        own = [self.own(each) for each in components]
        if not any(own):
            return own
        edges = sorted(set(edges))
        from_root = _with_ways(components, own, edges)
        inherited = _inherited(components, own, edges)
        return [strictest(filter(None, pair)) for pair in zip(from_root, inherited, strict=True)]

    def own(self, component: Inspected) -> CryptoFinding | None:
        """What is known of the component itself: stated, known by its purl, or suspected by its name."""
        found = [self.completed(each) for each in component.stated]
        known = self._known(component)
        if known is not None:
            found.append(known)
        if not found and component.is_package and suspicious_word(component.name):
            found.append(CryptoFinding(component.subject, "uses", "name", path=(component.name,)))
        return strictest(found)

    def _known(self, component: Inspected) -> CryptoFinding | None:
        entry = self._knowledge.find(component.purl) if component.purl else None
        if entry is None:
            return None
        return CryptoFinding(
            component.subject,
            entry.kind,
            "knowledge-base",
            entry.functions,
            entry.algorithms,
            entry.standard,
            self._are_weak(entry.algorithms),
            (component.name,),
        )

    def completed(self, stated: CryptoFinding) -> CryptoFinding:
        """The statement with what its algorithms tell: functions where none are told, how strong, whether standard."""
        if not stated.detected:
            return stated
        functions, standard = stated.functions, stated.standard
        if functions is None and stated.algorithms and all(map(self._is_known, stated.algorithms)):
            functions = self._algorithms.functions_of(stated.algorithms)
        if standard is None:
            standard = self._standard(stated)
        return replace(stated, functions=functions, standard=standard, is_weak=self._are_weak(stated.algorithms))

    def of_product(self, own: CryptoFinding | None, parts: Iterable[CryptoFinding | None]) -> CryptoFinding | None:
        """What counts of the product: its own statement together with the use of all that its parts were found to have."""
        certain = [each for each in parts if each is not None and not each.is_suspicion]
        found = [] if own is None else [_as_its_parts(self.completed(own), certain)]
        if certain:
            found.append(_used(certain))
        return _together(found) if found else None

    def _standard(self, stated: CryptoFinding) -> bool | None:
        if stated.kind == "calls-os":
            return True
        bodies = [self._algorithms.read(each).algorithm for each in stated.algorithms]
        known = bool(bodies) and all(each is not None and each.body is not None for each in bodies)
        return True if known else None

    def _are_weak(self, algorithms: Sequence[str]) -> bool:
        read = [self._algorithms.read(each) for each in algorithms]
        confidential = [
            each for each in read if each.algorithm is None or "confidentiality" in each.algorithm.functions
        ]
        return bool(confidential) and not any(each.is_above_threshold for each in confidential)

    def _is_known(self, algorithm: str) -> bool:
        return self._algorithms.read(algorithm).algorithm is not None


def _with_ways(
    components: Sequence[Inspected], own: Sequence[CryptoFinding | None], edges: Sequence[tuple[int, int]]
) -> list[CryptoFinding | None]:
    """The findings with the shortest way from the product to each, where the document states one."""
    direct = [target for source, target in edges if source == ROOT]
    way, names = WaysBack(direct, edges), [each.name for each in components]

    def with_way(place: int, found: CryptoFinding | None) -> CryptoFinding | None:
        if found is None or way.start_of(place) is None:
            return found
        return replace(found, path=(PRODUCT, *reversed(way.names(place, names))))

    return [with_way(place, each) for place, each in enumerate(own)]


def _as_its_parts(own: CryptoFinding, parts: Sequence[CryptoFinding]) -> CryptoFinding:
    """The product's statement; where it only says that cryptography is used, that of its parts is what is used."""
    used = [each for each in parts if each.may_be_confidential]
    if own.kind != "uses" or own.standard is not None or not used:
        return own
    return replace(own, standard=_all_standard(used))


def _used(parts: Sequence[CryptoFinding]) -> CryptoFinding:
    """The use of everything that the parts have."""
    together = _together(parts)
    kind: CryptoKind = "uses" if together.detected else "none"
    path = together.path if together.path[:1] == (PRODUCT,) else (PRODUCT, *together.path)
    return replace(together, subject=PRODUCT, kind=kind, source="inherited", path=path)


def _together(found: Sequence[CryptoFinding]) -> CryptoFinding:
    """The strictest of them, with the functions and algorithms of all."""
    worst = max(found, key=_strictness)
    detected = [each for each in found if each.detected]
    if len(detected) < 2:
        return worst
    told = [each.functions for each in detected if each.functions is not None]
    return replace(
        worst,
        functions=frozenset[CryptoFunction]().union(*told) if len(told) == len(detected) else None,
        algorithms=tuple(sorted({name for each in detected for name in each.algorithms})),
        standard=_all_standard(detected),
        is_weak=all(each.is_weak for each in detected if each.may_be_confidential),
    )


def _all_standard(findings: Iterable[CryptoFinding]) -> bool | None:
    said = {each.standard for each in findings if each.may_be_confidential}
    if False in said:
        return False
    return None if None in said else True


def _inherited(
    components: Sequence[Inspected], own: Sequence[CryptoFinding | None], edges: Sequence[tuple[int, int]]
) -> list[CryptoFinding | None]:
    """For each component the use of the nearest thing with confidentiality that it depends on, with the way there."""
    starts = [place for place, each in enumerate(own) if each and not each.is_suspicion and each.may_be_confidential]
    names = [each.name for each in components]
    way = WaysBack(starts, [(target, source) for source, target in edges])
    return [_use(components[place], own, way, place, names) for place in range(len(components))]


def _use(
    component: Inspected, own: Sequence[CryptoFinding | None], way: WaysBack, place: int, names: Sequence[str]
) -> CryptoFinding | None:
    start = way.start_of(place)
    reached = own[start] if start is not None and start != place else None
    if reached is None:
        return None
    path = way.names(place, names)
    return replace(reached, subject=component.subject, kind="uses", source="inherited", path=path)
