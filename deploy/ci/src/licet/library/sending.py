"""Sends requests, again where that is safe, and never beyond a deadline.

Safe: whatever did not reach the server; a GET; a POST, which carries one Idempotency-Key over all its tries; and any
request that the server says it has not begun (429).
"""

import random
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, Final

import httpx
import msgspec

from licet.library.faults import DeadlinePassed, Fault, Interrupted, Problem, Refused, Unreachable

_AGAIN: Final = frozenset({429, 502, 503, 504})
_CONFLICT: Final = 409
_UNTOUCHED: Final = 429
_LONGEST_PAUSE: Final = 60.0
_GRACE: Final = 30.0
"""Seconds that an answer may take beside those that the server was asked to wait."""

Body = Callable[[], AbstractContextManager[Any]]


class Deadline:
    """A moment until which somebody waits; None = for ever."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until then, 0 when it has passed."""
        return float("inf") if self._end is None else max(0.0, self._end - time.monotonic())

    def passed(self, what: str) -> DeadlinePassed:
        """The error of who waited in vain."""
        to_do = "Give it more time with --timeout, or ask again later: nothing is lost."
        return DeadlinePassed(f"{what} within {self.seconds:g} seconds.", to_do=to_do)


@dataclass(frozen=True, slots=True)
class Call:
    """A request of the API. `path` is percent-encoded; `body` opens what is sent, once for every try."""

    method: str
    path: str
    parameters: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Body = nullcontext
    wait: float = 0.0

    @property
    def is_repeatable(self) -> bool:
        """Whether it does no harm to send it again when nobody knows what became of it."""
        return self.method in ("GET", "POST")


class Sender:
    """Sends calls; `tries` is how often at most."""

    def __init__(self, http: httpx.Client, tries: int, pause: Callable[[float], None]) -> None:
        self._http, self._tries, self._pause = http, tries, pause

    def send(self, call: Call, deadline: Deadline) -> httpx.Response:
        """Return the answer of a call that succeeded; raises Fault."""
        if call.method == "POST":
            call = replace(call, headers={"Idempotency-Key": str(uuid.uuid4())} | call.headers)
        number = 1
        while True:
            outcome = self._once(call, deadline)
            if isinstance(outcome, httpx.Response) and outcome.is_success:
                return outcome
            pause = self._pause_before_next(call, outcome, number)
            if pause is None:
                raise _fault(outcome, call)
            if pause >= deadline.left:
                raise deadline.passed(f"No answer to {call.method} {call.path}") from _fault(outcome, call)
            self._pause(pause)
            number += 1

    def _once(self, call: Call, deadline: Deadline) -> httpx.Response | httpx.TransportError:
        if deadline.left <= 0:
            raise deadline.passed(f"{call.method} {call.path} was not answered")
        seconds = min(call.wait + _GRACE, deadline.left)
        timeout = httpx.Timeout(seconds, connect=min(10.0, seconds))
        try:
            with call.body() as content:
                return self._http.request(
                    call.method,
                    call.path,
                    params=call.parameters,
                    headers=call.headers,
                    content=content,
                    timeout=timeout,
                )
        except httpx.TransportError as error:
            if isinstance(error, httpx.TimeoutException) and deadline.left <= 0:
                raise deadline.passed(f"{call.method} {call.path} was not answered") from error
            return error

    def _pause_before_next(
        self, call: Call, outcome: httpx.Response | httpx.TransportError, number: int
    ) -> float | None:
        """Seconds until the next try, None where there is none."""
        if number >= self._tries or not _may_repeat(call, outcome):
            return None
        # Half of it by chance, so that clients which failed together do not come back together.
        pause = min(2.0 ** (number - 1), 8.0) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        if isinstance(outcome, httpx.Response):
            pause = max(pause, _seconds(outcome.headers.get("retry-after")))
        return min(pause, _LONGEST_PAUSE)


def _may_repeat(call: Call, outcome: httpx.Response | httpx.TransportError) -> bool:
    if isinstance(outcome, httpx.Response):
        if outcome.status_code == _CONFLICT:  # the first request under this Idempotency-Key still runs
            return call.method == "POST" and "retry-after" in outcome.headers
        return outcome.status_code == _UNTOUCHED or (call.is_repeatable and outcome.status_code in _AGAIN)
    if isinstance(outcome, httpx.ConnectError | httpx.ConnectTimeout):
        return "certificate" not in str(outcome).lower()
    return call.is_repeatable and not isinstance(outcome, httpx.UnsupportedProtocol)


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isdecimal() else 0.0


def _fault(outcome: httpx.Response | httpx.TransportError, call: Call) -> Fault:
    where = f"{call.method} {call.path}"
    if isinstance(outcome, httpx.Response):
        return Refused(_problem(outcome), where, outcome.headers.get("x-request-id"))
    if isinstance(outcome, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol | httpx.ProxyError):
        to_do = "Check LICET_URL, the network and, where there is one, the proxy (HTTPS_PROXY, NO_PROXY)."
        return Unreachable(f"The server cannot be reached: {outcome}", where=where, to_do=to_do)
    told = str(outcome) or type(outcome).__name__
    return Interrupted(f"The connection broke off: {told}", where=where, to_do="Try again.")


def _problem(response: httpx.Response) -> Problem:
    """The problem that the answer states; of an answer that states none, one made from its status."""
    try:
        return msgspec.json.decode(response.content, type=Problem)
    except msgspec.MsgspecError:
        address = response.headers.get("location")
        detail = (
            f"it points to {address}" if address else "no answer of Licet; is LICET_URL the address of its gateway?"
        )
        title = f"HTTP {response.status_code} {response.reason_phrase}".strip()
        return Problem(title=title, status=response.status_code, detail=detail)
