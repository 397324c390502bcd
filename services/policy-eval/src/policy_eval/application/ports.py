"""What the use cases need of the outside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from policy_eval.application.change_ports import Reevaluation
from policy_eval.application.evaluation_rows import EvaluationRows
from policy_eval.domain.component_gaps import Lack
from policy_eval.domain.component_search import ComponentSearch, ReleasesAsked, VersionTest
from policy_eval.domain.policy import Policy
from policy_eval.domain.purls import Purl
from policy_eval.domain.touched import Package
from policy_eval.domain.used_answers import UsedAnswer
from shared.contracts.events import Counts, CurrentDocument, Gate, PolicyVersion, ReleaseArchived, ReleaseState
from shared.contracts.steps import Inherited, Step, StepName
from shared.transaction import Transaction


class InventorySource(Protocol):
    """Where inventories come from."""

    async def fetch(self, sha256: str) -> bytes:
        """Return an encoded inventory; raises Unavailable while its owner is away, NotFound."""
        ...

    async def read(self, document: bytes) -> bytes:
        """Return the encoded inventory of a document that is not stored; raises what refuses a document."""
        ...


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A policy with its identity: name and version, and the digest of its text."""

    policy: Policy
    identity: PolicyVersion
    sha256: str


class Policies(Protocol):
    """The policies that are active."""

    async def active(self, name: str | None) -> LoadedPolicy:
        """Return the active version of the policy, of the default one for None; raises NotFound."""
        ...

    async def of_age(self) -> list[str]:
        """Return the names of policies whose active version says another thing on another day, at most 1,000."""
        ...


@dataclass(frozen=True, slots=True)
class EvaluationRecord:
    """What is told of one evaluation; `inputs` are the digests and versions that it depended on.

    `steps`: the validation steps 0 to 7 as it found them; none of an evaluation from before there were any.
    """

    id: str
    release: ReleaseState
    evaluated_at: str
    policy: PolicyVersion
    gate: Gate
    findings_total: int
    decisions_sha256: str
    inputs: Mapping[str, Any]
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptExplanation:
    """The packed explanations of an evaluation, whose rows of components it shares (None = it has its own), and what it
    went by of its policy (application.basis; None = from before that was kept)."""

    body: bytes
    components_of: str | None
    basis: bytes | None = None


class Evaluations(Protocol):
    """The evaluations, inside one transaction."""

    async def newest_revision(self, release_id: str) -> int:
        """Return the revision that was evaluated last, -1 if none; the release stays locked until the end."""
        ...

    async def current(self, release_id: str) -> EvaluationRecord | None:
        """Return the current evaluation of the release."""
        ...

    async def explanation(self, evaluation_id: str) -> KeptExplanation | None:
        """Return the explanations of the evaluation; None for one from before they were kept."""
        ...

    async def add(self, record: EvaluationRecord, rows: EvaluationRows) -> None:
        """Store the evaluation and make it the current one of its release."""
        ...

    async def repeat(self, record: EvaluationRecord, same_as: str) -> bool:
        """Store the evaluation, which says the same as the current one of its release, and make it the current one.

        False, and nothing is stored, where the release before has changed what the release has from it.
        """
        ...

    async def inherit(self, release: ReleaseState, answers: Sequence[UsedAnswer]) -> Mapping[str, list[Inherited]]:
        """Keep which answers the release rests on; return by step those that the release before had already."""
        ...

    async def archive(self, event: ReleaseArchived) -> None:
        """Take the questions of the locked release out of the queue or put them back, unless a later event has."""
        ...

    async def packages(self, release_id: str, names: Iterable[str]) -> frozenset[Package]:
        """Return those packages of the current evaluation of the release whose name has one of these keys."""
        ...

    async def changes(self) -> int:
        """Return the number of changes of facts; a further one waits until this transaction has ended."""
        ...

    async def ask_again(self, request: Reevaluation) -> None:
        """Have the release that the request names evaluated once more."""
        ...

    async def remember_inputs(self, release: ReleaseState, current: list[CurrentDocument]) -> None:
        """Keep what the release, which is locked, consists of, so that it can be evaluated again."""
        ...


