"""The HTTP interface over the compatibility of licences."""

from typing import Literal

import msgspec
from fastapi import APIRouter, Request, Response

from policy_eval.application.check_compatibility import CheckCompatibility
from policy_eval.domain.compatibility_facts import Combination
from policy_eval.entrypoints.http import json_response
from shared.contracts.inventory import Linkage
from shared.web.bodies import decoded


class _Question(msgspec.Struct, forbid_unknown_fields=True):
    """Null says that a fact is not known: it is then judged by the strictest answer, `copied` and modified."""

    inbound: str
    outbound: str
    linkage: Linkage | None = "package"
    modified: bool | None = False
    delivery: list[Literal["network", "source", "binary"]] = msgspec.field(default_factory=lambda: ["binary"])

    def combination(self) -> Combination:
        """How the two works are combined."""
        return Combination(self.linkage or "copied", self.modified is not False, frozenset(self.delivery))


def compatibility_routes(check: CheckCompatibility) -> APIRouter:
    """Return the route that answers whether work under one licence may go into work under another."""
    router = APIRouter(prefix="/api/v1/licenses")

    @router.post("/compatibility")
    async def post_compatibility(request: Request) -> Response:
        asked = await decoded(request, _Question)
        return json_response(await check(asked.inbound, asked.outbound, asked.combination()))

    return router
