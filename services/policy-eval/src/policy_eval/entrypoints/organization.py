"""The HTTP interface of what the organisation says of itself."""

from fastapi import APIRouter, Request, Response

from policy_eval.application.keep_organization import KeepOrganization
from policy_eval.domain.organization import Organization
from policy_eval.entrypoints.decisions import reviewer_of
from policy_eval.entrypoints.http import json_response
from shared.web.bodies import decoded


def organization_routes(keep: KeepOrganization) -> APIRouter:
    """Return the routes over the organisation."""
    router = APIRouter()

    @router.get("/api/v1/organization")
    async def get_organization() -> Response:
        return json_response(await keep.current())

    @router.put("/api/v1/organization")
    async def put_organization(request: Request) -> Response:
        said = await decoded(request, Organization)
        request.state.before = await keep.current()
        return json_response(await keep.put(reviewer_of(request), said))

    return router
