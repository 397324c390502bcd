"""The HTTP interface of the organisation's response times."""

from typing import Final

from fastapi import APIRouter, Request, Response

from policy_eval.application.keep_response_times import GivenResponseTimes, KeepResponseTimes
from policy_eval.entrypoints.decisions import reviewer_of
from policy_eval.entrypoints.http import json_response
from shared.web.bodies import decoded

_PATH: Final = "/api/v1/response-times"


def response_time_routes(keep: KeepResponseTimes) -> APIRouter:
    """Return the routes over response times."""
    router = APIRouter()

    @router.get(_PATH)
    async def get_response_times() -> Response:
        return json_response(await keep.current())

    @router.put(_PATH)
    async def put_response_times(request: Request) -> Response:
        given = await decoded(request, GivenResponseTimes)
        return json_response(await keep.put(reviewer_of(request), given))

    return router
