"""Passes a request on to a service and its answer back, streaming both ways.

Nothing of the caller's headers goes on but what is listed here; the service learns who calls from the signed principal.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager

import httpx
from fastapi import Request
from starlette.responses import Response, StreamingResponse

from gateway.domain.access import Caller
from shared.errors import InvalidInput, TimedOut, Unavailable
from shared.web.principal import Principal
from shared.web.upstream import Upstream

_PASSED_ON = ("accept", "if-match", "if-none-match")
_PASSED_ON_WITH_BODY = (*_PASSED_ON, "content-type", "content-encoding", "content-length")
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

    async def open(
        self, service: str, request: Request, caller: Caller, path: str, query: bytes | None = None
    ) -> httpx.Response:
        """Send the request on to `path` of the service, with its own query or that one; return its answer, still to be read.

        Raises Unavailable, also for an answer that is of no use to the caller: see `_is_for_the_caller`.
        """
        upstream = self._upstreams[service]
        has_body = request.method in ("POST", "PUT", "PATCH")
        outgoing = upstream.client.build_request(
            request.method,
            _address(path, request.scope["query_string"] if query is None else query),
            headers=_headers(upstream, request, caller, _PASSED_ON_WITH_BODY if has_body else _PASSED_ON),
            content=_body(request) if has_body else None,
        )
        with _failures_named(service):
            answer = await upstream.client.send(outgoing, stream=True)
        if _is_for_the_caller(answer):
            return answer
        await answer.aclose()
        raise Unavailable(f"{service} gave no answer for a caller, but {answer.status_code}.", service=service)

    async def read(
        self, service: str, request: Request, caller: Caller, path: str, query: bytes | None = None
    ) -> httpx.Response:
        """Return the service's whole answer to the request, with its own query or that one."""
        answer = await self.open(service, request, caller, path, query)
        try:
            with _failures_named(service):
                await answer.aread()
        finally:
            await answer.aclose()
        return answer

    async def __call__(
        self, service: str, request: Request, caller: Caller, path: str, query: bytes | None = None
    ) -> Response:
        """Return the service's answer to the request, with its own query or that one, as a stream."""
        answer = await self.open(service, request, caller, path, query)
        return StreamingResponse(_closing(service, answer), answer.status_code, _headers_back(answer))


def passed_back(answer: httpx.Response) -> Response:
    """Return a service's whole answer as the caller may see it."""
    return Response(answer.content, answer.status_code, _headers_back(answer))


def _headers_back(answer: httpx.Response) -> dict[str, str]:
    return {name: answer.headers[name] for name in _PASSED_BACK if name in answer.headers}


def _headers(upstream: Upstream, request: Request, caller: Caller, passed_on: tuple[str, ...]) -> dict[str, str]:
    principal = Principal(caller.subject, sorted(caller.roles), list(caller.projects))
    passed = {name: request.headers[name] for name in passed_on if name in request.headers}
    return passed | {"accept-encoding": "identity"} | upstream.headers_for(principal)


def _address(path: str, query: bytes) -> httpx.URL:
    try:
        return httpx.URL(path, query=query or None)
    except (httpx.InvalidURL, UnicodeDecodeError) as error:
        raise InvalidInput("The query cannot be passed on: it is too long or not percent-encoded.") from error


def _is_for_the_caller(answer: httpx.Response) -> bool:
    # 401: the service does not know this gateway, which says nothing about the caller's key. A redirect: to inside.
    if answer.status_code == httpx.codes.UNAUTHORIZED or answer.has_redirect_location:
        return False
    explained = answer.headers.get("content-type", "").startswith("application/problem+json")
    return explained or answer.status_code < 500


@contextmanager
def _failures_named(service: str) -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException as error:
        raise TimedOut(f"{service} did not answer in time.", service=service) from error
    except httpx.TransportError as error:
        raise Unavailable(f"{service} cannot be reached.", service=service, retry_after=2) from error


async def _body(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk


async def _closing(service: str, answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        with _failures_named(service):
            async for chunk in answer.aiter_raw():
                yield chunk
    finally:
        await answer.aclose()
