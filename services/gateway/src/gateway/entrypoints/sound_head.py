"""Refuses a request whose head is ambiguous or too large, which the server below lets pass."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.errors import LicetError, Malformed, OverLimit
from shared.web.problems import problem_response

_MOST_BYTES = 64 * 1024
_MOST_HEADERS = 200
_ONCE = (b"host", b"x-api-key", b"authorization", b"idempotency-key", b"content-type", b"content-encoding")


@dataclass(frozen=True, slots=True)
class SoundHead:
    """Asks for exactly one `Host` (RFC 9112, §3.2), each header that decides something at most once, and a bounded head.

    Two of one kind are an attack on whoever reads the other one: a proxy in front, or a log.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        fault, status = _fault_of(scope)
        if fault is None:
            await self.app(scope, receive, send)
        else:
            await problem_response(fault, scope["path"][:255], status)(scope, receive, send)


def _fault_of(scope: Scope) -> tuple[LicetError | None, int]:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    size = sum(len(name) + len(value) for name, value in headers)
    if size > _MOST_BYTES or len(headers) > _MOST_HEADERS:
        detail = f"A request has at most {_MOST_HEADERS} headers of {_MOST_BYTES:,} bytes together."
        return OverLimit(detail, limit="head-bytes"), 431
    names = [name for name, _ in headers]
    twice = [name.decode() for name in _ONCE if names.count(name) > 1]
    if twice:
        return Malformed(f"The header {twice[0]} is there more than once."), 400
    if scope.get("http_version") == "1.1" and b"host" not in names:
        return Malformed("The header host is missing."), 400
    return None, 200
