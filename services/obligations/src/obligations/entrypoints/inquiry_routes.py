"""The HTTP interface of inquiries from outside."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from obligations.application.inquiry_ports import InquiryFilter
from obligations.application.keep_inquiries import InquiryKeeper, KeepInquiries
from obligations.domain.inquiries import InquiryChange, NewInquiry
from obligations.entrypoints.if_match import if_match_of
from obligations.entrypoints.json_answers import json_response
from shared.web.app import principal_of
from shared.web.bodies import decoded
from shared.web.pagination import page, page_limit, read_token

_INQUIRIES: Final = "/api/v1/inquiries"
_ONE: Final = f"{_INQUIRIES}/{{inquiry_id}}"


def inquiry_routes(keep: KeepInquiries) -> APIRouter:
    """Return the routes over inquiries."""
    router = APIRouter()

    @router.get(_INQUIRIES)
    async def get_inquiries(
        request: Request,
        wanted: Annotated[InquiryFilter, Depends()],
        limit: int | None = None,
        page_token: str | None = None,
    ) -> Response:
        most = page_limit(limit)
        rows = await keep.page(wanted, _keeper(request), read_token(page_token, str), most + 1)
        return json_response(page(rows, most, key=lambda row: row.id, show=keep.shown))

    @router.post(_INQUIRIES)
    async def post_inquiry(request: Request) -> Response:
        shown = await keep.record(await decoded(request, NewInquiry), _keeper(request))
        return _one(shown, 201, {"Location": f"{_INQUIRIES}/{shown['id']}"})

    @router.get(_ONE)
    async def get_inquiry(request: Request, inquiry_id: str) -> Response:
        return _one(await keep.one(inquiry_id, _keeper(request)))

    @router.patch(_ONE)
    async def patch_inquiry(request: Request, inquiry_id: str) -> Response:
        if_match = if_match_of(request, "inquiry")
        change = await decoded(request, InquiryChange)
        return _one(await keep.change(inquiry_id, change, if_match, _keeper(request)))

    return router


def _keeper(request: Request) -> InquiryKeeper:
    principal = principal_of(request)
    return InquiryKeeper(principal.subject, tuple(principal.projects))


def _one(shown: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return json_response(shown, status, {**(headers or {}), "ETag": f'"{shown["etag"]}"'})
