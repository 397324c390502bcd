"""Answers a POST under an `Idempotency-Key` once, and its repetitions with the first answer."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message

from gateway.application.idempotency import Idempotency, KeptAnswer, own_key
from gateway.domain.access import Caller, Endpoint
from shared.errors import Conflict

_NOT_KEPT = ("x-request-id", "content-length", "date")


@dataclass(frozen=True, slots=True)
class Repeated:
    """Wraps the answering of a request."""

    idempotency: Idempotency

    async def __call__(
        self, request: Request, caller: Caller, endpoint: Endpoint, answer: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Return the answer to the request, the kept one if it is a repetition."""
        key = request.headers.get("idempotency-key")
        if request.method != "POST" or key is None:
            return await answer(request)
        line = f"{request.method} {request.scope['path']}?{request.scope['query_string'].decode('latin-1')}"
        first = _First(own_key(caller.subject, key), _digest(line.encode()), endpoint.answers_with_secret)
        known = await self.idempotency.begin(first.key, first.line)
        body = _HashedBody(request)
        if known is not None:
            return _replayed(self.idempotency.replay(known, await body.finished()))
        return await self._first(first, body, answer)

    async def _first(
        self, first: "_First", body: "_HashedBody", answer: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        try:
            response = await _whole(await answer(body.request))
            kept = _kept_of(response)
            await self.idempotency.finish(first.key, first.line, await body.finished(), kept, secret=first.secret)
        except BaseException:
            await self.idempotency.abandon(first.key)
            raise
        return response


@dataclass(frozen=True, slots=True)
class _First:
    """The first request under a key: the digests of key and request line, and whether its answer holds a secret."""

    key: str
    line: str
    secret: bool


class _HashedBody:
    """A request whose body is digested while it is read."""

    def __init__(self, request: Request) -> None:
        self._receive = request.receive
        self._digest = hashlib.sha256()
        self._ended = False
        self.request = Request(request.scope, self._hashed)

    async def _hashed(self) -> Message:
        message = await self._receive()
        self._digest.update(message.get("body", b""))
        self._ended = self._ended or message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def finished(self) -> str:
        """Return the digest of the whole body, reading what nobody has read."""
        while not self._ended:
            await self._hashed()
        return self._digest.hexdigest()


async def _whole(response: Response) -> Response:
    if not isinstance(response, StreamingResponse):
        return response
    chunks = [chunk if isinstance(chunk, bytes) else bytes(chunk) async for chunk in response.body_iterator]  # type: ignore[arg-type]  # our streams give bytes
    return Response(b"".join(chunks), response.status_code, _headers(response))


def _headers(response: Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in _NOT_KEPT}


def _kept_of(response: Response) -> KeptAnswer:
    return KeptAnswer(response.status_code, _headers(response), bytes(response.body))


def _replayed(answer: KeptAnswer | None) -> Response:
    if answer is None:
        raise Conflict("This request was answered already, with a secret that is shown once and not kept.")
    return Response(answer.body, answer.status, answer.headers | {"Idempotency-Replayed": "true"})


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
