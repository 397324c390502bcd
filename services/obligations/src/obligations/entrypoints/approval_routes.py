"""The HTTP interface over what people approve of a release."""

from typing import Final

from fastapi import APIRouter, Request, Response

from obligations.application.approve import Approve
from obligations.domain.approvals import ApprovalKind, NoticeApproval, OutboundCheck
from obligations.entrypoints.json_answers import json_response
from shared.web.app import principal_of
from shared.web.bodies import decoded

_NOTICE: Final = "/api/v1/releases/{release_id}/notice/approval"
_OUTBOUND: Final = "/api/v1/releases/{release_id}/outbound-ip-check"


def approval_routes(approve: Approve) -> APIRouter:
    """Return the routes over the approval of a NOTICE and the outbound IP check."""
    router = APIRouter()
    router.include_router(_of_one(_NOTICE, "notice", approve))
    router.include_router(_of_one(_OUTBOUND, "outbound-ip-check", approve))

    @router.post(_NOTICE)
    async def post_notice_approval(request: Request, release_id: str) -> Response:
        wanted = await decoded(request, NoticeApproval)
        return json_response(await approve.notice(release_id, wanted, principal_of(request).subject), 201)

    @router.post(_OUTBOUND)
    async def post_outbound_check(request: Request, release_id: str) -> Response:
        wanted = await decoded(request, OutboundCheck)
        return json_response(await approve.outbound(release_id, wanted, principal_of(request).subject), 201)

    return router


def _of_one(path: str, kind: ApprovalKind, approve: Approve) -> APIRouter:
    """What is the same for both."""
    router = APIRouter()

    @router.get(path)
    async def get_approval(release_id: str) -> Response:
        return json_response(await approve.shown(release_id, kind))

    @router.delete(path)
    async def delete_approval(request: Request, release_id: str) -> Response:
        await approve.withdraw(release_id, kind, principal_of(request).subject)
        return Response(status_code=204)

    return router
