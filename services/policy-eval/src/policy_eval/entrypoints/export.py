"""The HTTP interface of export control."""

from typing import Final

from fastapi import APIRouter, Request, Response

from policy_eval.application.classify_export import ClassifyExport
from policy_eval.application.show_export_tables import ShowExportTables
from policy_eval.domain.export.situation import Situation
from policy_eval.entrypoints.http import json_response
from shared.web.bodies import decoded

_MOST_WITH_SBOM: Final = 65 * 1024 * 1024


def classification_routes(classify: ClassifyExport, tables: ShowExportTables) -> APIRouter:
    """Return the routes that answer questions without a stored release, and show the tables that answers rest on."""
    router = APIRouter()

    @router.post("/api/v1/export/classify")
    async def post_question(request: Request) -> Response:
        return json_response(await classify(await decoded(request, Situation, _MOST_WITH_SBOM)))

    @router.get("/api/v1/export-tables")
    async def get_tables() -> Response:
        return json_response({"items": await tables(), "next_page_token": None})

    return router
