"""The HTTP interface of the reviewers' queue."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from policy_eval.application.show_queue import QueueFilter, QueuePage, QueuePlace, ShowQueue
from policy_eval.entrypoints.http import json_response, only
from shared.web.app import principal_of
from shared.web.pagination import page, page_limit, read_token


def queue_routes(show: ShowQueue) -> APIRouter:
    """Return the route over what waits for somebody."""
    router = APIRouter()

    @router.get("/api/v1/findings")
    async def get_queue(
        request: Request,
        wanted: Annotated[QueueFilter, Depends()],
        limit: int | None = None,
        page_token: str | None = None,
    ) -> Response:
        only(request, "project", "route", "severity", "kind", "limit", "page_token")
        most, after = page_limit(limit), read_token(page_token, QueuePlace)
        rows = await show(wanted, principal_of(request).projects, QueuePage(after, most + 1))
        return json_response(page(rows, most, key=lambda row: row.place, show=lambda row: row.shown))

    return router
