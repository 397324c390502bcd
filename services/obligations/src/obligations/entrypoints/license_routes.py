"""The HTTP interface for questions about licences."""

from fastapi import APIRouter, Request, Response

from obligations.application.answer_question import AnswerQuestion, ObligationQuestion
from obligations.entrypoints.bodies import body_of, json_response


def license_routes(answer: AnswerQuestion) -> APIRouter:
    """Return the routes that need no stored release."""
    router = APIRouter(prefix="/api/v1/licenses")

    @router.post("/obligations")
    async def post_question(request: Request) -> Response:
        return json_response(await answer.obligations(await body_of(request, ObligationQuestion)))

    @router.get("/{license_id}")
    async def get_license(license_id: str) -> Response:
        return json_response(await answer.license(license_id))

    return router
