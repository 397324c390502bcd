"""Asks policy-eval which releases have the component that a request asks for."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import msgspec

from gateway.entrypoints.door import Visit
from gateway.entrypoints.relay import Relay
from shared.errors import ErrorAt, InvalidInput, Unavailable

QUESTIONS: Final = frozenset({"purl", "version_range", "license"})
"""The parameters that ask for components."""


class _Refused(msgspec.Struct, frozen=True):
    detail: str
    errors: tuple[ErrorAt, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedOfComponents:
    """`application.ports.ComponentSearch`, in the words of the request; raises InvalidInput, Unavailable."""

    relay: Relay
    visit: Visit

    async def newest(self, before: str | None, limit: int) -> list[str]:
        return await self._ask({"limit": str(limit)} | ({} if before is None else {"before": before}))

    async def among(self, release_ids: list[str]) -> list[str]:
        return await self._ask({"limit": str(len(release_ids) or 1), "among": ",".join(release_ids)})

    async def _ask(self, where: dict[str, str]) -> list[str]:
        asked = {name: value for name, value in self.visit.request.query_params.items() if name in QUESTIONS}
        query = urlencode(asked | where).encode()
        path = "/internal/v1/releases"
        answer = await self.relay.read("policy-eval", self.visit, path, query)
        if answer.status_code == 422:
            refused = msgspec.json.decode(answer.content, type=_Refused)
            raise InvalidInput(refused.detail, errors=refused.errors)
        if answer.status_code != 200:
            raise Unavailable(f"policy-eval answered {answer.status_code}.", service="policy-eval")
        return msgspec.json.decode(answer.content, type=list[str])
