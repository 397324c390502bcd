"""The HTTP interface over headers and templates of notices."""

from fastapi import APIRouter, Request, Response

from obligations.application.keep_templates import KeepTemplates, check_project
from obligations.entrypoints.json_answers import json_response
from shared.errors import ErrorAt, InvalidInput
from shared.web.app import principal_of
from shared.web.bodies import received

_LONGEST = 256 * 1024


def template_routes(keep: KeepTemplates) -> APIRouter:
    """Return the routes over what a project's notices are printed by."""
    router = APIRouter(prefix="/api/v1/notice-templates")

    @router.get("")
    async def get_templates(request: Request) -> Response:
        return json_response({"items": await keep.listed(_project(request))})

    @router.put("/{kind}")
    async def put_template(request: Request, kind: str) -> Response:
        project, content = _project(request), await received(request, _LONGEST)
        try:
            source = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InvalidInput("The body is no UTF-8.", errors=(ErrorAt("", "no UTF-8"),)) from error
        return json_response(await keep.put(project, kind, source, principal_of(request).subject), 201)

    @router.get("/{kind}")
    async def get_template(request: Request, kind: str) -> Response:
        version = template_version(request.query_params.get("version"))
        source = await keep.source(_project(request), kind, version)
        return Response(source, media_type="text/plain; charset=utf-8")

    return router


def template_version(asked: str | None) -> int | None:
    """The number, None for the newest; raises InvalidInput."""
    if asked in (None, "", "latest"):
        return None
    if asked is None or not (asked.isascii() and asked.isdigit()) or len(asked) > 9:
        raise InvalidInput("version: a number or latest", errors=(ErrorAt("version", "a number or latest"),))
    return int(asked)


def _project(request: Request) -> str:
    project = request.query_params.get("project", "")
    if not project:
        raise InvalidInput("project: name the project", errors=(ErrorAt("project", "name the project"),))
    check_project(project, principal_of(request).projects)
    return project
