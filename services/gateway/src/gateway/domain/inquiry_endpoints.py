"""The endpoints of inquiries from outside; they name people, so that not everybody reads them."""

from typing import Final

from gateway.domain.roles import INQUIRY_READERS, REVIEWERS, Endpoint

_INQUIRIES = "/api/v1/inquiries"
_ONE = f"{_INQUIRIES}/{{inquiry_id}}"

INQUIRY_ENDPOINTS: Final = (
    Endpoint("GET", _INQUIRIES, INQUIRY_READERS, "list", "obligations", "What people outside ask about open source."),
    Endpoint("POST", _INQUIRIES, REVIEWERS, "submission", "obligations", "Record an inquiry."),
    Endpoint("GET", _ONE, INQUIRY_READERS, "list", "obligations", "One of them."),
    Endpoint("PATCH", _ONE, REVIEWERS, "list", "obligations", "Acknowledge it, answer it; assign it, comment."),
)