class UnitOfWork(Transaction, Protocol):
    """One transaction over evaluations and events."""

    @property
    def evaluations(self) -> Evaluations: ...


class EvaluationReader(Protocol):
    """Stored evaluations, for reading. Every method raises NotFound for what is not there."""

    async def record(self, release_id: str, evaluation_id: str | None) -> EvaluationRecord:
        """Return the evaluation with this id, or the current one of the release."""
        ...

    async def all(self, release_id: str, before: str | None, limit: int) -> list[EvaluationRecord]:
        """Return evaluations of the release, the newest first, older than the one with the id `before`."""
        ...

    async def findings(self, evaluation_id: str, after: int, limit: int) -> list[dict[str, Any]]:
        """Return findings as the API shows them, the worst first, from the rank after `after` on."""
        ...

    async def findings_of_step(
        self, evaluation_id: str, step: StepName, after: int, limit: int
    ) -> list[tuple[int, dict[str, Any]]]:
        """Return those findings with their ranks that the step is about and nobody waived."""
        ...

    async def components(self, evaluation_id: str, after: int, limit: int) -> list[dict[str, Any]]:
        """Return components as the API shows them, from the position after `after` on."""
        ...

    async def inputs_of(self, release_id: str) -> tuple[ReleaseState, list[CurrentDocument]]:
        """Return what the release consisted of when it was last asked for."""
        ...

    async def releases_with(self, search: ComponentSearch, asked: ReleasesAsked) -> list[str]:
        """Return the ids of releases that now have such a component, the newest first; fewer than asked are all."""
        ...

    async def positions_of(self, record: EvaluationRecord, purl: Purl) -> list[int]:
        """Return the positions of the components that the purl covers, in order."""
        ...

    async def components_at(self, evaluation_id: str, positions: list[int]) -> list[dict[str, Any]]:
        """Return the components at these positions, at most a page of them, as `components` does."""
        ...

    async def positions_lacking(self, evaluation_id: str, lack: Lack, after: int, limit: int) -> list[int]:
        """Return the positions after `after` of the components that lack this, in order, at most so many.

        What is not delivered lacks no word on whether it is modified.
        """
        ...

    async def positions_named(self, evaluation_id: str, name: str, limit: int) -> list[int]:
        """Return the positions of the components of this name, in order, at most so many."""
        ...

    async def explanation(self, evaluation_id: str) -> bytes:
        """Return the packed traces of the evaluation; raises NotFound for one that was made before they were kept."""
        ...

    async def findings_at(self, evaluation_id: str, positions: list[int]) -> dict[int, list[dict[str, Any]]]:
        """Return the findings on the components at these positions, the worst first."""
        ...

    async def new_findings(self, evaluation_id: str, base_id: str, limit: int) -> tuple[int, list[dict[str, Any]]]:
        """Return how many fingerprints the evaluation has and its base has not, and a finding of each, the worst first."""
        ...

    async def common_findings(self, evaluation_id: str, base_id: str) -> int:
        """Return how many fingerprints the two evaluations have in common."""
        ...

    async def counts_since(self, evaluation_id: str, base_id: str) -> Counts:
        """Return how many findings of each severity have a fingerprint that the base has not, and are not waived."""
        ...

    async def findings_since(self, evaluation_id: str, base_id: str, limit: int) -> list[dict[str, Any]]:
        """Return findings with `baseline` `new` or `unchanged`; the new ones first, of each the worst first."""
        ...


class ReadVersionRange(Protocol):
    """How ranges of versions are read."""

    def __call__(self, text: str, purl_type: str) -> VersionTest:
        """Return whether a version lies in the range; raises InvalidInput for what is no range of this type's versions."""
        ...
