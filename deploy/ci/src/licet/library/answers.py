"""The answers of the API that the client reads, as far as it reads them; more fields do no harm.

Times are RFC 3339 texts, ids UUIDs.
"""

from typing import Any, Literal

from msgspec import Struct, field

Verdict = Literal["pass", "warn", "fail"]
Severity = Literal["hint", "warning", "error"]
StageStatus = Literal["pending", "running", "done", "failed"]


class Answer(Struct, frozen=True, kw_only=True):
    """An answer; `raw` is all that the server said, as it said it."""

    raw: dict[str, Any] = field(default_factory=dict)


class Counts(Struct, frozen=True):
    """Unwaived findings by severity."""

    error: int = 0
    warning: int = 0
    hint: int = 0


class ReleaseHead(Struct, frozen=True):
    """What identifies a release."""

    id: str
    project: str
    version: str
    context: str


class Stages(Struct, frozen=True):
    """How far a release is."""

    ingested: StageStatus
    evaluated: StageStatus
    obligations: StageStatus

    @property
    def settled(self) -> bool:
        """Whether nothing more is going to happen by itself."""
        return not {self.ingested, self.evaluated, self.obligations} & {"pending", "running"}


class StageProblem(Struct, frozen=True):
    """Why a stage failed."""

    title: str
    detail: str


class Release(Answer, frozen=True):
    """`GET /api/v1/releases/{id}`."""

    id: str
    project: str
    version: str
    context: str
    stages: Stages
    problems: dict[str, StageProblem] = field(default_factory=dict)


class Buckets(Struct, frozen=True):
    """`elements = components + duplicates + ignored`."""

    elements: int
    components: int
    duplicates: int
    ignored: int


class DocumentWarning(Struct, frozen=True):
    """What was wrong with a document that was taken all the same."""

    code: str
    message: str
    pointer: str


class Document(Struct, frozen=True):
    """A stored SBOM."""

    id: str
    part: str
    sha256: str
    format: str
    spec_version: str | None
    buckets: Buckets
    warnings: list[DocumentWarning] = field(default_factory=list)
    warnings_total: int = 0


class Submitted(Answer, frozen=True):
    """`POST /api/v1/sboms`. `replayed`: the server had this document already."""

    release: ReleaseHead
    document: Document
    stages: Stages
    problems: dict[str, StageProblem] = field(default_factory=dict)
    replayed: bool = False


class Subject(Struct, frozen=True):
    """What a finding is about."""

    name: str
    purl: str | None = None
    version: str | None = None

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}" if self.version else self.name


class PolicyVersion(Struct, frozen=True):
    """A policy by name and version number."""

    name: str
    version: int


class Finding(Struct, frozen=True):
    """One finding of a verdict.

    `waived` holds the waiver where one is in effect; `baseline` says `unchanged` where the baseline has it already.
    """

    id: str
    fingerprint: str
    rule: str
    severity: Severity
    kind: str
    subject: Subject
    message: str
    how_to_fix: str
    license: str | None = None
    route: str | None = None
    waived: dict[str, Any] | None = None
    baseline: Literal["new", "unchanged"] | None = None

    @property
    def counts(self) -> bool:
        """Whether it takes part in the verdict."""
        return self.waived is None and self.baseline != "unchanged"


class Gate(Answer, frozen=True):
    """`GET /api/v1/releases/{id}/gate`. `findings` are the 1,000 worst of `findings_total`."""

    release: str
    evaluation: str
    verdict: Verdict
    policy: PolicyVersion
    counts: Counts
    findings: list[Finding]
    findings_total: int
    evaluated_at: str
    url: str


class Component(Struct, frozen=True):
    """A component that an obligation is about."""

    name: str
    version: str | None = None
    purl: str | None = None


class Obligation(Answer, frozen=True):
    """An item of `GET /api/v1/releases/{id}/obligations`."""

    id: str
    obligation: str
    title: str
    what_to_do: str
    kind: str
    license: str | None
    clause: str | None
    status: str
    components: list[Component]


class TraceStep(Struct, frozen=True):
    """A step of a decision, and whose word it rests on."""

    step: str
    saw: str
    source: str | None = None
    version: str | None = None
    author: str | None = None


class Explained(Struct, frozen=True):
    """How the verdict on one component came about."""

    name: str
    verdict: str
    trace: list[TraceStep]
    version: str | None = None
    purl: str | None = None
    license: str | None = None


class Explanation(Answer, frozen=True):
    """`GET /api/v1/releases/{id}/explain`; `components` is how many there are, of which `items` are the first."""

    items: list[Explained]
    components: int


class PolicyProblem(Struct, frozen=True):
    """What is wrong in a policy; lines and columns count from 1."""

    line: int
    column: int
    pointer: str
    message: str


class PolicyTest(Struct, frozen=True):
    """How one of a policy's own tests went."""

    name: str
    passed: bool
    expected: str
    got: str
    because: str


class PolicyCheck(Answer, frozen=True):
    """`POST /api/v1/policies/validate`."""

    valid: bool
    problems: list[PolicyProblem]
    tests: list[PolicyTest]


class PolicyChange(Struct, frozen=True):
    """A release that a policy would judge otherwise. `would_be` None: it could not be evaluated, `problem` says why."""

    project: str
    version: str
    verdict: str
    would_be: str | None
    findings_added: int = 0
    findings_removed: int = 0
    problem: str = ""


class DryRun(Answer, frozen=True):
    """A page of `POST /api/v1/policies/{name}/dry-run`."""

    examined: int
    items: list[PolicyChange]
    next_page_token: str | None


class PublishedPolicy(Answer, frozen=True):
    """`PUT /api/v1/policies/{name}`."""

    name: str
    version: int
    sha256: str


class Key(Answer, frozen=True):
    """An API key; `key`, the secret, is there only when it was just made."""

    id: str
    name: str
    roles: list[str]
    projects: list[str]
    prefix: str | None = None
    created_at: str | None = None
    expires_at: str | None = None
    revoked_at: str | None = None
    last_used_at: str | None = None
    key: str | None = None


class ServerVersion(Answer, frozen=True):
    """`GET /api/v1/version`."""

    name: str
    version: str
