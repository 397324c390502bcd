"""The HTTP interface over the obligations of a release."""

from typing import Any, Final, get_args

from fastapi import APIRouter, Request, Response

from obligations.application.change_obligation import ChangeObligation
from obligations.application.list_evidence import ListEvidence
from obligations.application.look_up import LookUp
from obligations.application.ports import ObligationFilter
from obligations.domain.life import Change, Status
from obligations.entrypoints.if_match import if_match_of
from obligations.entrypoints.json_answers import json_response
from shared.errors import ErrorAt, InvalidInput
from shared.web.app import principal_of
from shared.web.bodies import decoded
from shared.web.pagination import page, page_limit, read_token

_OBLIGATIONS: Final = "/api/v1/releases/{release_id}/obligations"
_ONE: Final = f"{_OBLIGATIONS}/{{obligation_id}}"


def obligation_routes(look_up: LookUp, change: ChangeObligation, listed: ListEvidence) -> APIRouter:
    """Return the routes over obligations and what people say of them."""
    router = APIRouter()
    _add_evidence(router, listed)

    @router.get(_OBLIGATIONS)
    async def get_obligations(request: Request, release_id: str, limit: int | None = None) -> Response:
        query = request.query_params
        status = _one_of("status", query.get("status"), get_args(Status))
        kind = _one_of("kind", query.get("kind"), ("active", "passive"))
        wanted = ObligationFilter(status, kind, query.get("license"), query.get("purl"))
        most, after = page_limit(limit), read_token(query.get("page_token"), int)
        after = -1 if after is None else after
        rows = await look_up.obligations(release_id, query.get("evaluation"), wanted, after, most + 1)
        return json_response(page(rows, most, key=lambda row: row["position"], show=_shown))

    @router.get(_ONE)
    async def get_obligation(release_id: str, obligation_id: str) -> Response:
        return _one(_shown(await look_up.obligation(release_id, obligation_id)))

    @router.patch(_ONE)
    async def patch_obligation(request: Request, release_id: str, obligation_id: str) -> Response:
        if_match = if_match_of(request, "obligation")
        wanted = await decoded(request, Change)
        principal = principal_of(request)
        caller = (principal.subject, frozenset(principal.roles))
        return _one(await change((release_id, obligation_id), wanted, if_match, caller))

    @router.get(f"{_ONE}/changes")
    async def get_changes(request: Request, release_id: str, obligation_id: str, limit: int | None = None) -> Response:
        most, after = page_limit(limit), read_token(request.query_params.get("page_token"), int)
        rows = await look_up.reader.changes(release_id, obligation_id, after or 0, most + 1)
        return json_response(page(rows, most, key=lambda row: row["number"], show=lambda row: row))

    return router


def _add_evidence(router: APIRouter, listed: ListEvidence) -> None:
    @router.get("/api/v1/releases/{release_id}/evidence")
    async def get_evidence(request: Request, release_id: str, limit: int | None = None) -> Response:
        most, after = page_limit(limit), read_token(request.query_params.get("page_token"), int) or 0
        numbered = list(enumerate(await listed(release_id), start=1))[after : after + most + 1]
        return json_response(page(numbered, most, key=lambda row: row[0], show=lambda row: row[1]))


def _one(obligation: dict[str, Any]) -> Response:
    return json_response(obligation, headers={"ETag": f'"{obligation["etag"]}"'})


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "position"}


def _one_of(name: str, value: str | None, known: tuple[str, ...]) -> str | None:
    if value is not None and value not in known:
        message = f"one of {', '.join(known)}"
        raise InvalidInput(f"{name}: {message}", errors=(ErrorAt(name, message),))
    return value
