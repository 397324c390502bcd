"""The events between the services. Each carries ids, digests and small facts; the bulk is fetched by digest.

Within a version only optional fields may be added (`tests/contract` refuses anything else against `schemas/`).
"""

from typing import Literal

from msgspec import Struct, field

from shared.contracts.documents import Document
from shared.contracts.steps import Step

SBOM_INGESTED = "sbom.ingested.v1"
RELEASE_EVALUATED = "release.evaluated.v1"
EVALUATION_FAILED = "evaluation.failed.v1"
OBLIGATIONS_DERIVED = "obligations.derived.v1"
DERIVATION_FAILED = "derivation.failed.v1"
RELEASE_ARCHIVED = "release.archived.v1"


class ReleaseState(Struct, frozen=True):
    """A release as of one revision.

    `revision` grows by one with every change of the release's current documents, context or policy; of two events the
    one with the higher revision is the newer, whatever the order of arrival.
    """

    id: str
    project: str
    version: str
    context: str
    revision: int
    created_at: str
    policy: str | None = None


class CurrentDocument(Struct, frozen=True, omit_defaults=True):
    """A part's current document, where its inventory is, and its quality score from 0 to 1 where it is known."""

    part: str
    document_id: str
    sha256: str
    inventory_sha256: str
    quality: float | None = None


class SbomIngested(Struct, frozen=True):
    """`sbom.ingested.v1`: a document became the current one of its part. `current` lists all parts at this revision."""

    release: ReleaseState
    document: Document
    current: list[CurrentDocument]


class PolicyVersion(Struct, frozen=True):
    """A policy by name and version number."""

    name: str
    version: int


class Counts(Struct, frozen=True):
    """Unwaived findings by severity."""

    error: int = 0
    warning: int = 0
    hint: int = 0


class Gate(Struct, frozen=True):
    """The verdict of a release."""

    verdict: Literal["pass", "warn", "fail"]
    counts: Counts


class ReleaseEvaluated(Struct, frozen=True):
    """`release.evaluated.v1`: the release has a verdict; its decided components lie at `decisions_sha256`.

    `steps` are the validation steps that an evaluation tells of; none from a version before there were any. `bulk`: it is
    one of many that were evaluated again, and nobody waits for it.
    """

    release: ReleaseState
    evaluation_id: str
    evaluated_at: str
    policy: PolicyVersion
    gate: Gate
    decisions_sha256: str
    steps: list[Step] = field(default_factory=list)
    bulk: bool = False


class ObligationsDerived(Struct, frozen=True):
    """`obligations.derived.v1`: duties and the NOTICE of an evaluation are there.

    It is told again, with a higher `told`, whenever people change how the `steps` stand that it tells of.
    """

    release: ReleaseState
    evaluation_id: str
    obligations: int
    notice_status: Literal["draft", "final"]
    notice_sha256: str
    open_points: int
    steps: list[Step] = field(default_factory=list)
    told: int = 0


class Problem(Struct, frozen=True):
    """Why a stage failed, in the fields of RFC 9457."""

    type: str
    title: str
    detail: str


class StageFailed(Struct, frozen=True):
    """`evaluation.failed.v1`, `derivation.failed.v1`: the stage gave up on this revision; the message is dead."""

    release: ReleaseState
    stage: Literal["evaluated", "obligations"]
    problem: Problem
    evaluation_id: str | None = None


class ReleaseArchived(Struct, frozen=True):
    """`release.archived.v1`: the release was put away as a mistake, or brought back; of two the later `told_at` counts."""

    release_id: str
    archived: bool
    told_at: str


EVENT_TYPES: dict[str, type[Struct]] = {
    SBOM_INGESTED: SbomIngested,
    RELEASE_EVALUATED: ReleaseEvaluated,
    EVALUATION_FAILED: StageFailed,
    OBLIGATIONS_DERIVED: ObligationsDerived,
    DERIVATION_FAILED: StageFailed,
    RELEASE_ARCHIVED: ReleaseArchived,
}

CONSUMERS: dict[str, tuple[str, ...]] = {
    "policy-eval": (SBOM_INGESTED, RELEASE_ARCHIVED),
    "obligations": (RELEASE_EVALUATED,),
    "gateway": tuple(each for each in EVENT_TYPES if each != RELEASE_ARCHIVED),
}
"""Who handles what: each consumer's queue is there before the first event is published."""
