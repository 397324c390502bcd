"""ORT's objects with the fields that licence work reads (https://oss-review-toolkit.org/ort/docs/getting-started/model).

Positions are numbers in JSON, and text in YAML, where no plain scalar is taken for a number.
"""

from msgspec import Raw, Struct, field

Position = int | str
_NOTHING = Raw(b"null")


def as_position(written: Position) -> int:
    """The position as a number; -1 where it is none."""
    if isinstance(written, int):
        return written
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else -1


class Hash(Struct):
    """A digest of an artifact."""

    value: str = ""
    algorithm: str = ""


class Artifact(Struct):
    """Where a package can be had, as source or binary."""

    url: str = ""
    hash: Hash = field(default_factory=Hash)


class Vcs(Struct):
    """Where the source of a package or project is kept."""

    type: str = ""
    url: str = ""
    revision: str = ""
    path: str = ""


class ProcessedLicenses(Struct):
    """What ORT made of the declared licences: an expression, and those that it could not read."""

    spdx_expression: str | None = None
    unmapped: list[str] = field(default_factory=list)


class Described(Struct):
    """What packages have in an analyzer result and in an evaluated model."""

    id: str
    purl: str = ""
    declared_licenses_processed: ProcessedLicenses = field(default_factory=ProcessedLicenses)
    concluded_license: str | None = None
    binary_artifact: Artifact = field(default_factory=Artifact)
    source_artifact: Artifact = field(default_factory=Artifact)
    vcs: Vcs = field(default_factory=Vcs)
    vcs_processed: Vcs = field(default_factory=Vcs)
    is_modified: bool = False
    cpe: str | None = None
    authors: list[str] = field(default_factory=list)


class Package(Described, kw_only=True):
    """A package of an analyzer result."""

    declared_licenses: list[str] = field(default_factory=list)


class CuratedPackage(Struct):
    """The wrapper that older results put around a package, which is `package`, `metadata` or itself by age."""

    package: Raw = _NOTHING
    metadata: Raw = _NOTHING


class PackageReference(Struct):
    """A package in a tree of dependencies."""

    id: str
    linkage: str = ""
    dependencies: list["PackageReference"] = field(default_factory=list)


class ScopeTree(Struct):
    """The dependencies of a project for one purpose."""

    name: str
    dependencies: list[PackageReference] = field(default_factory=list)


class Project(Struct):
    """A project that was analyzed."""

    id: str
    definition_file_path: str = ""
    vcs_processed: Vcs = field(default_factory=Vcs)
    scopes: list[ScopeTree] | None = None


class ScopeRoot(Struct):
    """A direct dependency of a scope: a package by its position, and which of its fragments."""

    root: Position = 0
    fragment: Position = 0


class GraphNode(Struct):
    """A package in a graph; one that has several sets of dependencies has several fragments."""

    pkg: Position = 0
    fragment: Position = 0
    linkage: str = ""
    dependencies: list["GraphNode"] = field(default_factory=list)


class GraphEdge(Struct, rename={"source": "from", "target": "to"}):
    """A dependency between two nodes of a graph."""

    source: Position
    target: Position


class DependencyGraph(Struct):
    """The dependencies of all projects of a package manager; `scope_roots` stand for nodes and edges in older results."""

    packages: list[str] = field(default_factory=list)
    scopes: dict[str, list[ScopeRoot]] = field(default_factory=dict)
    nodes: list[GraphNode] | None = None
    edges: list[GraphEdge] | None = None
    scope_roots: list[GraphNode] = field(default_factory=list)


class AnalyzerResult(Struct):
    """What the analyzer found."""

    projects: list[Raw] = field(default_factory=list)
    packages: list[Raw] = field(default_factory=list)
    dependency_graphs: dict[str, Raw] = field(default_factory=dict)


class Environment(Struct):
    """In what ORT ran."""

    ort_version: str = ""


class AnalyzerRun(Struct):
    """The run of the analyzer."""

    result: AnalyzerResult
    environment: Environment = field(default_factory=Environment)
    end_time: str = ""


class Exclude(Struct):
    """What of the repository is not released, and why."""

    pattern: str = ""
    reason: str = ""


class Excludes(Struct):
    """Files and scopes that are not released."""

    paths: list[Exclude] = field(default_factory=list)
    scopes: list[Exclude] = field(default_factory=list)


class LicenseChoice(Struct):
    """The branch that is taken of a choice; without `given` it is of the whole expression."""

    choice: str = ""
    given: str | None = None


class PackageLicenseChoices(Struct):
    """The choices for one package."""

    package_id: str = ""
    license_choices: list[LicenseChoice] = field(default_factory=list)


class LicenseChoices(Struct):
    """All choices."""

    repository_license_choices: list[LicenseChoice] = field(default_factory=list)
    package_license_choices: list[PackageLicenseChoices] = field(default_factory=list)


class RepositoryConfiguration(Struct):
    """The repository's `.ort.yml`."""

    excludes: Excludes = field(default_factory=Excludes)
    license_choices: LicenseChoices = field(default_factory=LicenseChoices)


class Repository(Struct):
    """The repository that was analyzed."""

    config: RepositoryConfiguration = field(default_factory=RepositoryConfiguration)
    nested_repositories: dict[str, Vcs] = field(default_factory=dict)


class Statement(Struct):
    """A copyright statement or licence that packages refer to by position."""

    id: str = ""
    statement: str = ""
    name: str = ""


class Finding(Struct):
    """A copyright statement or licence that a scanner found in a file."""

    type: str = ""
    copyright: Position | None = None
    path_excludes: list[Position] = field(default_factory=list)


class EvaluatedPackage(Described, kw_only=True):
    """A package or project of an evaluated model."""

    is_project: bool = False
    is_excluded: bool = False
    declared_licenses: list[Position] = field(default_factory=list)
    detected_licenses: list[Position] = field(default_factory=list)
    detected_excluded_licenses: list[Position] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class TreeNode(Struct):
    """A project, a scope or a package in a tree of an evaluated model."""

    pkg: Position | None = None
    scope: Position | None = None
    linkage: str = ""
    scope_excludes: list[Position] = field(default_factory=list)
    path_excludes: list[Position] = field(default_factory=list)
    children: list["TreeNode"] = field(default_factory=list)
