"""The validation steps of a release as the services told of them, and what stands in for what they have not told yet."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from shared.contracts.steps import BY_EVALUATION, STEPS, Remark, Step

NONE_OPEN: Final = "none"
"""What releases are searched by that have no open step."""
FIRST: Final = next(iter(STEPS))
_ASKS: Final[Mapping[Any, str]] = STEPS


class StepsTold(Struct, frozen=True):
    """The steps that a service told of with an evaluation of a revision; of one evaluation the highest `number` counts."""

    revision: int
    evaluation_id: str
    number: int
    steps: list[Step]

    def supersedes(self, known: "StepsTold | None") -> bool:
        """Whether this is to be believed rather than what is known, whichever of them was heard of first."""
        return known is None or self._rank >= known._rank

    @property
    def _rank(self) -> tuple[int, str, int]:
        return self.revision, self.evaluation_id, self.number


def waiting(name: str, release_id: str, status: str) -> Step:
    """An open step that nothing is known of yet, by the status of the stage that tells of it.

    `done` is that of a stage which an older version has done without telling of steps.
    """
    stage = "evaluation" if name in BY_EVALUATION else "derivation"
    url = f"/api/v1/releases/{release_id}"
    what = {"failed": f"{stage}-failed", "done": f"{stage}-by-older-version"}.get(status, stage)
    return Step(name, "open", ["machine"], [Remark(what, 1, f"{url}/evaluations" if status == "done" else url)])


def first_open(steps: list[Step]) -> str | None:
    """The name of the first step that is not done, None where all are."""
    return next((each.name for each in steps if each.state == "open"), None)


def shown_step(number: int, step: Step) -> dict[str, Any]:
    """Return a step as the API shows it, with all its fields."""
    return {
        "number": number,
        "name": step.name,
        "asks": _ASKS[step.name],
        "state": step.state,
        "next": step.next,
        "missing": [_shown(each) for each in step.missing],
        "noted": [_shown(each) for each in step.noted],
        "reopened_by": step.reopened_by,
        "inherited": msgspec.to_builtins(step.inherited),
    }


def _shown(remark: Remark) -> dict[str, Any]:
    return {"what": remark.what, "count": remark.count, "scope": remark.scope, "url": remark.url}
