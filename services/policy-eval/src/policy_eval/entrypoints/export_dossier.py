"""The HTTP interface of the export dossier, the public export page and the annual report."""

from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from policy_eval.application.report_exports import ReportExports
from policy_eval.application.show_export_dossier import ShowExportDossier
from policy_eval.domain.export.dossier_pages import dossier_page, public_page
from policy_eval.domain.export.pages import Page, as_html, as_markdown
from policy_eval.domain.export.semi_annual import Half, due_on
from policy_eval.entrypoints.export_question import export_question
from policy_eval.entrypoints.export_records import officer_of
from policy_eval.entrypoints.http import json_response
from shared.errors import ErrorAt, InvalidInput

_YEARS = range(2010, 2101)  # the report came with the rule of 25 June 2010


def dossier_routes(show: ShowExportDossier) -> APIRouter:
    """Return the routes over the export of one release."""
    router = APIRouter()

    @router.get("/api/v1/releases/{release_id}/export")
    async def get_dossier(
        request: Request,
        release_id: str,
        evaluation: str | None = None,
        format: Literal["json", "markdown", "html"] = "json",
    ) -> Response:
        dossier = await _dossier(show, request, release_id, evaluation)
        return json_response(dossier) if format == "json" else _written(dossier_page(dossier), format)

    @router.get("/api/v1/releases/{release_id}/export-page")
    async def get_page(
        request: Request, release_id: str, evaluation: str | None = None, format: Literal["markdown", "html"] = "html"
    ) -> Response:
        return _written(public_page(await _dossier(show, request, release_id, evaluation)), format)

    return router


def report_routes(report: ReportExports) -> APIRouter:
    """Return the routes of the annual self-classification report and the semi-annual report."""
    router = APIRouter()

    @router.get("/api/v1/export-reports/self-classification")
    async def get_report(request: Request, year: int) -> Response:
        _checked(year)
        return _csv(await report.self_classification(officer_of(request), year), f"self-classification-{year}")

    @router.get("/api/v1/export-reports/semi-annual")
    async def get_semi_annual(request: Request, year: int, half: Literal["1", "2"]) -> Response:
        _checked(year)
        of_half: Half = 1 if half == "1" else 2
        name = f"semi-annual-{year}-{half}-due-{due_on(year, of_half)}"
        return _csv(await report.semi_annual(officer_of(request), year, of_half), name)

    return router


def _checked(year: int) -> None:
    if year not in _YEARS:
        message = f"a year from {_YEARS.start} to {_YEARS.stop - 1}"
        raise InvalidInput(f"year: {message}", errors=(ErrorAt("year", message),))


def _csv(text: str, name: str) -> Response:
    return Response(text, media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})


async def _dossier(
    show: ShowExportDossier, request: Request, release_id: str, evaluation: str | None
) -> dict[str, Any]:
    return await show(release_id, evaluation, export_question(request))


def _written(page: Page, format_: str) -> Response:
    if format_ == "markdown":
        return Response(as_markdown(page), media_type="text/markdown; charset=utf-8")
    return Response(as_html(page), media_type="text/html; charset=utf-8")
