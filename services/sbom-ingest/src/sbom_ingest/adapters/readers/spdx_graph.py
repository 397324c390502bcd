"""How the elements of an SPDX document stand to each other, once its relationships are understood."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from sbom_ingest.adapters.readers.spdx_relationships import LINKAGE_STRENGTH, SCOPE_STRENGTH, Meaning
from sbom_ingest.domain.draft import Draft, Edge
from shared.contracts.documents import Root
from shared.contracts.inventory import ROOT, Component


@dataclass(slots=True)
class SpdxGraph:
    """Collects, by positions in the draft, what is described and what depends on what; call `settle` at the end."""

    draft: Draft
    _described: dict[int, None] = field(default_factory=dict)
    _uses: dict[int, dict[str, Meaning]] = field(default_factory=dict)

    def describe(self, position: int) -> None:
        """Note an element that the document is about."""
        self._described[position] = None

    def connect(self, source: int, target: int, word: str, meaning: Meaning, pointer: str) -> None:
        """Add what a relationship between two elements (or -1, the root) means; `word` is the document's own."""
        if source == target:
            self.draft.warn("self-dependency", "the element stands in a relationship to itself", pointer)
            return
        edge = (target, source) if meaning.reverse else (source, target)
        if meaning.kind == "containment":
            self.draft.containments.append(edge)
        else:
            self.draft.dependencies.append(edge)
            self._uses.setdefault(edge[1], {})[word] = meaning

    def settle(self) -> None:
        """Apply what relationships say of scope and linkage, and decide what the root is."""
        for position, uses in self._uses.items():
            if position >= 0 and not all(map(_leaves_as_it_is, uses.values())):
                self.draft.components[position] = _used(self.draft.components[position], uses)
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


def _leaves_as_it_is(meaning: Meaning) -> bool:
    """Whether it is a dependency at run time, in a way that is not said."""
    return meaning.scope == "runtime" and meaning.linkage is None


def _used(component: Component, uses: dict[str, Meaning]) -> Component:
    scope, word = min(
        ((meaning.scope or "runtime", word) for word, meaning in uses.items()),
        key=lambda use: (SCOPE_STRENGTH.index(use[0]), use[1]),
    )
    linkages = [meaning.linkage for meaning in uses.values() if meaning.linkage]
    linkage = component.linkage or min(linkages, key=LINKAGE_STRENGTH.index, default=None)
    if scope == "runtime" and linkage == component.linkage:
        return component
    return replace(component, scope=scope, scope_written=None if scope == "runtime" else word, linkage=linkage)


def _root(component: Component) -> Root:
    return Root(component.name or None, component.version, component.purl, component.group, component.type)
