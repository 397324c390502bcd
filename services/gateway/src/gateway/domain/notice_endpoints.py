"""The endpoints of what notices are printed and signed by."""

from typing import Final

from gateway.domain.roles import EVERYONE, RELEASE_MANAGERS, REVIEWERS, Endpoint

_TEMPLATES = "/api/v1/notice-templates"


def _approvals(path: str, what: str) -> tuple[Endpoint, ...]:
    """The rows of something that OSPO or legal approve of a release."""
    place = f"/api/v1/releases/{{release_id}}/{path}"
    return (
        Endpoint("GET", place, EVERYONE, "release", "obligations", f"{what}, as it stands.", "obligations"),
        Endpoint("POST", place, REVIEWERS, "release", "obligations", f"{what}: file it.", "obligations"),
        Endpoint("DELETE", place, REVIEWERS, "release", "obligations", f"{what}: withdraw it."),
    )


NOTICE_ENDPOINTS: Final = (
    *_approvals("notice/approval", "The approval of its NOTICE"),
    *_approvals("outbound-ip-check", "The outbound IP check before it is public"),
    Endpoint(
        *("GET", "/api/v1/releases/{release_id}/notice/signature", EVERYONE, "release", "obligations"),
        summary="The signature of its final NOTICE.",
        after="obligations",
    ),
    Endpoint("GET", "/api/v1/notice-key", EVERYONE, "installation", "obligations", "The key that verifies signatures."),
    Endpoint("GET", _TEMPLATES, EVERYONE, "list", "obligations", "Headers and templates of a `project`."),
    Endpoint("GET", f"{_TEMPLATES}/{{kind}}", EVERYONE, "list", "obligations", "The source of one, in a `version`."),
    Endpoint(
        *("PUT", f"{_TEMPLATES}/{{kind}}", RELEASE_MANAGERS | REVIEWERS, "submission", "obligations"),
        summary="Its next version, for the notices of a `project`.",
    ),
)
