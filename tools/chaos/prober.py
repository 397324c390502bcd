"""Asks Licet at a steady rate, as a monitor outside of it does, and says what share was answered.

A probe is a GET with an API key over a connection of its own. It is *available* if it is answered 200 within ten seconds;
all else is not: a connection that is refused or reset, another status, no answer in time. Probes are sent when they are
due, whether those before them have been answered or not, so that an outage is counted for as long as it lasts.

Beside it stands what the usual client sees, which asks again: a probe that was not answered 200 is repeated every second,
until ten seconds are over since it was first sent.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

SECONDS_BETWEEN = 0.2
SECONDS_TO_ANSWER = 10.0
_SECONDS_BEFORE_AGAIN = 1.0
_ANSWERED = "200"


@dataclass(frozen=True)
class Probe:
    """One question: when it was sent (`time.monotonic`), what came of it, in how many seconds.

    `outcome` is a status or the name of an error; `again` that of the last repetition.
    """

    sent: float
    path: str
    outcome: str
    seconds: float
    again: str

    @property
    def available(self) -> bool:
        return self.outcome == _ANSWERED

    @property
    def available_to_who_asks_again(self) -> bool:
        return self.again == _ANSWERED


class Prober:
    """Sends a probe every `SECONDS_BETWEEN`, to one of the paths after the other."""

    def __init__(self, url: str, key: str, paths: Sequence[str]) -> None:
        self._url, self._key, self._paths = url, key, paths
        self._ended = threading.Event()
        self.probes: list[Probe] = []

    @contextmanager
    def running(self) -> Iterator["Prober"]:
        """Probe in a thread of its own; all probes are answered or timed out when the context has ended."""
        thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            thread.join()

    async def _run(self) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        headers = {"X-Api-Key": self._key}
        started, under_way, number = time.monotonic(), set[asyncio.Task[None]](), 0
        async with httpx.AsyncClient(
            base_url=self._url, headers=headers, limits=limits, timeout=None, trust_env=False
        ) as client:
            while not self._ended.is_set():
                task = asyncio.create_task(self._probe(client, self._paths[number % len(self._paths)]))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                number += 1
                await asyncio.sleep(started + number * SECONDS_BETWEEN - time.monotonic())
            await asyncio.gather(*under_way)

    async def _probe(self, client: httpx.AsyncClient, path: str) -> None:
        sent = time.monotonic()
        outcome = again = await _outcome(client, path, SECONDS_TO_ANSWER)
        seconds = time.monotonic() - sent
        while again != _ANSWERED and (left := sent + SECONDS_TO_ANSWER - time.monotonic()) > _SECONDS_BEFORE_AGAIN:
            await asyncio.sleep(_SECONDS_BEFORE_AGAIN)
            again = await _outcome(client, path, left - _SECONDS_BEFORE_AGAIN)
        self.probes.append(Probe(sent, path, outcome, seconds, again))


async def _outcome(client: httpx.AsyncClient, path: str, seconds: float) -> str:
    try:
        async with asyncio.timeout(seconds):
            return str((await client.get(path)).status_code)
    except (httpx.TransportError, TimeoutError) as error:
        return type(error).__name__


def shares(probes: Sequence[Probe]) -> str:
    """Return what share was available, to who asks once and to who asks again, in words."""
    once = sum(each.available for each in probes) / len(probes)
    again = sum(each.available_to_who_asks_again for each in probes) / len(probes)
    missed = Counter(each.outcome for each in probes if not each.available)
    told = ", ".join(f"{times} {outcome}" for outcome, times in missed.most_common()) or "none"
    return f"{once:.3%} available, {again:.3%} to who asks again, of {len(probes)} probes; missed: {told}"
