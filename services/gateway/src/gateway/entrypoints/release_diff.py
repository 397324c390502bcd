"""`GET …/diff`: what policy-eval says of two releases with what obligations says of them, one beside the other."""

from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.responses import Response

from gateway.entrypoints.door import Visit
from gateway.entrypoints.relay import Relay, passed_back
from gateway.entrypoints.shown import json_response


@dataclass(frozen=True, slots=True)
class ShowDifference:
    """Puts the two answers into one; a refusal of either is the answer."""

    relay: Relay

    async def __call__(self, visit: Visit) -> Response:
        assert visit.release is not None
        release_id = visit.release.release.id
        decided = await self.relay.read("policy-eval", visit, f"/api/v1/releases/{release_id}/diff")
        if decided.status_code != 200:
            return passed_back(decided)
        owed = await self.relay.read("obligations", visit, f"/internal/v1/releases/{release_id}/obligation-diff")
        if owed.status_code != 200:
            return passed_back(owed)
        return json_response(_together(decided.content, owed.content))


class _Decided(msgspec.Struct):
    limit: int
    truncated: dict[str, int]


def _together(decided: bytes, owed: bytes) -> dict[str, Any]:
    known = msgspec.json.decode(decided, type=_Decided)
    lists = msgspec.json.decode(owed, type=dict[str, msgspec.Raw])
    totals = msgspec.json.decode(lists.pop("totals"), type=dict[str, int])
    cut = {f"obligations.{name}": total for name, total in totals.items() if total > known.limit}
    body: dict[str, Any] = msgspec.json.decode(decided, type=dict[str, msgspec.Raw])
    return body | {"obligations": lists, "truncated": dict(sorted((known.truncated | cut).items()))}
