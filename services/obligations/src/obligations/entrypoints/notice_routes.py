"""The HTTP interface over notices, their checks, and the list of sources."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from obligations.application.export_sbom import ExportSbom
from obligations.application.give_attributions import BundleToGive, GiveAttributions, Giver
from obligations.application.include_scopes import IncludeScopes, scopes_of
from obligations.application.keep_templates import check_project
from obligations.application.look_up import LookUp, check_final
from obligations.application.make_product_notice import MakeProductNotice, ProductQuestion
from obligations.application.print_notice import BY_COMPONENT, PrintNotice, check_form
from obligations.domain.source_bundle import LEAST_YEARS
from obligations.entrypoints.file_headers import NOTICE_MEDIA, file_name, identity, notice_headers, sha256_of
from obligations.entrypoints.fresh_notice import PrintFresh
from obligations.entrypoints.json_answers import json_response
from shared.errors import ErrorAt, InvalidInput
from shared.web.app import principal_of
from shared.web.bodies import MIB, decoded, received, value_of
from shared.web.pagination import page, page_limit, read_token

_RELEASE = "/api/v1/releases/{release_id}"
_LONGEST_BUNDLE: Final = 64 * MIB
_SBOM_MEDIA = {
    "cyclonedx-json": ("application/vnd.cyclonedx+json; version=1.6", "cdx.json"),
    "spdx-json": ("application/spdx+json", "spdx.json"),
    "spdx-yaml": ("application/yaml", "spdx.yaml"),
    "spdx-xml": ("application/xml", "spdx.xml"),
    "spdx-rdf": ("application/rdf+xml", "spdx.rdf.xml"),
    "spdx-tag-value": ("text/spdx; charset=utf-8", "spdx"),
}
_SOURCE_COLUMNS = (
    *("name", "version", "purl", "license", "obligations", "scope", "source", "digest", "component_digest"),
    *("modified", "keep_until"),
)

ReadBundle = Callable[[bytes, str | None], BundleToGive]
PrintCsv = Callable[[list[dict[str, Any]], tuple[str, ...]], str]


def notice_routes(look_up: LookUp, printed: PrintNotice, fresh: PrintFresh, include: IncludeScopes) -> APIRouter:
    """Return the routes over the NOTICE of a release."""
    router = APIRouter()

    @router.get(f"{_RELEASE}/notice")
    async def get_notice(request: Request, release_id: str) -> Response:
        query = request.query_params
        form = query.get("format", "text"), query.get("group", BY_COMPONENT)
        record = await printed.record(release_id, query.get("evaluation"), form)
        if "include" in query or "template" in query:
            return await fresh.answer(request, form, await include(record, scopes_of(query.get("include", ""))))
        if query.get("require") == "final":
            check_final(record)
        sha256 = await printed.digest(record, form)
        headers = notice_headers((record.project, record.version), record.notice_status, sha256, form[0])
        if sha256 in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        stored = await printed.content(record, form)
        headers["Content-Length"] = str(stored.size)
        return StreamingResponse(stored.pieces, headers=headers, media_type=NOTICE_MEDIA[form[0]][0])

    @router.get(f"{_RELEASE}/notice/checks")
    async def get_checks(release_id: str, evaluation: str | None = None) -> Response:
        record, checks = await look_up.attached(release_id, evaluation, "checks")
        return json_response({"status": record.notice_status, "checks": msgspec.Raw(checks)})

    return router


def source_routes(look_up: LookUp, print_csv: PrintCsv) -> APIRouter:
    """Return the route over the list of sources to give."""
    router = APIRouter()

    @router.get(f"{_RELEASE}/sources")
    async def get_sources(request: Request, release_id: str, limit: int | None = None) -> Response:
        query = request.query_params
        record, content = await look_up.attached(release_id, query.get("evaluation"), "sources")
        rows = [_with_last_day(row, record.derived_at) for row in msgspec.json.decode(content)]
        if _wants_csv(request):
            name = file_name(f"sources-{record.project}-{record.version}.csv")
            return Response(print_csv(rows, _SOURCE_COLUMNS), media_type="text/csv; charset=utf-8", headers=name)
        most, after = page_limit(limit), read_token(query.get("page_token"), int) or 0
        numbered = [row | {"number": number} for number, row in enumerate(rows, start=1)]
        return json_response(page(numbered[after : after + most + 1], most, lambda row: row["number"], _unnumbered))

    return router


def attribution_routes(give: GiveAttributions, read_bundle: ReadBundle) -> APIRouter:
    """Return the route that takes in what an SBOM leaves out."""
    router = APIRouter()

    @router.post(f"{_RELEASE}/attributions")
    async def post_attributions(request: Request, release_id: str) -> Response:
        content = await received(request, _LONGEST_BUNDLE)
        purl = request.query_params.get("purl")
        bundle = await asyncio.to_thread(value_of, content, lambda body: read_bundle(body, purl))
        principal = principal_of(request)
        return json_response(await give(release_id, bundle, Giver(principal.subject, tuple(principal.projects))), 202)

    return router


def sbom_routes(export: ExportSbom) -> APIRouter:
    """Return the route over the enriched SBOM of a release."""
    router = APIRouter()

    @router.get(f"{_RELEASE}/sbom")
    async def get_sbom(request: Request, release_id: str, evaluation: str | None = None) -> Response:
        format_ = request.query_params.get("format", "cyclonedx-json")
        record, content = await export(release_id, evaluation, format_)
        media, ending = _SBOM_MEDIA[format_]
        headers = file_name(f"SBOM-{record.project}-{record.version}.{ending}") | identity(sha256_of(content))
        if headers["ETag"].strip('"') in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type=media)

    return router


def product_routes(make: MakeProductNotice, fresh: PrintFresh) -> APIRouter:
    """Return the route that makes one NOTICE over several releases."""
    router = APIRouter()

    @router.post("/api/v1/notices")
    async def post_notice(request: Request) -> Response:
        query = request.query_params
        form = query.get("format", "json"), query.get("group", BY_COMPONENT)
        check_form(form, fresh.renderers)
        notice = await make(await decoded(request, ProductQuestion), principal_of(request).projects)
        if "template" in query:
            check_project(notice.project, principal_of(request).projects)
        return await fresh.answer(request, form, notice)

    return router


def _wants_csv(request: Request) -> bool:
    asked = request.query_params.get("format")
    if asked not in (None, "json", "csv"):
        raise InvalidInput("format: json or csv", errors=(ErrorAt("format", "json or csv"),))
    return asked == "csv" or (asked is None and request.headers.get("accept", "").startswith("text/csv"))


def _with_last_day(row: dict[str, Any], derived_at: str) -> dict[str, Any]:
    years = row.get("keep_years", LEAST_YEARS)  # rows of the first version have none
    return row | {"keep_years": years, "keep_until": _years_later(derived_at, years)}


def _years_later(moment: str, years: int) -> str:
    day = datetime.fromisoformat(moment).date()
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if is_leap_day else day.day).isoformat()


def _unnumbered(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "number"}
