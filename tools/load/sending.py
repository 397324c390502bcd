"""Sends SBOMs as pipelines do, and says how long each waited."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from tests.support.licet import Licet

_ALL_DONE = {"ingested": "done", "evaluated": "done", "obligations": "done"}
_SECONDS = 130.0
_SHARES = (0.5, 0.95, 0.99)

Send = Callable[[str, bytes], float]


@contextmanager
def sender(licet: Licet) -> Iterator[httpx.Client]:
    """A client that keeps its connections and checks nothing of the answers, to be shared by threads."""
    headers = {"X-Api-Key": licet.admin_key}
    with httpx.Client(base_url=licet.url, headers=headers, timeout=_SECONDS, trust_env=False) as client:
        yield client


def accept(client: httpx.Client, project: str, document: bytes) -> None:
    """Send the document and wait for its 202."""
    client.post("/api/v1/sboms", params={"project": project, "version": "1"}, content=document).raise_for_status()


def to_verdict(client: httpx.Client, project: str, document: bytes) -> float:
    """Send the document, wait until all stages are done; return the seconds. Raises RuntimeError if one was not."""
    started = time.monotonic()
    query = {"project": project, "version": "1", "wait": "120"}
    answer = client.post("/api/v1/sboms", params=query, content=document)
    if answer.is_error or answer.json()["stages"] != _ALL_DONE:
        raise RuntimeError(f"{project}: {answer.status_code} {answer.text[:2000]}")
    return time.monotonic() - started


def at_once(senders: int, send: Callable[[int], float], count: int) -> list[float]:
    """Call `send` with 0 … count - 1, so many at a time; return the seconds of each, sorted."""
    with ThreadPoolExecutor(senders) as pool:
        return sorted(pool.map(send, range(count)))


def percentiles(seconds: Sequence[float]) -> list[float]:
    """The seconds at 50, 95 and 99 % of the sorted sequence."""
    return [seconds[min(len(seconds) - 1, int(len(seconds) * share))] for share in _SHARES]
