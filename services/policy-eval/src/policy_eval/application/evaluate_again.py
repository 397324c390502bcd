"""Evaluate a release once more by what is known today: after a failure, or a change of policy or facts."""

from dataclasses import dataclass

from policy_eval.application.evaluate_release import EvaluateRelease
from policy_eval.application.ports import EvaluationReader


@dataclass(frozen=True, slots=True)
class EvaluateAgain:
    """The use case, with what it needs."""

    reader: EvaluationReader
    evaluate: EvaluateRelease

    async def __call__(self, release_id: str) -> str:
        """Return the id of the new evaluation; raises NotFound for a release that was never asked for."""
        evaluation_id = None
        while evaluation_id is None:
            release, current = await self.reader.inputs_of(release_id)
            evaluation_id = await self.evaluate.again(release, current)
        return evaluation_id
