"""Changes of what the caller has read, and of nothing else."""

from shared.errors import PreconditionFailed


def check_match(if_match: str, etag: str, what: str) -> None:
    """Raise PreconditionFailed unless the header `If-Match` names this ETag, or `*`; `what` is changed."""
    given = {each.strip().removeprefix("W/").strip('"') for each in if_match.split(",")}
    if not given & {etag, "*"}:
        raise stale(what)


def stale(what: str) -> PreconditionFailed:
    """Return the error for a change of what is not as it was read."""
    return PreconditionFailed(f"The {what} was changed since it was read: read it again, then repeat the change.")
