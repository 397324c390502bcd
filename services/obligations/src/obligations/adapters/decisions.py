"""Decided components, fetched from policy-eval by digest."""

from dataclasses import dataclass

from shared.web.upstream import Upstream


@dataclass(frozen=True, slots=True)
class HttpDecisions:
    """`application.ports.DecisionSource`."""

    policy_eval: Upstream

    async def fetch(self, sha256: str) -> bytes:
        return await self.policy_eval.get(f"/internal/v1/decisions/{sha256}", caller="obligations")
