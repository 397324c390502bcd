"""Passes a request on to a service and its answer back, streaming both ways.

Nothing of the caller's headers goes on but what is listed here; the service learns who calls from the signed principal.
"""

from collections.abc import AsyncIterator, Mapping

import httpx
from fastapi import Request
from starlette.responses import Response, StreamingResponse

from gateway.domain.access import Caller
from shared.errors import TimedOut, Unavailable
from shared.web.principal import Principal
from shared.web.upstream import Upstream

_PASSED_ON = ("accept", "content-type", "content-encoding", "content-length", "if-match", "if-none-match")
_PASSED_BACK = (
    "content-type",
    "content-length",
    "content-disposition",
    "etag",
    "digest",
    "location",
    "retry-after",
    "cache-control",
    "vary",
    "x-notice-status",
)


class Relay:
    """The services behind the gateway, by name."""

    def __init__(self, upstreams: Mapping[str, Upstream]) -> None:
        self._upstreams = upstreams

    async def open(self, service: str, request: Request, caller: Caller, path: str) -> httpx.Response:
        """Send the request on to `path` of the service; return its answer, whose body is still to be read."""
        upstream = self._upstreams[service]
        outgoing = upstream.client.build_request(
            request.method,
            httpx.URL(path, query=request.scope["query_string"] or None),
            headers=self._headers(upstream, request, caller),
            content=_body(request) if request.method in ("POST", "PUT", "PATCH") else None,
        )
        try:
            return await upstream.client.send(outgoing, stream=True)
        except httpx.TimeoutException as error:
            raise TimedOut(f"{service} did not answer in time.", service=service) from error
        except httpx.TransportError as error:
            raise Unavailable(f"{service} cannot be reached.", service=service, retry_after=2) from error

    async def __call__(self, service: str, request: Request, caller: Caller, path: str) -> Response:
        """Return the service's answer to the request, as a stream."""
        answer = await self.open(service, request, caller, path)
        return StreamingResponse(_closing(answer), answer.status_code, headers_back(answer))

    def _headers(self, upstream: Upstream, request: Request, caller: Caller) -> dict[str, str]:
        principal = Principal(caller.subject, sorted(caller.roles), list(caller.projects))
        passed = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        return passed | upstream.headers_for(principal)


def headers_back(answer: httpx.Response) -> dict[str, str]:
    """Return those headers of a service's answer that the caller may see."""
    return {name: answer.headers[name] for name in _PASSED_BACK if name in answer.headers}


async def _body(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk


async def _closing(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()
