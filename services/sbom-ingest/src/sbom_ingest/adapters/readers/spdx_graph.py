"""How the elements of an SPDX document stand to each other, once its relationships are understood."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from sbom_ingest.adapters.readers.spdx_places import Place
from sbom_ingest.adapters.readers.spdx_relationships import LINKAGE_STRENGTH, SCOPE_STRENGTH, Meaning
from sbom_ingest.domain.component_store import Use
from sbom_ingest.domain.draft import Draft
from shared.contracts.documents import Root
from shared.contracts.inventory import ROOT, Completeness, Component


@dataclass(slots=True)
class _Stated:
    """Of whose parts and dependencies the same is said, for the first time at `pointer`."""

    pointer: str
    assemblies: list[int] = field(default_factory=list)
    dependencies: list[int] = field(default_factory=list)


class _Uses:
    """The relationships by which elements are depended on: a bit for each word, a number of bits for each element."""

    def __init__(self) -> None:
        self._meanings: dict[str, Meaning] = {}
        self._bits: dict[str, int] = {}
        self._of = array("Q")

    def note(self, position: int, word: str, meaning: Meaning) -> None:
        """Note that something depends on the element in this way; the root is of no interest."""
        if position < 0:
            return
        if position >= len(self._of):
            self._of.extend(bytes(position + 1 - len(self._of)))
        bit = self._bits.get(word)
        if bit is None:
            bit = self._bits[word] = 1 << len(self._bits)
            self._meanings[word] = meaning
        self._of[position] |= bit

    def that_matter(self) -> Iterator[tuple[int, Mapping[str, Meaning]]]:
        """The elements that are depended on otherwise than at run time in a way that is not said, and how they are."""
        plain = sum(bit for word, bit in self._bits.items() if _leaves_as_it_is(self._meanings[word]))
        for position, bits in enumerate(self._of):
            if bits & ~plain:
                yield position, {word: self._meanings[word] for word, bit in self._bits.items() if bits & bit}


@dataclass(slots=True)
class SpdxGraph:
    """Collects, by positions in the draft, what is described and what depends on what; call `settle` at the end."""

    draft: Draft
    _described: dict[int, None] = field(default_factory=dict)
    _uses: _Uses = field(default_factory=_Uses)
    _complete: dict[str, _Stated] = field(default_factory=dict)

    def describe(self, position: int) -> None:
        """Note an element that the document is about."""
        self._described[position] = None

    def connect(self, source: int, target: int, word: str, meaning: Meaning, place: Place | str) -> None:
        """Add what a relationship between two elements (or -1, the root) means; `word` is the document's own."""
        if source == target:
            self.draft.warn("self-dependency", "the element stands in a relationship to itself", str(place))
            return
        if meaning.reverse:
            source, target = target, source
        if meaning.kind == "containment":
            self.draft.containments.append(source, target)
        else:
            self.draft.dependencies.append(source, target)
            self._uses.note(target, word, meaning)

    def state_completeness(self, source: int, aggregate: str, meaning: Meaning, pointer: str) -> None:
        """Note how much of what an element contains or depends on the document says that it lists."""
        if not meaning.reverse:  # how many others depend on something is not of interest
            stated = self._complete.setdefault(aggregate, _Stated(pointer))
            (stated.assemblies if meaning.kind == "containment" else stated.dependencies).append(source)

    def settle(self) -> None:
        """Apply what relationships say of scope and linkage, and decide what the root is."""
        self._settle_completeness()
        for position, uses in self._uses.that_matter():
            use = _use(self.draft.components[position], uses)
            if use is not None:
                self.draft.components.use(position, use)
        roots = self._roots()
        if not roots:
            return
        self.draft.root = _root(self.draft.components[roots[0]])
        if len(roots) == 1:
            self.draft.root_position = roots[0]
            self.draft.dependencies = self.draft.dependencies.hung_on_root(roots[0])
            self.draft.containments = self.draft.containments.hung_on_root(roots[0])
        else:
            self.draft.warn("several-roots", f"the document describes {len(roots)} packages; the first names it", "")
            for position in roots:
                self.draft.dependencies.append(ROOT, position)

    def _settle_completeness(self) -> None:
        for aggregate, stated in self._complete.items():
            told = Completeness(aggregate, stated.pointer, tuple(stated.assemblies), tuple(stated.dependencies))
            self.draft.state(told)

    def _roots(self) -> list[int]:
        """What the document describes and nothing in it leads to; all that it describes, where everything is led to.

        A document of a single package describes that one, said or not (SPDX 2.3, 11.1).
        """
        described = list(self._described)
        if not described and len(self.draft.components) == 1 and not self.draft.files:
            described = [0]
        if len(described) < 2:
            return described
        edges = chain(self.draft.dependencies, self.draft.containments)
        inside = {target for source, target in edges if source != ROOT}
        return [position for position in described if position not in inside] or described


def _leaves_as_it_is(meaning: Meaning) -> bool:
    """Whether it is a dependency at run time, in a way that is not said."""
    return meaning.scope == "runtime" and meaning.linkage is None


def _use(component: Component, uses: Mapping[str, Meaning]) -> Use | None:
    """How the component is used, None where that changes nothing."""
    scope, word = min(
        ((meaning.scope or "runtime", word) for word, meaning in uses.items()),
        key=lambda use: (SCOPE_STRENGTH.index(use[0]), use[1]),
    )
    linkages = [meaning.linkage for meaning in uses.values() if meaning.linkage]
    linkage = component.linkage or min(linkages, key=LINKAGE_STRENGTH.index, default=None)
    if scope == "runtime" and linkage == component.linkage:
        return None
    return Use(scope, None if scope == "runtime" else word, linkage)


def _root(component: Component) -> Root:
    return Root(component.name or None, component.version, component.purl, component.group, component.type)
