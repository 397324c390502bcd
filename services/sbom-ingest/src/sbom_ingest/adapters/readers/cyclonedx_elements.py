"""The elements of a CycloneDX document in its own order, and what depends on what.

Nothing here calls itself: nesting is followed with a stack, however deep it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec import Raw

from sbom_ingest.adapters.readers.common import add_element
from sbom_ingest.adapters.readers.cyclonedx_components import check_fields, to_component
from sbom_ingest.adapters.readers.cyclonedx_rules import COMPONENTS, SERVICES
from sbom_ingest.adapters.readers.cyclonedx_structs import Composition, CycloneDxComponent, Dependency
from sbom_ingest.adapters.readers.positions import Positions
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import Refused
from shared.contracts.inventory import ROOT, Completeness

_ELSEWHERE = -2  # a service: it has a reference, and is no component


class _Level(NamedTuple):
    """A list of components that is being gone through; `parent` is the position of what they are part of."""

    entries: Iterator[tuple[int, Raw]]
    pointer: str
    parent: int | None


@dataclass(slots=True)
class Elements:
    """Collects components, services and dependencies into a draft; call in the order root, components, services,
    dependencies."""

    draft: Draft
    _by_ref: Positions = field(default_factory=Positions)
    _relationships: int = 0

    def add_root(self, root: CycloneDxComponent, pointer: str) -> None:
        """Note the root's reference. Its own parts are apart with it, and are no elements."""
        self._register(root, ROOT, pointer)
        parts = self._register_parts(root, pointer)
        if parts:
            message = f"{parts} components inside the root are parts of it and are not listed"
            self.draft.warn("root-parts", message, f"{pointer}/components")

    def _register_parts(self, root: CycloneDxComponent, pointer: str) -> int:
        pending = [(raw, f"{pointer}/components/{index}") for index, raw in enumerate(root.components)]
        count = 0
        while pending:
            raw, place = pending.pop()
            part = COMPONENTS.decode(raw, self.draft, place)
            self._register(part, ROOT, place)
            pending += [(inner, f"{place}/components/{index}") for index, inner in enumerate(part.components)]
            count += 1
        return count

    def add_component(self, raw: Raw | bytes, pointer: str) -> None:
        """Add a component and all that is nested in it, a parent before its parts."""
        position, parts = self._add(raw, pointer, None)
        levels = [_Level(iter(enumerate(parts)), f"{pointer}/components", position)]
        while levels:
            level = levels[-1]
            for index, part in level.entries:
                place = f"{level.pointer}/{index}"
                position, parts = self._add(part, place, level.parent)
                if parts:
                    levels.append(_Level(iter(enumerate(parts)), f"{place}/components", position))
                    break
            else:
                levels.pop()

    def _add(self, raw: Raw | bytes, place: str, parent: int | None) -> tuple[int | None, list[Raw]]:
        """Add one component; returns its position, and its parts that are still to be added."""
        draft = self.draft
        try:
            written = COMPONENTS.decode(raw, draft, place)
            if draft.limits.may_be_passed_in(len(memoryview(raw))):
                check_fields(written, draft, place)
                draft.check_elements(len(draft.components) + len(written.components))
            position = add_element(to_component(written, draft, place), draft)
        except Refused as refused:
            draft.note_fault(refused)
            return None, []
        if position is not None:
            self._register(written, position, place)
            if parent is not None:
                draft.containments.append(parent, position)
        return position, written.components

    def _register(self, written: CycloneDxComponent, position: int, place: str) -> None:
        # Older tools refer to components without a bom-ref by their package URL.
        ref = written.bom_ref or written.purl
        if ref and self._by_ref.setdefault(ref, position) != position and written.bom_ref:
            self.draft.warn("duplicate-reference", f"the bom-ref {ref[:80]!r} is used before", f"{place}/bom-ref")

    def add_services(self, entries: Sequence[Raw | bytes], pointer: str) -> None:
        """Count services at any depth."""
        pending: list[tuple[Raw | bytes, str]] = [(raw, f"{pointer}/{index}") for index, raw in enumerate(entries)]
        while pending:
            raw, place = pending.pop()
            service = SERVICES.decode(raw, self.draft, place)
            self.draft.services += 1
            if service.bom_ref:
                self._by_ref.setdefault(service.bom_ref, _ELSEWHERE)
            pending += [(inner, f"{place}/services/{index}") for index, inner in enumerate(service.services)]

    def add_dependency(self, written: Dependency, place: str) -> None:
        """Add what one element depends on; warns of references to nothing."""
        self._relationships += len(written.depends_on) + len(written.provides)
        self.draft.check_relationships(self._relationships)
        self.draft.check_references(len(written.depends_on), f"{place}/dependsOn")
        self.draft.check_references(len(written.provides), f"{place}/provides")
        source = self._position(written.ref, f"{place}/ref")
        if source is not None:
            self._add_targets(written, source, place)
            if written.provides and source != _ELSEWHERE:
                assets = self._components(written.provides, f"{place}/provides")
                for asset in assets:
                    self.draft.provides.append(source, asset)

    def add_composition(self, written: Composition, place: str) -> None:
        """Note how complete the parts and dependencies of elements are said to be."""
        if not written.aggregate:
            self.draft.warn("missing-field", "`aggregate` is missing: it says nothing", place)
            return
        self._relationships += len(written.assemblies) + len(written.dependencies)
        self.draft.check_relationships(self._relationships)
        self.draft.check_references(len(written.assemblies), f"{place}/assemblies")
        self.draft.check_references(len(written.dependencies), f"{place}/dependencies")
        self.draft.check_field(written.aggregate, place)
        assemblies = self._components(written.assemblies, f"{place}/assemblies")
        dependencies = self._components(written.dependencies, f"{place}/dependencies")
        if assemblies or dependencies or not (written.assemblies or written.dependencies):
            self.draft.state(Completeness(written.aggregate, place, tuple(assemblies), tuple(dependencies)))

    def _components(self, refs: Sequence[str], place: str) -> list[int]:
        """The positions of what is referred to, without services; warns of references to nothing."""
        found = [self._position(ref, f"{place}/{number}") for number, ref in enumerate(refs)]
        return [position for position in found if position is not None and position != _ELSEWHERE]

    def _add_targets(self, written: Dependency, source: int, place: str) -> None:
        for number, ref in enumerate(written.depends_on):
            target = self._by_ref.get(ref)
            if target is None:
                target = self._position(ref, f"{place}/dependsOn/{number}")
            if target is None or _ELSEWHERE in (source, target):
                continue
            if source == target:
                self.draft.warn("self-dependency", "the component depends on itself", f"{place}/dependsOn/{number}")
            else:
                self.draft.dependencies.append(source, target)

    def _position(self, ref: str, place: str) -> int | None:
        position = self._by_ref.get(ref)
        if position is None:
            if ref.startswith("urn:cdx:"):
                self.draft.warn("external-reference", f"{ref[:80]!r} is in another document", place)
            else:
                self.draft.warn("dangling-reference", f"{ref[:80]!r} is not in the document", place)
        return position
