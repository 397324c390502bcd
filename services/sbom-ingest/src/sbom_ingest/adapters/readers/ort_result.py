"""Reads ORT's results: packages, projects and what they depend on, as the analyzer found them."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Raw

from sbom_ingest.adapters.readers.common import add_element, read_time
from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.ort_choices import note_choices
from sbom_ingest.adapters.readers.ort_configuration_structs import ResolvedConfiguration
from sbom_ingest.adapters.readers.ort_curations import Curations
from sbom_ingest.adapters.readers.ort_graph import GraphReading
from sbom_ingest.adapters.readers.ort_packages import component_of, coordinates, root_of
from sbom_ingest.adapters.readers.ort_patterns import matches_any, path_matches, readable_pattern
from sbom_ingest.adapters.readers.ort_scanner import ScannerFindings
from sbom_ingest.adapters.readers.ort_structs import (
    AnalyzerRun,
    CuratedPackage,
    DependencyGraph,
    Package,
    PackageReference,
    Project,
    Repository,
    as_position,
)
from sbom_ingest.adapters.readers.scope_names import scope_of
from sbom_ingest.adapters.readers.scoped_uses import ScopeUse, Uses
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder, to_pointer
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import Refused, breaks_specification
from shared.contracts.inventory import ROOT, Component

Addition = Callable[[Component, str], Component]
"""What is said of a package elsewhere: from a component and the id of its package to the component with it."""
_DECIDING = frozenset({"id", "declared_licenses", "concluded_license"})
_UNREAD = ("advisor", "evaluator")


def _package_matters(fault: Fault) -> bool:
    return fault.path[0] in _DECIDING


def _project_matters(fault: Fault) -> bool:
    return fault.path[0] in ("id", "scopes")


def _always_matters(fault: Fault) -> bool:
    return True


def _run_matters(fault: Fault) -> bool:
    return fault.path[0] == "result"


def _never_matters(fault: Fault) -> bool:
    return False


_RUN = TolerantDecoder(AnalyzerRun, _run_matters)
_CONFIGURATION = TolerantDecoder(ResolvedConfiguration, _never_matters)
_REPOSITORY = TolerantDecoder(Repository, _never_matters)
_PROJECTS = TolerantDecoder(Project, _project_matters)
_WRAPPERS = TolerantDecoder(CuratedPackage, _always_matters)
_PACKAGES = TolerantDecoder(Package, _package_matters)
_GRAPHS = TolerantDecoder(DependencyGraph, _always_matters)


def read_result(result: JsonObject, draft: Draft) -> Draft:
    """The draft with the facts of a result that has an analyzer run."""
    pointer = f"{result.pointer}/analyzer"
    if result.is_null("analyzer"):
        raise breaks_specification(pointer, "is missing: a result is read from its analyzer run")
    run = _RUN.decode(result.members["analyzer"], draft, pointer)
    draft.spec_version = run.environment.ort_version or None
    draft.created = read_time(run.end_time, "ISO 8601", draft, f"{pointer}/end_time")
    draft.tool = [f"ORT {run.environment.ort_version}".strip()]
    repository = Repository()
    if not result.is_null("repository"):
        repository = _REPOSITORY.decode(result.members["repository"], draft, f"{result.pointer}/repository")
    for section in _UNREAD:
        if not result.is_null(section):
            message = "what it found is not read: licence work has no use for it"
            draft.warn("section-ignored", message, f"{result.pointer}/{section}")
    configuration, place = _configuration(result, repository, draft)
    curations = Curations(configuration.package_curations, draft, f"{place}/package_curations")
    findings = ScannerFindings(draft, configuration.package_configurations)
    if not result.is_null("scanner"):
        findings.add_all(result.members["scanner"], f"{result.pointer}/scanner")
    reading = _Reading(draft, repository, (curations.applied, findings.applied), f"{pointer}/result")
    reading.add_packages(run.result.packages)
    reading.add_projects(run.result.projects)
    reading.add_graphs(run.result.dependency_graphs)
    reading.uses.settle()
    note_choices(configuration.license_choices, reading.uses.positions, draft, f"{place}/license_choices")
    return draft


def _configuration(result: JsonObject, repository: Repository, draft: Draft) -> tuple[ResolvedConfiguration, str]:
    """What was configured, and where it stands; older results have only what the repository itself says."""
    if result.is_null("resolved_configuration"):
        older = ResolvedConfiguration(license_choices=repository.config.license_choices)
        return older, f"{result.pointer}/repository/config"
    pointer = f"{result.pointer}/resolved_configuration"
    return _CONFIGURATION.decode(result.members["resolved_configuration"], draft, pointer), pointer


class _Excluded:
    """Which scopes and projects the repository does not release."""

    def __init__(self, repository: Repository, draft: Draft, pointer: str) -> None:
        self._repository = repository
        self._scopes: list[str] = []
        excludes = repository.config.excludes
        draft.check_entries(len(excludes.paths), f"{pointer}/config/excludes/paths")
        draft.check_entries(len(excludes.scopes), f"{pointer}/config/excludes/scopes")
        for index, exclude in enumerate(excludes.scopes):
            globs = readable_pattern(exclude.pattern)
            if globs is None:
                message = f"the pattern {exclude.pattern[:80]!r} is not read; what it excludes counts as released"
                draft.warn("unread-pattern", message, f"{pointer}/config/excludes/scopes/{index}/pattern")
            self._scopes += globs or ()

    def has_scope(self, name: str) -> bool:
        return matches_any(name, self._scopes)

    def has_project(self, project: Project) -> bool:
        """Whether the file that defines the project is excluded, wherever its repository is nested."""
        paths = [project.definition_file_path] + [
            f"{folder}/{project.definition_file_path}"
            for folder, vcs in self._repository.nested_repositories.items()
            if vcs.url == project.vcs_processed.url
        ]
        patterns = [exclude.pattern for exclude in self._repository.config.excludes.paths]
        return any(path_matches(path, pattern) for path in paths for pattern in patterns)


class _Reading:
    """One result while its parts are read."""

    def __init__(self, draft: Draft, repository: Repository, additions: Sequence[Addition], pointer: str) -> None:
        self._draft = draft
        self._additions = additions
        self._pointer = pointer
        self._excluded = _Excluded(repository, draft, "/repository")
        self._excluded_projects: set[str] = set()
        self.uses = Uses(draft, {})

    def add_packages(self, entries: Sequence[Raw]) -> None:
        """Add packages, whatever wrapper their age gave them."""
        self._draft.check_elements(len(entries))
        for index, raw in enumerate(entries):
            try:
                self._add_package(raw, f"{self._pointer}/packages/{index}")
            except Refused as refused:
                self._draft.note_fault(refused)

    def _add_package(self, raw: Raw, pointer: str) -> None:
        wrapper = _WRAPPERS.decode(raw, self._draft, pointer)
        for name, inner in (("package", wrapper.package), ("metadata", wrapper.metadata)):
            if bytes(memoryview(inner)[:1]) == b"{":
                raw, pointer = inner, f"{pointer}/{name}"
                break
        written = _PACKAGES.decode(raw, self._draft, pointer)
        component = component_of(written, written.declared_licenses, self._draft, pointer)
        for add in self._additions:
            component = add(component, written.id)
        position = add_element(component, self._draft)
        if position is not None and self.uses.positions.setdefault(written.id, position) != position:
            self._draft.warn("duplicate-reference", f"the id {written.id[:80]!r} is used before", pointer)

    def add_projects(self, entries: Sequence[Raw]) -> None:
        """Note the projects, the first of which names the root, and read the trees of their scopes."""
        pointer = f"{self._pointer}/projects"
        projects = [_PROJECTS.decode(raw, self._draft, f"{pointer}/{index}") for index, raw in enumerate(entries)]
        self.uses.positions |= dict.fromkeys((project.id for project in projects), ROOT)
        self._excluded_projects = {_qualifier(each.id) for each in projects if self._excluded.has_project(each)}
        if projects:
            self._draft.root = root_of(projects[0].id)
        if len(projects) > 1:
            message = f"the document has {len(projects)} projects; the first names it"
            self._draft.warn("several-roots", message, pointer)
        for index, project in enumerate(projects):
            self._add_scopes(project, f"{pointer}/{index}/scopes")

    def _add_scopes(self, project: Project, pointer: str) -> None:
        for index, scope in enumerate(project.scopes or ()):
            use = self._use(_qualifier(project.id), scope.name)
            self._add_tree(scope.dependencies, use, f"{pointer}/{index}")

    def _add_tree(self, dependencies: Sequence[PackageReference], use: ScopeUse, pointer: str) -> None:
        pending: list[tuple[PackageReference, int]] = [(reference, ROOT) for reference in dependencies]
        while pending:
            reference, parent = pending.pop()
            position = self.uses.position(reference.id, pointer)
            if position is not None:
                self.uses.depend(parent, position)
                self.uses.use(position, use, reference.linkage)
            # What only a stranger leads to is still there: it hangs on what leads to the stranger.
            pending += [(inner, parent if position is None else position) for inner in reference.dependencies]

    def add_graphs(self, graphs: dict[str, Raw]) -> None:
        """Read the graphs, one of each package manager, that newer results have in place of trees."""
        for name, raw in graphs.items():
            pointer = f"{self._pointer}/dependency_graphs{to_pointer((name,))}"
            written = _GRAPHS.decode(raw, self._draft, pointer)
            self._draft.check_entries(len(written.scopes), f"{pointer}/scopes")
            self._draft.check_relationships(len(written.nodes or ()) + len(written.edges or ()))
            scopes = [
                (use, [(as_position(root.root), as_position(root.fragment)) for root in written.scopes[qualified]])
                for qualified, use in self._scopes_of(written)
            ]
            GraphReading(written, self.uses, pointer).add_scopes(scopes, f"{pointer}/scopes")

    def _scopes_of(self, graph: DependencyGraph) -> Iterator[tuple[str, ScopeUse]]:
        for qualified in graph.scopes:
            *project, name = qualified.split(":", 3)
            yield qualified, self._use(":".join(project), name)

    def _use(self, project: str, name: str) -> ScopeUse:
        excluded = project in self._excluded_projects or self._excluded.has_scope(name)
        return ScopeUse("excluded" if excluded else scope_of(name), name)


def _qualifier(project: str) -> str:
    """What the names of a project's scopes begin with in a graph."""
    return ":".join(coordinates(project))
