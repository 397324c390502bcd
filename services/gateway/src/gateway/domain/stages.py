"""How far a release has come: each stage against the release's present revision."""

from typing import Any, Final, Literal, get_args

from msgspec import Struct

from gateway.domain.steps import StepsTold, first_open, waiting
from shared.contracts.events import ReleaseState
from shared.contracts.steps import BY_DERIVATION, BY_EVALUATION, Step

Status = Literal["pending", "running", "done", "failed"]
Stage = Literal["evaluated", "obligations"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
"""What other services do for a release, one after the other."""


class StageResult(Struct, frozen=True):
    """How a stage ended, for which revision of the release and for which evaluation of it."""

    revision: int
    status: Literal["done", "failed"]
    problem: dict[str, Any] | None = None
    evaluation_id: str = ""
    """A UUIDv7, so that its order is that of time; empty where no evaluation came about."""

    def supersedes(self, known: "StageResult | None") -> bool:
        """Whether this result is to be believed rather than the known one, whichever of them was heard of first."""
        return known is None or self._rank >= known._rank

    @property
    def _rank(self) -> tuple[int, str, bool]:
        # What failed may succeed later, when it is tried again; what is done stays done.
        return self.revision, self.evaluation_id, self.status == "done"


class ReleaseProgress(Struct, frozen=True):
    """A release as the gateway knows it from events: its parts' documents, its stages and its gate."""

    release: ReleaseState
    parts: dict[str, str]
    """Part name → id of its current document."""
    evaluated: StageResult | None = None
    obligations: StageResult | None = None
    gate: dict[str, Any] | None = None
    evaluations: int = 0
    steps_evaluated: StepsTold | None = None
    steps_derived: StepsTold | None = None
    """None until a version told of steps that knows them."""

    def status(self, stage: str) -> Status:
        """Return the status of `evaluated` or `obligations` at the present revision."""
        result: StageResult | None = getattr(self, stage)
        if result is None or self._is_outdated(result):
            return self._waits_in_vain(stage)
        return result.status

    def _is_outdated(self, result: StageResult) -> bool:
        if self.evaluated is None or self.evaluated.revision != result.revision:
            return result.revision < self.release.revision
        # Duties of an earlier evaluation are not those of the present one, though both are of the same revision.
        return "" < result.evaluation_id < self.evaluated.evaluation_id or result.revision < self.release.revision

    def _waits_in_vain(self, stage: str) -> Status:
        # Duties follow from a verdict: without one they will not come.
        return "failed" if stage == "obligations" and self.status("evaluated") == "failed" else "pending"

    @property
    def stages(self) -> dict[str, Status]:
        return {"ingested": "done", "evaluated": self.status("evaluated"), "obligations": self.status("obligations")}

    @property
    def settled(self) -> bool:
        """Whether every stage has ended, done or failed."""
        return all(status in ("done", "failed") for status in self.stages.values())

    @property
    def awaited(self) -> Stage | None:
        """The stage that is to come next, None where all have ended."""
        return next((stage for stage in STAGES if self.status(stage) == "pending"), None)

    @property
    def problems(self) -> dict[str, Any]:
        """Stage → problem, of the stages that failed at the present revision."""
        found = {}
        for stage in ("evaluated", "obligations"):
            result: StageResult | None = getattr(self, stage)
            if result is not None and result.problem is not None and self.status(stage) == "failed":
                found[stage] = result.problem
        return found

    @property
    def current_gate(self) -> dict[str, Any] | None:
        """The gate of the present revision, None while there is none."""
        return self.gate if self.status("evaluated") == "done" else None

    @property
    def steps(self) -> list[Step]:
        """All validation steps in their order, at the present revision and evaluation."""
        evaluated = self._told("evaluated", self.steps_evaluated)
        derived = self._told("obligations", self.steps_derived)
        return [
            evaluated.get(name) or waiting(name, self.release.id, self.status("evaluated")) for name in BY_EVALUATION
        ] + [derived.get(name) or waiting(name, self.release.id, self.status("obligations")) for name in BY_DERIVATION]

    @property
    def first_open_step(self) -> str | None:
        """The first validation step that is not done, None where all are."""
        return first_open(self.steps)

    def _told(self, stage: str, told: StepsTold | None) -> dict[str, Step]:
        result: StageResult | None = getattr(self, stage)
        if told is None or result is None or self.status(stage) != "done":
            return {}
        is_of_it = (told.revision, told.evaluation_id) == (result.revision, result.evaluation_id)
        return {each.name: each for each in told.steps} if is_of_it else {}
