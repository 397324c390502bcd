"""The HTTP interface of the reviewers' queue."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response

from policy_eval.application.show_queue import QueueFilter, QueuePage, QueuePlace, ShowQueue
from policy_eval.entrypoints.http import json_response, only
from shared.errors import ErrorAt, InvalidInput
from shared.web.app import principal_of
from shared.web.pagination import page, page_limit, read_token


def queue_routes(show: ShowQueue) -> APIRouter:
    """Return the route over what waits for somebody."""
    router = APIRouter()

    @router.get("/api/v1/findings")
    async def get_queue(
        request: Request,
        wanted: Annotated[QueueFilter, Depends()],
        sort: Literal["severity", "due_at"] = "severity",
        limit: int | None = None,
        page_token: str | None = None,
    ) -> Response:
        only(request, "project", "route", "severity", "kind", "overdue", "sort", "limit", "page_token")
        most, by_due_date = page_limit(limit), sort == "due_at"
        place = QueuePage(_after(page_token, by_due_date), most + 1, by_due_date)
        rows = await show(wanted, principal_of(request).projects, place)
        return json_response(page(rows, most, key=lambda row: row.place, show=lambda row: row.shown))

    return router


def _after(page_token: str | None, by_due_date: bool) -> QueuePlace | None:
    place: QueuePlace | None = read_token(page_token, QueuePlace)
    if place is not None and (place.due_at is not None) != by_due_date:
        message = "a token of another `sort`: ask for the first page"
        raise InvalidInput(f"page_token: {message}", errors=(ErrorAt("page_token", message),))
    return place
