"""Puts on record who changed what, and who was turned away."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import Request
from starlette.responses import Response

from gateway.application.audit_trail import Trail
from gateway.domain.access import Endpoint
from gateway.domain.audit import Entry, Outcome, outcome_of
from shared.clock import Clock, timestamp
from shared.errors import Forbidden, LicetError, NotFound, RateLimited, Unauthenticated
from shared.web.basis import NOTHING_TOLD, Basis
from shared.web.problems import STATUS_OF_CODE

_MOST = 8 * 1024
_LONGEST_REASON = 4_000
_DENIALS = (Unauthenticated, Forbidden, NotFound)


@dataclass(slots=True)
class Noted:
    """What is learnt of a request while it is answered."""

    subject: str = "anonymous"
    has_credential: bool = False
    admitted: bool = False
    project: str | None = None
    before: Any = None
    after: Any = None
    basis: Basis = NOTHING_TOLD


@dataclass(frozen=True, slots=True)
class Audited:
    """Wraps the answering of a request.

    On record are all requests that may change something, whatever came of them, and of the others those that were turned
    away. Not on record is who comes without a key or too often: whoever likes to could fill the trail.
    """

    trail: Trail
    clock: Clock

    async def __call__(
        self, request: Request, endpoint: Endpoint, answer: Callable[[Noted], Awaitable[Response]]
    ) -> Response:
        """Return the answer once it is on record."""
        noted = Noted()
        try:
            response = await answer(noted)
        except LicetError as error:
            await self._note_error(request, endpoint, noted, error)
            raise
        except Exception:
            if endpoint.changes:
                await self._append(request, endpoint, noted, HTTPStatus.INTERNAL_SERVER_ERROR, "failed")
            raise
        if endpoint.changes:
            if noted.after is None and not endpoint.answers_with_secret:
                noted.after = _shown(response)
            await self._append(request, endpoint, noted, response.status_code, outcome_of(response.status_code))
        return response

    async def _note_error(self, request: Request, endpoint: Endpoint, noted: Noted, error: LicetError) -> None:
        if isinstance(error, RateLimited) or (isinstance(error, Unauthenticated) and not noted.has_credential):
            return
        status = STATUS_OF_CODE[error.code]
        if not noted.admitted and isinstance(error, _DENIALS):
            await self._append(request, endpoint, noted, status, "denied")
        elif endpoint.changes:
            await self._append(request, endpoint, noted, status, outcome_of(status))

    async def _append(self, request: Request, endpoint: Endpoint, noted: Noted, status: int, outcome: Outcome) -> None:
        entry = Entry(
            at=timestamp(self.clock.now()),
            subject=noted.subject,
            address=request.client.host[:64] if request.client else "",
            action=f"{endpoint.method} {endpoint.path}",
            path=request.scope["path"][:4096],
            project=noted.project,
            outcome=outcome,
            status=status,
            request_id=request.state.request_id,
            before=_json(noted.basis.before if noted.before is None else noted.before),
            after=_json(noted.after),
            reason=_reason(request, noted.after),
            versions=_json(noted.basis.versions),
        )
        await self.trail.append(entry)


def _shown(response: Response) -> Any:
    """Return what a service has answered to a change, where it is JSON and short."""
    body = getattr(response, "body", b"")
    is_json = response.headers.get("content-type", "").startswith("application/json")
    if not is_json or response.status_code >= 400 or len(body) > _MOST:
        return None
    return msgspec.json.decode(body)


def _reason(request: Request, after: Any) -> str | None:
    """Why it was done: of what is ended, as the query says; else as what was filed says, with its comment."""
    if request.method == "DELETE":
        return request.query_params.get("reason", "")[:_LONGEST_REASON] or None
    said = [after.get(name) for name in ("reason", "comment")] if isinstance(after, dict) else []
    return ": ".join(each for each in said if isinstance(each, str) and each)[:_LONGEST_REASON] or None


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value, order="sorted").decode()
