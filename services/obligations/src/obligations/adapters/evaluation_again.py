"""Asks policy-eval to evaluate a release again."""

from dataclasses import dataclass

import msgspec
from msgspec import Struct

from shared.web.upstream import Upstream


class _Started(Struct, frozen=True):
    evaluation: str


@dataclass(frozen=True, slots=True)
class HttpEvaluationRequester:
    """`application.ports.EvaluationRequester`."""

    policy_eval: Upstream

    async def again(self, release_id: str) -> str:
        answer = await self.policy_eval.post(f"/api/v1/releases/{release_id}/evaluations", b"", caller="obligations")
        return msgspec.json.decode(answer, type=_Started).evaluation
