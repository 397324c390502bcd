"""Tells the gateway, with the answer to a change, what the audit trail has to know of it: see ADR 36.

The header `X-Licet-Basis` is JSON: the `versions` of all that verdicts depended on when the change was made, and what was
there `before`. The gateway takes it off.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from policy_eval.entrypoints.decisions import PATHS as DECISIONS
from policy_eval.entrypoints.export_records import PATHS as EXPORT_RECORDS
from shared.web.basis import BASIS_HEADER, basis

_CHANGE_VERDICTS: Final = (
    *(*DECISIONS.values(), *EXPORT_RECORDS.values()),
    *("/api/v1/organization", "/api/v1/policies/", "/api/v1/reevaluations", "/api/v1/releases/"),
)
Versions = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class TellVersions:
    """Wraps the service's routes; `versions` are asked for first, so that nothing is changed where they cannot be told."""

    app: ASGIApp
    versions: Versions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        changes = scope["type"] == "http" and scope["method"] != "GET" and scope["path"].startswith(_CHANGE_VERDICTS)
        if not changes:
            await self.app(scope, receive, send)
            return
        state, versions = scope.setdefault("state", {}), await self.versions()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < HTTPStatus.BAD_REQUEST:
                value = basis(versions, state.get("before"))
                message["headers"] = [*message.get("headers", ()), (BASIS_HEADER, value)]
            await send(message)

        await self.app(scope, receive, told)
