"""The HTTP interface for questions about licences."""

from fastapi import APIRouter, Request, Response

from obligations.application.answer_question import AnswerQuestion, ObligationQuestion
from obligations.entrypoints.json_answers import json_response
from shared.web.bodies import decoded


def license_routes(answer: AnswerQuestion) -> APIRouter:
    """Return the routes that need no stored release."""
    router = APIRouter(prefix="/api/v1/licenses")

    @router.post("/obligations")
    async def post_question(request: Request) -> Response:
        return json_response(await answer.obligations(await decoded(request, ObligationQuestion)))

    @router.get("/{license_id}")
    async def get_license(license_id: str) -> Response:
        return json_response(await answer.license(license_id))

    return router
