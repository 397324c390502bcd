"""The HTTP interface of what officers put on file for export."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from policy_eval.application.keep_export_records import KeepExportRecords, Officer
from policy_eval.domain.export.records import Kind
from policy_eval.entrypoints.http import json_response
from shared.web.app import principal_of
from shared.web.bodies import decoded
from shared.web.pagination import page, page_limit, read_token

PATHS: Final[Mapping[Kind, str]] = {
    "classification": "/api/v1/export-classifications",
    "notification": "/api/v1/notifications",
    "statement": "/api/v1/export-statements",
    "shipment": "/api/v1/export-shipments",
    "verification": "/api/v1/export-verifications",
}


def record_routes(keep: KeepExportRecords) -> APIRouter:
    """Return the routes over the records, the same for each kind."""
    router = APIRouter()
    for kind, path in PATHS.items():
        _add_routes(router, keep, kind, path)

    @router.post(f"{PATHS['classification']}/{{record_id}}/approve")
    async def approve(request: Request, record_id: str) -> Response:
        request.state.before = await keep.before("classification", record_id)
        return json_response(await keep.approve("classification", officer_of(request), record_id))

    return router


def _add_routes(router: APIRouter, keep: KeepExportRecords, kind: Kind, path: str) -> None:
    @router.get(path)
    async def get_all(
        request: Request, project: str | None = None, limit: int | None = None, page_token: str | None = None
    ) -> Response:
        most = page_limit(limit)
        rows = await keep.page(kind, officer_of(request), project, read_token(page_token, str), most + 1)
        shown = page(rows, most, key=lambda row: row.id, show=lambda row: row)
        return json_response({**shown, "items": [await keep.shown(each) for each in shown["items"]]})

    @router.post(path)
    async def post_one(request: Request) -> Response:
        body = await decoded(request, dict[str, Any])
        return json_response(await keep.add(kind, officer_of(request), body), 201)

    @router.delete(f"{path}/{{record_id}}")
    async def delete_one(request: Request, record_id: str) -> Response:
        request.state.before = await keep.before(kind, record_id)
        return json_response(await keep.withdraw(kind, officer_of(request), record_id))


def officer_of(request: Request) -> Officer:
    """Return who acts by the principal of the request."""
    principal = principal_of(request)
    return Officer(principal.subject, tuple(principal.projects))
