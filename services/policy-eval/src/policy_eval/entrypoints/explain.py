"""The HTTP interface of explanations."""

from fastapi import APIRouter, Response

from policy_eval.application.explain_component import ExplainComponent
from policy_eval.entrypoints.http import json_response


def explain_routes(explain: ExplainComponent) -> APIRouter:
    """Return the route over the decision traces of a release's components."""
    router = APIRouter()

    @router.get("/api/v1/releases/{release_id}/explain")
    async def get_explanation(
        release_id: str, purl: str | None = None, name: str | None = None, evaluation: str | None = None
    ) -> Response:
        return json_response(await explain(release_id, evaluation, purl, name))

    return router
