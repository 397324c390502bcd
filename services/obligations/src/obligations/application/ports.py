"""What the use cases need of the outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import msgspec
from msgspec import Struct

from obligations.domain.approvals import Approval, ApprovalKind
from obligations.domain.derive import AffectedComponent, Obligation
from obligations.domain.enriched_sbom import EnrichedSbom
from obligations.domain.life import Life
from obligations.domain.life_changes import DerivedChange, PresentLife
from obligations.domain.notice import Notice
from obligations.domain.obligation_diff import ObligationHead
from obligations.domain.release_steps import StepFacts
from shared.contracts.questions import LicenseQuestion, LicenseVerdicts
from shared.contracts.steps import Step
from shared.transaction import Transaction


class DecisionSource(Protocol):
    """Where decided components come from."""

    async def fetch(self, sha256: str) -> bytes:
        """Return an encoded `DecidedRelease`; raises Unavailable while its owner is away, NotFound."""
        ...


class LicenseJudge(Protocol):
    """Who says what the policy thinks of a licence."""

    async def judge(self, question: LicenseQuestion) -> LicenseVerdicts:
        """Return the verdicts; raises Unavailable while their owner is away."""
        ...


class EvaluationRequester(Protocol):
    """Who evaluates a release again."""

    async def again(self, release_id: str) -> str:
        """Return the id of the new evaluation; raises NotFound, Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class GivenAttributions:
    """A bundle that was handed in: for which project, by whom, when, and the digest of its content."""

    id: str
    project: str
    given_by: str
    given_at: str
    sha256: str


class Attributions(Protocol):
    """What was handed in beside SBOMs."""

    async def add(self, given: GivenAttributions) -> None: ...

    async def of(self, project: str) -> list[GivenAttributions]:
        """Return all of the project, the oldest first."""
        ...


class Renderer(Protocol):
    """Renders a NOTICE; the same notice always gives the same bytes."""

    def __call__(self, notice: Notice) -> bytes: ...


class SbomRenderer(Protocol):
    """Renders an enriched SBOM; the same SBOM always gives the same bytes."""

    def __call__(self, sbom: EnrichedSbom) -> bytes: ...


class ReadNotice(Protocol):
    """Reads a NOTICE back from its JSON."""

    def __call__(self, content: bytes) -> Notice: ...


@dataclass(frozen=True, slots=True)
class DerivationRecord:
    """What is told of the obligations and the NOTICE of one evaluation.

    `notices` maps formats to digests; `attached` does so for `checks`, `sources`, the signatures of a final NOTICE and the
    key of these, absent in records of older versions.
    `decisions_sha256`: that of the decided components that all was derived from,
    `attributions`: those of the bundles that were handed in, `analyses`: the organisation's own, as `license@version`.
    `step_facts`: what validation steps rest on, None in records of older versions.
    """

    evaluation_id: str
    release_id: str
    project: str
    version: str
    revision: int
    derived_at: str
    notice_status: Literal["draft", "final"]
    notices: Mapping[str, str]
    open_points: list[str]
    attached: Mapping[str, str] = field(default_factory=dict)
    decisions_sha256: str = ""
    attributions: Sequence[str] = ()
    analyses: Sequence[str] = ()
    step_facts: StepFacts | None = None


class ToldSteps(Struct, frozen=True):
    """What was last told of the validation steps of a release, how often it was, and by which digests."""

    number: int = 0
    steps: list[Step] = msgspec.field(default_factory=list)
    basis: dict[str, str] = msgspec.field(default_factory=dict)


class StoredLife(Struct, frozen=True):
    """What people said of an obligation of one release, resting on these facts."""

    release_id: str
    obligation_id: str
    project: str
    key: str
    facts: str
    life: Life


class StoredObligation(Struct, frozen=True):
    """An obligation of the current derivation of a release, before anybody said anything."""

    release_id: str
    obligation_id: str
    project: str
    key: str
    facts: str
    derived: Life
    shown: dict[str, Any]


