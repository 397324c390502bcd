"""Tell how old the oldest question of each route is, and how long it is overdue."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from policy_eval.application.record_ports import StoredResponseTimes
from policy_eval.domain.findings import Route
from policy_eval.domain.waiting import ROUTES, Timers
from shared.clock import Clock


class WaitingQuestions(Protocol):
    """What the current evaluations leave open."""

    async def oldest(self) -> dict[Route, str]:
        """Return since when the oldest question of each route waits; no entry for a route that has none."""
        ...


@dataclass(frozen=True, slots=True)
class OldestQuestion:
    """Of one route: seconds since its oldest question came up, and since that was due; 0 without one."""

    route: Route
    age: float
    overdue: float


@dataclass(frozen=True, slots=True)
class WatchQueue:
    """The use case, with what it needs."""

    queue: WaitingQuestions
    times: StoredResponseTimes
    clock: Clock

    async def __call__(self) -> list[OldestQuestion]:
        """Return the oldest question of every route."""
        timers, oldest = Timers(await self.times.current(), self.clock.now()), await self.queue.oldest()
        return [_oldest(route, oldest.get(route), timers) for route in ROUTES]


def _oldest(route: Route, since: str | None, timers: Timers) -> OldestQuestion:
    if since is None:
        return OldestQuestion(route, 0.0, 0.0)
    due = timers.due(route, since)
    return OldestQuestion(route, _seconds(datetime.fromisoformat(since), timers), _seconds(due, timers) if due else 0.0)


def _seconds(moment: datetime, timers: Timers) -> float:
    return max(0.0, (timers.now - moment).total_seconds())
