"""Refuses a request whose head is ambiguous or too large, which the server below lets pass."""

from itertools import chain

from starlette.types import Scope

from shared.errors import LicetError, Malformed, OverLimit

_MOST_BYTES = 64 * 1024
_MOST_HEADERS = 200
_ONCE = (b"host", b"x-api-key", b"authorization", b"idempotency-key", b"content-type", b"content-encoding")


def fault_of_head(scope: Scope) -> tuple[LicetError | None, int]:
    """Return what is wrong with the head of a request, with a status: None if nothing is.

    It has exactly one `Host` (RFC 9112, §3.2), each header that decides something at most once, and a bounded size. Two
    of one kind are an attack on whoever reads the other one: a proxy in front, or a log. So are transfer codings that
    the one undoes and the other does not (§6.1).
    """
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if len(headers) > _MOST_HEADERS or sum(map(len, chain.from_iterable(headers))) > _MOST_BYTES:
        detail = f"A request has at most {_MOST_HEADERS} headers of {_MOST_BYTES:,} bytes together."
        return OverLimit(detail, limit="head-bytes"), 431
    names = [name for name, _ in headers]
    different = set(names)
    if len(different) < len(names):
        twice = [name.decode() for name in _ONCE if names.count(name) > 1]
        if twice:
            return Malformed(f"The header {twice[0]} is there more than once."), 400
    if b"transfer-encoding" in different and not _is_chunked(scope):
        return Malformed("The transfer coding is not `chunked`, or not of HTTP/1.1."), 400
    if b"host" not in different and scope.get("http_version") == "1.1":
        return Malformed("The header host is missing."), 400
    return None, 200


def _is_chunked(scope: Scope) -> bool:
    codings = [value for name, value in scope["headers"] if name == b"transfer-encoding"]
    return scope.get("http_version") == "1.1" and [each.strip().lower() for each in codings] == [b"chunked"]