class Lives(Protocol):
    """What people said of obligations, inside one transaction."""

    async def current(self, release_id: str, obligation_id: str) -> StoredObligation:
        """Return the obligation and lock its release until the end; raises NotFound."""
        ...

    async def of(self, release_id: str, obligation_id: str) -> StoredLife | None: ...

    async def newest_elsewhere(self, project: str, release_id: str, keys: Sequence[str]) -> dict[str, StoredLife]:
        """Return by key what was last said of it in another release of the project."""
        ...

    async def said_of(self, release_id: str) -> set[str]:
        """Return the ids of the release's obligations that anything was said of."""
        ...

    async def add(self, lives: Sequence[StoredLife]) -> None: ...

    async def present(self, release_id: str) -> dict[str, PresentLife]:
        """Return by id what counts of each obligation of the current derivation."""
        ...

    async def change(self, before: Life, stored: StoredLife) -> None:
        """Store what is said now, and the change itself."""
        ...

    async def note(self, release_id: str, at: str, changes: Sequence[DerivedChange]) -> None:
        """Store what a derivation changed; it changes nothing of what people said."""
        ...


NO_REVISION = -1


class Derivations(Protocol):
    """The derivations, inside one transaction."""

    async def newest(self, release_id: str) -> tuple[int, str]:
        """Return the revision that was derived last, `NO_REVISION` if none, and the evaluation of it.

        The release stays locked until the end.
        """
        ...

    async def add(
        self, record: DerivationRecord, obligations: Sequence[tuple[Obligation, Life]], current: bool
    ) -> None:
        """Store the derivation, as the current one of its release if so."""
        ...

    async def current(self, release_id: str) -> DerivationRecord:
        """Return the current derivation and lock its release until the end; raises NotFound."""
        ...

    async def told(self, release_id: str) -> ToldSteps: ...

    async def note_told(self, release_id: str, told: ToldSteps) -> None:
        """Keep what is told now of a release that is locked."""
        ...


class ApprovalReader(Protocol):
    """What people approved, for reading."""

    async def of(self, project: str, kind: ApprovalKind, subject: str) -> Approval | None:
        """Return the newest approval of this in the project that was not withdrawn."""
        ...


class Approvals(ApprovalReader, Protocol):
    """What people approved, inside one transaction."""

    async def add(self, given: Approval) -> None: ...

    async def withdraw(self, known: Approval, by: str, at: str) -> None:
        """Let no approval of the same hold any more."""
        ...


class UnitOfWork(Transaction, Protocol):
    """One transaction over derivations and events."""

    @property
    def derivations(self) -> Derivations: ...

    @property
    def lives(self) -> Lives: ...

    @property
    def approvals(self) -> Approvals: ...


@dataclass(frozen=True, slots=True)
class ObligationFilter:
    """Which obligations are asked for; None means any."""

    status: str | None = None
    kind: str | None = None
    license: str | None = None
    purl: str | None = None
    id: str | None = None


class DerivationReader(Protocol):
    """Stored derivations, for reading. Every method raises NotFound for what is not there."""

    async def record(self, release_id: str, evaluation_id: str | None) -> DerivationRecord: ...

    async def changes(self, release_id: str, obligation_id: str, after: int, limit: int) -> list[dict[str, Any]]: ...

    async def obligations(
        self, evaluation_id: str, wanted: ObligationFilter, after: int, limit: int
    ) -> list[dict[str, Any]]:
        """Return obligations as the API shows them, with their `position`, from the one after `after` on."""
        ...

    async def present(self, release_id: str) -> dict[str, PresentLife]:
        """Return by id what counts of each obligation of the current derivation."""
        ...

    async def heads(self, evaluation_id: str) -> list[ObligationHead]:
        """Return all obligations without their components, in order."""
        ...

    async def components(self, evaluation_id: str, obligation_id: str) -> list[AffectedComponent]:
        """Return the components that cause the obligation."""
        ...
