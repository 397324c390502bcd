"""The HTTP interface of policy-eval."""

from typing import Any, Literal

import msgspec
from fastapi import APIRouter, Request, Response

from policy_eval.application.look_up import LookUp, shown_evaluation
from shared.errors import ErrorAt, InvalidInput
from shared.persistence.blobs import Blobs
from shared.web.pagination import page, page_limit, read_token

_RELEASE = "/api/v1/releases/{release_id}"


def routes(look_up: LookUp, blobs: Blobs) -> APIRouter:
    """Return the routes over evaluations."""
    router = APIRouter()

    @router.get(f"{_RELEASE}/gate")
    async def get_gate(
        request: Request, release_id: str, evaluation: str | None = None, fail_on: Literal["error", "warning"] = "error"
    ) -> Response:
        _only(request, "evaluation", "fail_on", "wait")
        return _json(await look_up.gate(release_id, evaluation, fail_on))

    @router.get(f"{_RELEASE}/findings")
    async def get_findings(
        release_id: str, evaluation: str | None = None, limit: int | None = None, page_token: str | None = None
    ) -> Response:
        most, after = page_limit(limit), read_token(page_token, int)
        after = -1 if after is None else after
        rows = await look_up.findings(release_id, evaluation, after, most + 1)
        return _json(page(rows, most, key=lambda _: after + most, show=lambda row: row))

    @router.get(f"{_RELEASE}/components")
    async def get_components(
        release_id: str, evaluation: str | None = None, limit: int | None = None, page_token: str | None = None
    ) -> Response:
        most, after = page_limit(limit), read_token(page_token, int)
        rows = await look_up.components(release_id, evaluation, -1 if after is None else after, most + 1)
        return _json(page(rows, most, key=lambda row: row["position"], show=_without_position))

    @router.get(f"{_RELEASE}/evaluations")
    async def get_evaluations(release_id: str, limit: int | None = None, page_token: str | None = None) -> Response:
        most = page_limit(limit)
        rows = await look_up.evaluations(release_id, read_token(page_token, str), most + 1)
        return _json(page(rows, most, key=lambda row: row.id, show=shown_evaluation))

    @router.get("/internal/v1/decisions/{sha256}")
    async def get_decisions(sha256: str) -> Response:
        return Response(await blobs.get(sha256), media_type="application/json")

    return router


def _only(request: Request, *known: str) -> None:
    for name in request.query_params:
        if name not in known:
            raise InvalidInput(f"{name}: no such parameter here", errors=(ErrorAt(name, "no such parameter"),))


def _without_position(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "position"}


def _json(body: Any) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")
