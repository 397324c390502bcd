"""Inquiries from outside."""

from typing import Final

from obligations.domain.inquiries import Inquiry, InquiryChange, NewInquiry
from tools.openapi.described import Operation, lists, shows, takes

_INQUIRIES: Final = "/api/v1/inquiries"
_ONE: Final = f"{_INQUIRIES}/{{inquiry_id}}"


class ShownInquiry(Inquiry, frozen=True, kw_only=True):
    """An inquiry; `due_at` is until when its next step should be taken, null where none is or no time is set for it."""

    due_at: str | None
    overdue: bool
    etag: str


INQUIRY_OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("GET", _INQUIRIES): lists(
        ShownInquiry, "kind=inquiry|source-request", "status=received|acknowledged|answered", "project", "overdue"
    ),
    ("POST", _INQUIRIES): takes(NewInquiry, ShownInquiry, status=201, refusals=(404,)),
    ("GET", _ONE): shows(ShownInquiry),
    ("PATCH", _ONE): takes(InquiryChange, ShownInquiry, headers=("If-Match",), refusals=(409, 412, 428)),
}
