"""What depends on what, and in which scopes a component is used."""

from dataclasses import dataclass, field

from sbom_ingest.adapters.readers.spdx_relationships import SCOPE_STRENGTH
from sbom_ingest.domain.component_store import Use
from sbom_ingest.domain.draft import Draft
from shared.contracts.inventory import ROOT, Scope

_STATIC = ("STATIC", "PROJECT_STATIC")


@dataclass(frozen=True, slots=True)
class ScopeUse:
    """A scope: what its packages are for, and its own name."""

    scope: Scope
    name: str

    @property
    def rank(self) -> tuple[int, str]:
        """Scopes in the order in which they count, the strongest first."""
        return SCOPE_STRENGTH.index(self.scope), self.name


@dataclass(slots=True)
class Uses:
    """Collects dependencies into a draft by the ids of packages and projects; call `settle` at the end."""

    draft: Draft
    positions: dict[str, int]
    _uses: dict[int, ScopeUse] = field(default_factory=dict)
    _static: set[int] = field(default_factory=set)
    _strangers: set[str] = field(default_factory=set)

    def position(self, identifier: str, pointer: str) -> int | None:
        """The position of a package, -1 of a project; warns once of an id that the document does not have."""
        position = self.positions.get(identifier)
        if position is None and identifier not in self._strangers:
            self._strangers.add(identifier)
            self.draft.warn("dangling-reference", f"{identifier[:80]!r} is not in the document", pointer)
        return position

    def depend(self, source: int, target: int) -> None:
        """Add a dependency; a project that another needs is part of the root with it."""
        if target not in (source, ROOT):
            self.draft.dependencies.append(source, target)
            self.draft.check_relationships(len(self.draft.dependencies))

    def use(self, position: int, use: ScopeUse, linkage: str = "") -> None:
        """Note a scope in which a package is used, and how; only static linking is said on purpose."""
        known = self._uses.get(position)
        if known is None or use.rank < known.rank:
            self._uses[position] = use
        if linkage in _STATIC:
            self._static.add(position)

    def settle(self) -> None:
        """Give each package the strongest of its scopes."""
        for position, use in self._uses.items():
            if position != ROOT:
                linkage = "static" if position in self._static else self.draft.components[position].linkage
                self.draft.components.use(position, Use(use.scope, use.name or None, linkage))
