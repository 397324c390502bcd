"""The HTTP interface of policy-eval."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from policy_eval.application.compare_releases import ComparedRelease, CompareReleases
from policy_eval.application.evaluate_again import EvaluateAgain
from policy_eval.application.judge_license import JudgeLicense
from policy_eval.application.look_up import LookUp, shown_evaluation
from policy_eval.domain.component_search import ReleasesAsked
from shared.contracts.questions import LicenseQuestion
from shared.errors import ErrorAt, InvalidInput
from shared.persistence.blobs import Blobs
from shared.web.pagination import page, page_limit, read_token

_RELEASE = "/api/v1/releases/{release_id}"


def evaluation_routes(look_up: LookUp, evaluate_again: EvaluateAgain) -> APIRouter:
    """Return the routes over the evaluations of a release."""
    router = APIRouter()

    @router.get(f"{_RELEASE}/evaluations")
    async def get_evaluations(release_id: str, limit: int | None = None, page_token: str | None = None) -> Response:
        most = page_limit(limit)
        rows = await look_up.evaluations(release_id, read_token(page_token, str), most + 1)
        return json_response(page(rows, most, key=lambda row: row.id, show=shown_evaluation))

    @router.post(f"{_RELEASE}/evaluations")
    async def post_evaluation(release_id: str) -> Response:
        return json_response({"release": release_id, "evaluation": await evaluate_again(release_id)}, 202)

    return router


def component_routes(look_up: LookUp) -> APIRouter:
    """Return the routes over the findings and components of a release."""
    router = APIRouter()

    @router.get(f"{_RELEASE}/findings")
    async def get_findings(
        release_id: str,
        evaluation: str | None = None,
        step: str | None = None,
        limit: int | None = None,
        page_token: str | None = None,
    ) -> Response:
        most, after = page_limit(limit), read_token(page_token, int)
        after = -1 if after is None else after
        if step is not None:
            of_step = await look_up.findings_of_step(release_id, evaluation, step, after, most + 1)
            return json_response(page(of_step, most, key=lambda row: row[0], show=lambda row: row[1]))
        rows = await look_up.findings(release_id, evaluation, after, most + 1)
        return json_response(page(rows, most, key=lambda _: after + most, show=lambda row: row))

    @router.get(f"{_RELEASE}/components")
    async def get_components(request: Request, release_id: str, limit: int | None = None) -> Response:
        query = request.query_params
        evaluation, lacks = query.get("evaluation"), query.get("lacks")
        most, after = page_limit(limit), read_token(query.get("page_token"), int)
        after = -1 if after is None else after
        if lacks is None:
            rows = await look_up.components(release_id, evaluation, after, most + 1, query.get("purl"))
        else:
            rows = await look_up.components_lacking(release_id, evaluation, lacks, after, most + 1)
        return json_response(page(rows, most, key=lambda row: row["position"], show=_without_position))

    return router


def comparison_routes(compare: CompareReleases) -> APIRouter:
    """Return the route over the difference of two releases."""
    router = APIRouter()

    @router.get(f"{_RELEASE}/diff")
    async def get_diff(
        request: Request, release_id: str, base: str, evaluation: str | None = None, base_evaluation: str | None = None
    ) -> Response:
        only(request, "base", "evaluation", "base_evaluation", "wait")
        return json_response(
            await compare(ComparedRelease(release_id, evaluation), ComparedRelease(base, base_evaluation))
        )

    return router


def internal_routes(look_up: LookUp, judge_license: JudgeLicense, blobs: Blobs) -> APIRouter:
    """Return the routes for the other services."""
    router = APIRouter(prefix="/internal/v1")

    @router.get("/releases")
    async def get_releases(
        request: Request, purl: str | None = None, version_range: str | None = None, license: str | None = None
    ) -> Response:
        search = look_up.search(purl, version_range, license)
        return json_response(await look_up.releases_with(search, _asked(request.query_params)))

    @router.get("/decisions/{sha256}")
    async def get_decisions(sha256: str) -> Response:
        return Response(await blobs.get(sha256), media_type="application/json")

    @router.post("/license-verdicts")
    async def post_license_question(request: Request) -> Response:
        question = msgspec.json.decode(await request.body(), type=LicenseQuestion)
        return json_response(await judge_license(question))

    return router


def _asked(query: QueryParams) -> ReleasesAsked:
    among = query.get("among")
    limit = page_limit(int(query["limit"]) if "limit" in query else None)
    return ReleasesAsked(limit, query.get("before"), None if among is None else tuple(among.split(",")))


def only(request: Request, *known: str) -> None:
    """Raise InvalidInput for a query parameter that is not known here."""
    for name in request.query_params:
        if name not in known:
            raise InvalidInput(f"{name}: no such parameter here", errors=(ErrorAt(name, "no such parameter"),))


def _without_position(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "position"}


def json_response(body: Any, status: int = 200) -> Response:
    """Return the body as JSON."""
    return Response(msgspec.json.encode(body), status, media_type="application/json")
