"""Calls from one service to another: signed with the internal principal, with timeouts, errors named by service."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import msgspec

from shared.clock import Clock
from shared.errors import (
    ErrorAt,
    InvalidInput,
    LicetError,
    NotFound,
    OverLimit,
    Saturated,
    TimedOut,
    Unavailable,
    Unreadable,
    UnsupportedEncoding,
)
from shared.observability import correlation
from shared.web.principal import HEADER, Principal, sign
from shared.web.problems import problem_type

# Asking again would change nothing; what else is not 200 may pass (a restart, another key during a roll-out).
_REFUSED_FOR_GOOD = (400, 405, 410, 422)
_USED_AGAIN_SECONDS = 10.0
_MOST_KNOWN = 10_000
Caller = TypeVar("Caller", bound=Hashable)
TIMEOUT = httpx.Timeout(30.0, connect=2.0, pool=5.0)


@dataclass(frozen=True, slots=True)
class Upstream:
    """Another service: its name, where it is, and what signs requests to it."""

    name: str
    client: httpx.AsyncClient
    internal_key: str
    clock: Clock

    async def get(self, path: str, caller: str) -> bytes:
        """Return the body of a GET as the service `caller`; raises NotFound, InvalidInput, Unavailable, TimedOut."""
        response = await self._send("GET", path, caller)
        if response.status_code == httpx.codes.NOT_FOUND:
            raise NotFound(f"{self.name} has nothing at {path}.")
        if response.status_code in _REFUSED_FOR_GOOD:
            raise InvalidInput(f"{self.name} refused {path} with {response.status_code}.")
        if not response.is_success:
            raise Unavailable(f"{self.name} answered {response.status_code}.", service=self.name)
        return response.content

    async def post(self, path: str, body: bytes, caller: str) -> bytes:
        """Return the answer to a POST as the service `caller`, which may arrive twice; raises the error that refuses it."""
        response = await self._send("POST", path, caller, body)
        if response.is_success:
            return response.content
        if response.status_code == httpx.codes.NOT_FOUND:
            raise NotFound(f"{self.name} has nothing at {path}.")
        refusal = error_of_problem(response.content)
        if refusal is None:
            raise Unavailable(f"{self.name} answered {response.status_code}.", service=self.name)
        raise refusal

    async def _send(self, method: str, path: str, caller: str, body: bytes | None = None) -> httpx.Response:
        principal = Principal(f"service:{caller}", [], ["*"])
        headers = signed_headers(principal, self.name, self.internal_key, self.clock)
        try:
            async with asyncio.timeout(TIMEOUT.read):  # in the same process there is no other
                return await self.client.request(method, path, headers=headers, content=body)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise TimedOut(f"{self.name} did not answer in time.", service=self.name) from error
        except httpx.TransportError as error:
            raise Unavailable(f"{self.name} cannot be reached.", service=self.name) from error


def signed_headers(principal: Principal, service: str, key: str, clock: Clock) -> dict[str, str]:
    """Return the headers that carry the principal and the request's identity to the service."""
    return {HEADER: sign(principal, service, key, clock.now())} | _identity()


def _identity() -> dict[str, str]:
    request_id, traceparent = correlation()
    return {"x-request-id": request_id} | ({"traceparent": traceparent} if traceparent else {})


class Signer:
    """`signed_headers` for whoever asks much, as pairs of bytes: a signature serves for ten of its sixty seconds."""

    def __init__(self, key: str, clock: Clock) -> None:
        self._key = key
        self._clock = clock
        self._known: dict[tuple[str, Hashable], tuple[float, tuple[bytes, bytes]]] = {}

    def __call__(
        self, service: str, caller: Caller, principal_of: Callable[[Caller], Principal]
    ) -> list[tuple[bytes, bytes]]:
        """Return the headers for a request to the service, for the principal of the caller."""
        moment = self._clock.now()
        now = moment.timestamp()
        at, header = self._known.get((service, caller), (0.0, (b"", b"")))
        if not 0 <= now - at < _USED_AGAIN_SECONDS:
            header = HEADER.encode(), sign(principal_of(caller), service, self._key, moment).encode()
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[service, caller] = now, header
        return [header, *((name.encode(), value.encode()) for name, value in _identity().items())]


def error_of_problem(body: bytes) -> LicetError | None:
    """Return the error that a problem tells, for those that blame a document or the moment; None for any other."""
    try:
        told = msgspec.json.decode(body, type=_Problem)
    except msgspec.MsgspecError:
        return None
    kind = _TOLD_AGAIN.get(told.type)
    if kind is None:
        return None
    places = tuple(ErrorAt(each.pointer, each.message) for each in told.errors)
    return kind(told.detail, errors=places, limit=told.limit, retry_after=10 if kind is Saturated else None)


class _Place(msgspec.Struct):
    pointer: str
    message: str


class _Problem(msgspec.Struct):
    type: str
    detail: str
    errors: list[_Place] = []
    limit: str | None = None


_TOLD_AGAIN = {
    problem_type(each.code): each for each in (Unreadable, OverLimit, UnsupportedEncoding, InvalidInput, Saturated)
}


def http_client(url: str, app: Any = None) -> httpx.AsyncClient:
    """Return a client for the service at `url`, or for `app` in this process."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False) if app is not None else None
    return httpx.AsyncClient(base_url=url, transport=transport, timeout=TIMEOUT, trust_env=False)
