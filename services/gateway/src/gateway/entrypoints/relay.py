"""Passes a request on to a service and its answer back, streaming both ways.

Nothing of the caller's headers goes on but what is listed here; the service learns who calls from the signed principal.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.application.services import Answered, Asked, Service
from gateway.domain.access import Caller
from gateway.domain.patience import seconds_for
from shared.errors import BadAnswer, InvalidInput
from shared.web.principal import Principal

_PASSED_ON = (b"accept", b"if-match", b"if-none-match")
_PASSED_ON_WITH_BODY = (*_PASSED_ON, b"content-type", b"content-encoding", b"content-length")
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
    "x-notice-key",
)
_PASSABLE = re.compile(r'[!"$-~]{1,65536}')
Sign = Callable[[str, Caller, Callable[[Caller], Principal]], dict[str, str]]
"""The headers that tell a service who asks and in which request: of the service's name, and of who calls as what."""


class Passed(Protocol):
    """What is passed on: a request that was let in."""

    @property
    def request(self) -> Request: ...

    @property
    def caller(self) -> Caller: ...


class Relay:
    """The services behind the gateway, by name."""

    def __init__(self, services: Mapping[str, Service], sign: Sign) -> None:
        self._services = services
        self._sign = sign

    async def open(self, service: str, visit: Passed, path: str, query: bytes | None = None) -> Answered:
        """Send the request on to `path` of the service, with its own query or that one; return its answer, still to be read.

        Raises Unavailable, also for an answer that is of no use to the caller: see `_is_for_the_caller`.
        """
        request = visit.request
        has_body = request.method in ("POST", "PUT", "PATCH")
        asked = Asked(
            request.method,
            _target(path, request.scope["query_string"] if query is None else query),
            _headers(request, has_body) | self._sign(service, visit.caller, _principal_of),
            seconds_for(request.method, path),
            request.receive if has_body else None,
        )
        answer = await self._services[service].ask(asked)
        if _is_for_the_caller(answer):
            return answer
        await answer.close()
        told = f"{service} gave no answer for a caller, but {answer.status_code}."
        raise BadAnswer(told, service=service, retry_after=2)

    async def read(self, service: str, visit: Passed, path: str, query: bytes | None = None) -> Answered:
        """Return the service's whole answer to the request, with its own query or that one."""
        answer = await self.open(service, visit, path, query)
        await answer.read()
        return answer

    async def __call__(self, service: str, visit: Passed, path: str, query: bytes | None = None) -> Response:
        """Return the service's answer to the request, with its own query or that one, as a stream."""
        return _Stream(await self.open(service, visit, path, query))


def passed_back(answer: Answered) -> Response:
    """Return a service's whole answer as the caller may see it."""
    return Response(answer.content, answer.status_code, _headers_back(answer))


class _Stream(Response):
    """An answer that is passed back as it comes, as long as somebody takes it."""

    def __init__(self, answer: Answered) -> None:
        # Not by way of Starlette's own, which would add the length of an empty body.
        self.status_code = answer.status_code
        self.raw_headers = [(name.encode(), value.encode("latin-1")) for name, value in _headers_back(answer).items()]
        self.background = None
        self.body = b""
        self._answer = answer

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.Event()
        watching: asyncio.Task[None] | None = None
        last: bytes | None = None
        try:
            async for piece in self._answer.pieces:
                if last is None:
                    await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                else:  # a long one, for which it pays to know whether the caller is still there
                    watching = watching or asyncio.create_task(_watch(receive, gone))
                    await send({"type": "http.response.body", "body": last, "more_body": True})
                if gone.is_set():
                    return
                last = piece
            if last is None:
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": last or b""})
        finally:
            if watching is not None:
                watching.cancel()
            await self._answer.close()


async def _watch(receive: Receive, gone: asyncio.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    gone.set()


def _principal_of(caller: Caller) -> Principal:
    return Principal(caller.subject, sorted(caller.roles), list(caller.projects))


def _headers_back(answer: Answered) -> dict[str, str]:
    return {name: answer.headers[name] for name in _PASSED_BACK if name in answer.headers}


def _headers(request: Request, has_body: bool) -> dict[str, str]:
    passed_on = _PASSED_ON_WITH_BODY if has_body else _PASSED_ON
    known = {name: value for name, value in request.scope["headers"] if name in passed_on}
    return {name.decode(): value.decode("latin-1") for name, value in known.items()} | {"accept-encoding": "identity"}


def _target(path: str, query: bytes) -> str:
    target = f"{path}?{query.decode('latin-1')}" if query else path
    if not _PASSABLE.fullmatch(target):
        raise InvalidInput("The query cannot be passed on: it is too long or not percent-encoded.")
    return target


def _is_for_the_caller(answer: Answered) -> bool:
    # 401: the service does not know this gateway, which says nothing about the caller's key. A redirect: to inside.
    is_redirect = 300 <= answer.status_code < 400 and "location" in answer.headers
    if answer.status_code == HTTPStatus.UNAUTHORIZED or is_redirect:
        return False
    explained = answer.headers.get("content-type", "").startswith("application/problem+json")
    return explained or answer.status_code < 500
