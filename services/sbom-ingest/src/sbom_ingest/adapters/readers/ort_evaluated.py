"""Reads ORT's evaluated model: what all of its tools found, with references by position."""

from collections.abc import Sequence

from msgspec import Raw
from msgspec.structs import replace

from sbom_ingest.adapters.readers.common import add_element, copyright_lines
from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.ort_packages import component_of, root_of
from sbom_ingest.adapters.readers.ort_structs import EvaluatedPackage, Position, Statement, TreeNode, as_position
from sbom_ingest.adapters.readers.scope_names import scope_of
from sbom_ingest.adapters.readers.scoped_uses import ScopeUse, Uses
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.domain.component_store import Use
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import Refused, breaks_specification
from shared.contracts.inventory import ROOT, LicenseClaim

_DECIDING = frozenset({"id", "declared_licenses", "concluded_license", "is_project"})
_UNNAMED = ScopeUse("runtime", "")


def _package_matters(fault: Fault) -> bool:
    return fault.path[0] in _DECIDING


def _always_matters(fault: Fault) -> bool:
    return True


_PACKAGES = TolerantDecoder(EvaluatedPackage, _package_matters)
_STATEMENTS = TolerantDecoder(Statement, _always_matters)
_TREES = TolerantDecoder(TreeNode, _always_matters)


def read_evaluated_model(model: JsonObject, draft: Draft) -> Draft:
    """The draft with the facts of an evaluated model; it does not say which version of ORT wrote it."""
    draft.tool = ["ORT"]
    reading = _Reading(model, draft)
    reading.add_packages(model.elements("packages"))
    reading.add_trees(model.elements("dependency_trees"))
    reading.settle()
    return draft


class _Reading:
    """One model while its parts are read."""

    def __init__(self, model: JsonObject, draft: Draft) -> None:
        self._draft = draft
        self._pointer = model.pointer
        self._licenses = [each.id for each in self._table(model, "licenses")]
        self._copyrights = [each.statement for each in self._table(model, "copyrights")]
        self._scopes = [each.name for each in self._table(model, "scopes")]
        self._packages: list[int | None] = []
        self._excluded: list[int] = []
        self._uses = Uses(draft, {})

    def _table(self, model: JsonObject, key: str) -> list[Statement]:
        return [
            _STATEMENTS.decode(raw, self._draft, f"{self._pointer}/{key}/{index}")
            for index, raw in enumerate(model.elements(key))
        ]

    def add_packages(self, entries: Sequence[Raw]) -> None:
        """Add packages; projects are what the document is about."""
        self._draft.check_elements(len(entries))
        for index, raw in enumerate(entries):
            pointer = f"{self._pointer}/packages/{index}"
            try:
                self._packages.append(self._add(_PACKAGES.decode(raw, self._draft, pointer), pointer))
            except Refused as refused:
                self._draft.note_fault(refused)
                self._packages.append(None)
        projects = self._packages.count(ROOT)
        if projects > 1:
            message = f"the document has {projects} projects; the first names it"
            self._draft.warn("several-roots", message, f"{self._pointer}/packages")

    def _add(self, written: EvaluatedPackage, pointer: str) -> int | None:
        if written.is_project:
            if self._draft.root.name is None:
                self._draft.root = root_of(written.id)
            return ROOT
        declared = self._named(self._licenses, written.declared_licenses, f"{pointer}/declared_licenses")
        component = component_of(written, declared, self._draft, pointer)
        component = replace(
            component,
            licenses=component.licenses + self._detected(written, pointer),
            copyright=self._copyright(written, pointer),
        )
        position = add_element(component, self._draft)
        if position is not None and written.is_excluded:
            self._excluded.append(position)
        return position

    def _detected(self, written: EvaluatedPackage, pointer: str) -> list[LicenseClaim]:
        """What a scanner found in files that are released."""
        place = f"{pointer}/detected_licenses"
        excluded = set(map(as_position, written.detected_excluded_licenses))
        found = [each for each in written.detected_licenses if as_position(each) not in excluded]
        return [
            LicenseClaim(value, "expression", "observed", place)
            for value in dict.fromkeys(self._named(self._licenses, found, place))
            if value
        ]

    def _copyright(self, written: EvaluatedPackage, pointer: str) -> list[str]:
        found = [each.copyright for each in written.findings if each.copyright is not None and not each.path_excludes]
        return copyright_lines(self._named(self._copyrights, found, f"{pointer}/findings"))

    def _named(self, table: Sequence[str], positions: Sequence[Position], pointer: str) -> list[str]:
        numbers = [as_position(position) for position in positions]
        if any(not 0 <= number < len(table) for number in numbers):
            raise breaks_specification(pointer, "refers to a licence or statement that is not there")
        return [table[number] for number in numbers]

    def add_trees(self, entries: Sequence[Raw]) -> None:
        """Read what each project depends on, scope by scope."""
        for index, raw in enumerate(entries):
            pointer = f"{self._pointer}/dependency_trees/{index}"
            self._add_tree(_TREES.decode(raw, self._draft, pointer), pointer)

    def _add_tree(self, tree: TreeNode, pointer: str) -> None:
        pending: list[tuple[TreeNode, int, ScopeUse, bool]] = [(tree, ROOT, _UNNAMED, False)]
        while pending:
            node, parent, use, excluded = pending.pop()
            excluded = excluded or bool(node.scope_excludes or node.path_excludes)
            if node.scope is not None:
                use = self._use(node.scope, excluded, pointer)
            elif node.pkg is not None and (position := self._position(node.pkg, pointer)) is not None:
                self._uses.depend(parent, position)
                self._uses.use(position, use, node.linkage)
                parent = position
            pending += [(inner, parent, use, excluded) for inner in node.children]

    def _use(self, scope: Position, excluded: bool, pointer: str) -> ScopeUse:
        [name] = self._named(self._scopes, [scope], pointer)
        return ScopeUse("excluded" if excluded else scope_of(name), name)

    def _position(self, package: Position, pointer: str) -> int | None:
        number = as_position(package)
        if 0 <= number < len(self._packages):
            return self._packages[number]
        self._draft.warn("dangling-reference", f"there is no package {str(package)[:20]}", pointer)
        return None

    def settle(self) -> None:
        """Give each package its scope; what ORT found excluded in all places is, whatever its scopes."""
        self._uses.settle()
        for position in self._excluded:
            component = self._draft.components[position]
            self._draft.components.use(position, Use("excluded", component.scope_written, component.linkage))
