"""The header that a change names the state by which it changes."""

from fastapi import Request

from shared.errors import PreconditionRequired


def if_match_of(request: Request, what: str) -> str:
    """Return the header `If-Match`; raises PreconditionRequired. `what` is changed."""
    if_match = request.headers.get("if-match")
    if not if_match:
        raise PreconditionRequired(f"Send the {what}'s `etag` as If-Match, so that no other change is lost.")
    return if_match
