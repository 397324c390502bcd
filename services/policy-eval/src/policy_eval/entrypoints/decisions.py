"""The HTTP interface of what people decide about licences."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from policy_eval.application.keep_decisions import KeepDecisions, Reviewer, shown
from policy_eval.domain.decision_records import DecisionKind
from policy_eval.entrypoints.bodies import decoded
from policy_eval.entrypoints.http import json_response
from shared.web.app import principal_of
from shared.web.pagination import page, page_limit, read_token

PATHS: Final[Mapping[DecisionKind, str]] = {
    "curation": "/api/v1/curations",
    "license-choice": "/api/v1/license-choices",
    "waiver": "/api/v1/waivers",
}


def decision_routes(keep: KeepDecisions) -> APIRouter:
    """Return the routes over decisions, the same for each kind."""
    router = APIRouter()
    for kind, path in PATHS.items():
        _add_routes(router, keep, kind, path)

    @router.post(f"{PATHS['waiver']}/{{decision_id}}/approve")
    async def approve(request: Request, decision_id: str) -> Response:
        return json_response(await keep.approve("waiver", reviewer_of(request), decision_id))

    return router


def _add_routes(router: APIRouter, keep: KeepDecisions, kind: DecisionKind, path: str) -> None:
    @router.get(path)
    async def get_all(request: Request, limit: int | None = None, page_token: str | None = None) -> Response:
        most = page_limit(limit)
        rows = await keep.page(kind, reviewer_of(request), read_token(page_token, str), most + 1)
        return json_response(page(rows, most, key=lambda row: row.id, show=shown))

    @router.post(path)
    async def post_one(request: Request) -> Response:
        body = await decoded(request, dict[str, Any])
        return json_response(await keep.add(kind, reviewer_of(request), body), 201)

    @router.delete(f"{path}/{{decision_id}}")
    async def delete_one(request: Request, decision_id: str) -> Response:
        return json_response(await keep.end(kind, reviewer_of(request), decision_id))


def reviewer_of(request: Request) -> Reviewer:
    """Return who acts by the principal of the request."""
    principal = principal_of(request)
    return Reviewer(principal.subject, tuple(principal.roles), tuple(principal.projects))
