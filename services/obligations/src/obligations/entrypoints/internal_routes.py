"""The HTTP interface for the gateway."""

from fastapi import APIRouter, Response

from obligations.application.compare_releases import ComparedRelease, CompareReleases
from obligations.entrypoints.json_answers import json_response


def internal_routes(compare: CompareReleases) -> APIRouter:
    """Return the route for the gateway, which shows the difference together with that of policy-eval."""
    router = APIRouter(prefix="/internal/v1")

    @router.get("/releases/{release_id}/obligation-diff")
    async def get_obligation_diff(
        release_id: str, base: str, evaluation: str | None = None, base_evaluation: str | None = None
    ) -> Response:
        compared = ComparedRelease(release_id, evaluation), ComparedRelease(base, base_evaluation)
        return json_response(await compare(*compared))

    return router
