"""Many CI pipelines that send SBOMs at once, each again until its SBOM is accepted, as real ones do."""

import hashlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.support.licet import Licet
from tests.support.sboms import a_cyclonedx

_AT_A_TIME = 4
_SECONDS_TO_TRY = 180.0
_SECONDS_BETWEEN_TRIES = 0.1
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Accepted:
    """What a 2xx answer promised: this release, made of this document with these bytes; and in how many seconds."""

    release: str
    document: str
    sha256: str
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Refused:
    """A 5xx answer: after how many seconds it came, and after how many one may try again."""

    status: int
    seconds: float
    retry_after: float


class Burst:
    """SBOMs under way, each of a release of its own; `refused` are the 5xx answers that were tried again."""

    def __init__(self, sending: "list[Future[Accepted]]", refused: list[Refused], given_up: threading.Event) -> None:
        self._sending = sending
        self.refused = refused
        self._given_up = given_up

    def accepted_so_far(self) -> list[Accepted]:
        return [each.result() for each in self._sending if each.done() and each.exception() is None]

    def accepted(self) -> list[Accepted]:
        """All of them, once all are accepted; raises what went wrong with one that was refused."""
        return [each.result() for each in self._sending]

    def give_up(self) -> list[Accepted]:
        """Try no more; return what was accepted."""
        self._given_up.set()
        for each in self._sending:
            each.exception()
        return self.accepted_so_far()


@contextmanager
def pipelines(
    licet: Licet, sboms: int, document: Callable[[str], bytes] | None = None, seconds_between: float = 0.0
) -> Iterator[Burst]:
    """Send this many SBOMs in the background; none is under way any more when the context ends.

    `document` makes the SBOM of a project, else it is made of two components. Each is sent `seconds_between` after the one
    before it, or as soon as a pipeline is free.
    """
    given_up, refused = threading.Event(), list[Refused]()
    started = time.monotonic()
    with licet.client() as client, ThreadPoolExecutor(_AT_A_TIME) as pool:

        def send(number: int) -> Accepted:
            given_up.wait(started + number * seconds_between - time.monotonic())
            project = f"pipeline-{next(_numbers)}"
            return _send(client, project, (document or _of_two)(project), refused, given_up)

        sending = [pool.submit(send, number) for number in range(sboms)]
        try:
            yield Burst(sending, refused, given_up)
        finally:
            given_up.set()


def _of_two(project: str) -> bytes:
    return a_cyclonedx({"left-pad": "MIT", project: "Apache-2.0"}, root=project)


def _send(
    client: httpx.Client, project: str, body: bytes, refused: list[Refused], given_up: threading.Event
) -> Accepted:
    deadline = time.monotonic() + _SECONDS_TO_TRY
    while True:
        sent = time.monotonic()
        try:
            answer = client.post("/api/v1/sboms", params={"project": project, "version": "1"}, content=body)
            seconds = time.monotonic() - sent
            if not answer.is_server_error:
                return _promise(answer.raise_for_status(), body, seconds)
            refused.append(Refused(answer.status_code, seconds, float(answer.headers.get("retry-after", "inf"))))
            problem = answer.text
        except httpx.TransportError as error:
            problem = repr(error)
        if given_up.is_set() or time.monotonic() > deadline:
            raise TimeoutError(f"{project} was not accepted: {problem}")
        time.sleep(_SECONDS_BETWEEN_TRIES)


def _promise(answer: httpx.Response, body: bytes, seconds: float) -> Accepted:
    shown = answer.json()
    return Accepted(shown["release"]["id"], shown["document"]["id"], hashlib.sha256(body).hexdigest(), seconds)
