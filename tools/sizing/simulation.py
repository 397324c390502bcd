"""A discrete-event simulation of work that goes from station to station, such as an SBOM from the gateway to the NOTICE.

A station has so many servers (processes, connections, readers) and takes work in the order of its arrival. Where the
stations share a machine, whoever is served holds one of its cores as well. All times are seconds.
"""

import heapq
import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count as numbers


@dataclass(frozen=True, slots=True)
class Step:
    """CPU seconds at a station."""

    station: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Site:
    """How many servers each station has, and how many cores they share (None: each has its own).

    `speed` of a core is beside the one on which the steps were measured.
    """

    servers: Mapping[str, int]
    cores: int | None = None
    speed: float = 1.0


@dataclass(slots=True)
class Served:
    """One piece of work: when it came and ended, and how many waited at each station that it entered, itself not counted."""

    steps: Sequence[Step]
    began: float
    ended: float = 0.0
    ahead: dict[str, int] = field(default_factory=dict)
    at: int = 0

    @property
    def seconds(self) -> float:
        return self.ended - self.began


def open_load(site: Site, rate: float, work: Iterable[Sequence[Step]], seed: int = 1) -> list[Served]:
    """Serve work that comes at random, `rate` a second on average (a Poisson process), whether or not it is kept up with."""
    dice, run, moment = random.Random(seed), _Run(site), 0.0
    for steps in work:
        moment += dice.expovariate(rate)
        run.bring(Served(steps, moment))
    return list(run.ended(lambda _: None))


def closed_load(site: Site, senders: int, work: Iterable[Sequence[Step]]) -> list[Served]:
    """Serve work of so many senders, each of which waits for the end of one piece before it brings the next."""
    left, run = iter(work), _Run(site)

    def bring_next(now: float) -> None:
        if (steps := next(left, None)) is not None:
            run.bring(Served(steps, now))

    for _ in range(senders):
        bring_next(0.0)
    return list(run.ended(bring_next))


class _Run:
    """The course of one simulation. `None` is the queue for a core."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._free: dict[str | None, float] = {name: float(count) for name, count in site.servers.items()}
        self._free[None] = float("inf") if site.cores is None else site.cores
        self._waiting: dict[str | None, deque[Served]] = {each: deque() for each in self._free}
        self._events: list[tuple[float, int, Served, bool]] = []
        self._order = numbers()
        self._now = 0.0

    def bring(self, work: Served) -> None:
        self._plan(work.began, work, is_end=False)

    def ended(self, then: Callable[[float], None]) -> Iterator[Served]:
        """Let time pass; yield what has ended, in that order. `then` is told the time of each end."""
        while self._events:
            self._now, _, work, is_end = heapq.heappop(self._events)
            if is_end:
                self._leave(work)
            if work.at < len(work.steps):
                self._enter(work)
            else:
                work.ended = self._now
                then(self._now)
                yield work

    def _plan(self, moment: float, work: Served, *, is_end: bool) -> None:
        heapq.heappush(self._events, (moment, next(self._order), work, is_end))

    def _enter(self, work: Served) -> None:
        station = work.steps[work.at].station
        work.ahead[station] = len(self._waiting[station])
        if self._taken(station, work):
            self._serve(work)

    def _serve(self, work: Served) -> None:
        if self._taken(None, work):
            self._plan(self._now + work.steps[work.at].seconds / self._site.speed, work, is_end=True)

    def _leave(self, work: Served) -> None:
        station = work.steps[work.at].station
        work.at += 1
        if (next_on_core := self._given_back(None)) is not None:
            self._serve(next_on_core)
        if (next_here := self._given_back(station)) is not None:
            self._free[station] -= 1
            self._serve(next_here)

    def _taken(self, what: str | None, work: Served) -> bool:
        if self._free[what] < 1:
            self._waiting[what].append(work)
            return False
        self._free[what] -= 1
        return True

    def _given_back(self, what: str | None) -> Served | None:
        self._free[what] += 1
        return self._waiting[what].popleft() if self._waiting[what] else None
