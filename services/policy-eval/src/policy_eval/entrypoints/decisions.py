"""The HTTP interface of what people decide about licences."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from msgspec import Struct

from policy_eval.application.exchange_ort import ORT_KINDS, ExchangeOrt
from policy_eval.application.keep_decisions import KeepDecisions, Reviewer
from policy_eval.application.report_waivers import ReportWaivers, WantedWaivers
from policy_eval.domain.decision_records import APPROVED, REVIEWED, DecisionKind, Line
from policy_eval.entrypoints.http import json_response, only
from shared.errors import ErrorAt, InvalidInput
from shared.web.app import principal_of
from shared.web.bodies import decoded
from shared.web.pagination import page, page_limit, read_token

PATHS: Final[Mapping[DecisionKind, str]] = {
    "confirmation": "/api/v1/confirmations",
    "context": "/api/v1/contexts",
    "curation": "/api/v1/curations",
    "exclusion": "/api/v1/exclusions",
    "license-choice": "/api/v1/license-choices",
    "license-classification": "/api/v1/license-classifications",
    "waiver": "/api/v1/waivers",
}


class Reviewed(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody says who has looked at a decision again: what they saw, and when to look next."""

    comment: Line
    review_date: date | None = None


def decision_routes(keep: KeepDecisions, exchange: ExchangeOrt, report: ReportWaivers) -> APIRouter:
    """Return the routes over decisions, the same for each kind."""
    router = APIRouter()
    for kind, path in PATHS.items():
        _add_routes(router, keep, kind, path)
    _add_lists(router, keep, exchange)
    _add_waivers(router, report)

    for kind in APPROVED:
        _add_approval(router, keep, kind)
    return router


def _add_approval(router: APIRouter, keep: KeepDecisions, kind: DecisionKind) -> None:
    @router.post(f"{PATHS[kind]}/{{decision_id}}/approve")
    async def approve(request: Request, decision_id: str) -> Response:
        request.state.before = await keep.before(kind, decision_id)
        return json_response(await keep.approve(kind, reviewer_of(request), decision_id))


def _add_lists(router: APIRouter, keep: KeepDecisions, exchange: ExchangeOrt) -> None:
    for kind, path in PATHS.items():
        if kind == "waiver":
            continue
        _add_list(router, keep, exchange, kind, path)


def _add_list(router: APIRouter, keep: KeepDecisions, exchange: ExchangeOrt, kind: DecisionKind, path: str) -> None:
    @router.get(path)
    async def get_all(request: Request, limit: int | None = None, page_token: str | None = None) -> Response:
        if "format" in request.query_params:
            return await _ort_file(exchange, kind, request)
        most = page_limit(limit)
        rows = await keep.page(kind, reviewer_of(request), read_token(page_token, str), most + 1)
        return json_response(page(await keep.shown(rows), most, key=lambda row: row["id"], show=lambda row: row))


def _add_routes(router: APIRouter, keep: KeepDecisions, kind: DecisionKind, path: str) -> None:
    @router.post(path)
    async def post_one(request: Request) -> Response:
        body = await decoded(request, dict[str, Any])
        return json_response(await keep.add(kind, reviewer_of(request), body), 201)

    @router.delete(f"{path}/{{decision_id}}")
    async def delete_one(request: Request, decision_id: str) -> Response:
        request.state.before = await keep.before(kind, decision_id)
        return json_response(await keep.end(kind, reviewer_of(request), decision_id))

    if kind not in REVIEWED:
        return

    @router.post(f"{path}/{{decision_id}}/review")
    async def post_review(request: Request, decision_id: str) -> Response:
        said = await decoded(request, Reviewed)
        reviewer = reviewer_of(request)
        return json_response(await keep.review(kind, reviewer, decision_id, said.comment, said.review_date))


def _add_waivers(router: APIRouter, report: ReportWaivers) -> None:
    @router.get(PATHS["waiver"])
    async def get_waivers(
        request: Request,
        wanted: Annotated[WantedWaivers, Depends()],
        limit: int | None = None,
        page_token: str | None = None,
    ) -> Response:
        only(request, "limit", "page_token", *(each.name for each in fields(WantedWaivers)))
        most, before = page_limit(limit), read_token(page_token, str)
        rows = await report.page(reviewer_of(request), before, most + 1, wanted)
        return json_response(page(rows, most, key=lambda row: row["id"], show=lambda row: row))


async def _ort_file(exchange: ExchangeOrt, kind: DecisionKind, request: Request) -> Response:
    """The decisions of a kind as ORT's file; those that hold in one `project` where the query names it."""
    only(request, "format", "project")
    if request.query_params["format"] != "ort" or kind not in ORT_KINDS:
        message = f"ort, for {', '.join(ORT_KINDS)} alone; none for JSON"
        raise InvalidInput(f"format: {message}", errors=(ErrorAt("format", message),))
    text = await exchange.give(kind, reviewer_of(request), request.query_params.get("project") or None)
    return Response(text, media_type="application/yaml")


def reviewer_of(request: Request) -> Reviewer:
    """Return who acts by the principal of the request."""
    principal = principal_of(request)
    return Reviewer(principal.subject, tuple(principal.roles), tuple(principal.projects))
