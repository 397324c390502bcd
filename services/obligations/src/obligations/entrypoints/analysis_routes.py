"""The HTTP interface of an organisation's own analyses of licences."""

from typing import Final

from fastapi import APIRouter, Request, Response

from obligations.application.keep_analyses import KeepAnalyses, shown
from obligations.domain.own_analyses import OwnAnalysis
from obligations.entrypoints.json_answers import json_response
from shared.errors import ErrorAt, InvalidInput
from shared.web.app import principal_of
from shared.web.bodies import decoded
from shared.web.pagination import page, page_limit, read_token

_ANALYSES: Final = "/api/v1/license-analyses"
_ANALYSIS: Final = f"{_ANALYSES}/{{license_id}}"
_LONGEST: Final = 256 * 1024


def analysis_routes(keep: KeepAnalyses) -> APIRouter:
    """Return the routes over own analyses and their versions."""
    router = _list_routes(keep)

    @router.get(_ANALYSIS)
    async def get_analysis(license_id: str, version: int | None = None) -> Response:
        _check_number(version)
        return json_response(shown(await keep.version(license_id, version)))

    @router.put(_ANALYSIS)
    async def put_analysis(request: Request, license_id: str) -> Response:
        analysis = await decoded(request, OwnAnalysis, _LONGEST)
        made = await keep.publish(license_id, analysis, principal_of(request).subject)
        location = f"{_ANALYSES}/{made['license']}?version={made['version']}"
        return json_response(made, 201, {"Location": location})

    @router.delete(_ANALYSIS)
    async def delete_analysis(request: Request, license_id: str) -> Response:
        return json_response(await keep.withdraw(license_id, principal_of(request).subject))

    return router


def _list_routes(keep: KeepAnalyses) -> APIRouter:
    router = APIRouter()

    @router.get(_ANALYSES)
    async def get_analyses(limit: int | None = None, page_token: str | None = None) -> Response:
        most = page_limit(limit)
        rows = await keep.page(read_token(page_token, str) or "", most + 1)
        return json_response(page(rows, most, key=lambda row: row.license, show=shown))

    @router.get(f"{_ANALYSIS}/versions")
    async def get_versions(license_id: str, limit: int | None = None, page_token: str | None = None) -> Response:
        most = page_limit(limit)
        rows = await keep.history(license_id, read_token(page_token, int), most + 1)
        return json_response(page(rows, most, key=lambda row: row.version, show=shown))

    return router


def _check_number(version: int | None) -> None:
    if version is not None and not 0 < version < 1 << 31:
        raise InvalidInput("version: a whole number from 1", errors=(ErrorAt("version", "a whole number from 1"),))
