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

from gateway.application.services import Answered, Asked, Headers, Service
from gateway.domain.access import Caller
from gateway.domain.patience import seconds_for
from gateway.entrypoints.audited import Noted
from shared.errors import BadAnswer, InvalidInput
from shared.web.basis import BASIS_HEADER, read_basis
from shared.web.principal import Principal

_PASSED_ON = frozenset({b"accept", b"if-match", b"if-none-match"})
_PASSED_ON_WITH_BODY = _PASSED_ON | {b"content-type", b"content-encoding"}
_PASSED_BACK = frozenset(
    {
        b"content-type",
        b"content-length",
        b"content-disposition",
        b"etag",
        b"digest",
        b"location",
        b"retry-after",
        b"cache-control",
        b"vary",
        b"x-notice-status",
        b"x-notice-key",
    }
)
_WITH_BODY = ("POST", "PUT", "PATCH")
_IDENTITY = (b"accept-encoding", b"identity")
_PASSABLE = re.compile(r'[!"$-~]{1,65536}')
Sign = Callable[[str, Caller, Callable[[Caller], Principal]], Headers]
"""The headers that tell a service who asks and in which request: of the service's name, and of who calls as what."""


class Passed(Protocol):
    """What is passed on: a request that was let in."""

    @property
    def request(self) -> Request: ...

    @property
    def caller(self) -> Caller: ...

    @property
    def noted(self) -> Noted: ...


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
        has_body = request.method in _WITH_BODY
        asked = Asked(
            request.method,
            _target(path, request.scope["query_string"] if query is None else query),
            [*_passed_on(request, has_body), *self._sign(service, visit.caller, _principal_of)],
            seconds_for(request.method, path),
            request.receive if has_body else None,
            _length(request) if has_body else None,
        )
        answer = await self._services[service].ask(asked)
        if request.method != "GET":
            visit.noted.basis = read_basis(dict(answer.headers).get(BASIS_HEADER))
        if _is_for_the_caller(answer):
            return answer
        answer.close()
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
    response = Response(answer.content, answer.status_code)
    response.raw_headers += [each for each in _headers_back(answer) if each[0] != b"content-length"]
    return response


class _Stream(Response):
    """An answer that is passed back as it comes, as long as somebody takes it."""

    def __init__(self, answer: Answered) -> None:
        # Not by way of Starlette's own, which would add the length of an empty body.
        self.status_code = answer.status_code
        self.raw_headers = _headers_back(answer)
        self.background = None
        self.body = b""
        self._answer = answer

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        pieces = self._answer.pieces
        try:
            piece = await pieces.next()
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            if pieces.at_end:
                await send({"type": "http.response.body", "body": piece})
            else:  # a long one, for which it pays to know whether the caller is still there
                await self._long(piece, receive, send)
        finally:
            pieces.close()

    async def _long(self, piece: bytes, receive: Receive, send: Send) -> None:
        gone = asyncio.Event()
        watching = asyncio.create_task(_watch(receive, gone))
        try:
            while piece and not gone.is_set():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await self._answer.pieces.next()
            if not piece:
                await send({"type": "http.response.body", "body": b""})
        finally:
            watching.cancel()


async def _watch(receive: Receive, gone: asyncio.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    gone.set()


def _principal_of(caller: Caller) -> Principal:
    return Principal(caller.subject, sorted(caller.roles), list(caller.projects))


def _headers_back(answer: Answered) -> Headers:
    return [each for each in answer.headers if each[0] in _PASSED_BACK]


def _passed_on(request: Request, has_body: bool) -> Headers:
    names = _PASSED_ON_WITH_BODY if has_body else _PASSED_ON
    return [*(each for each in request.scope["headers"] if each[0] in names), _IDENTITY]


def _length(request: Request) -> int | None:
    """Return the bytes of the body, None where the request does not say so."""
    said = next((value for name, value in request.scope["headers"] if name == b"content-length"), b"")
    return int(said) if said.isdigit() else None


def _target(path: str, query: bytes) -> str:
    target = f"{path}?{query.decode('latin-1')}" if query else path
    if not _PASSABLE.fullmatch(target):
        raise InvalidInput("The query cannot be passed on: it is too long or not percent-encoded.")
    return target


def _is_for_the_caller(answer: Answered) -> bool:
    # 401: the service does not know this gateway, which says nothing about the caller's key. A redirect: to inside.
    status = answer.status_code
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return True
    headers = dict(answer.headers)
    if status == HTTPStatus.UNAUTHORIZED or (status < HTTPStatus.BAD_REQUEST and b"location" in headers):
        return False
    explained = headers.get(b"content-type", b"").startswith(b"application/problem+json")
    return explained or status < HTTPStatus.INTERNAL_SERVER_ERROR
