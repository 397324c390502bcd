"""The endpoints of what notices are printed and signed by."""

from typing import Final

from gateway.domain.roles import EVERYONE, RELEASE_MANAGERS, REVIEWERS, Endpoint

_TEMPLATES = "/api/v1/notice-templates"

NOTICE_ENDPOINTS: Final = (
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
