"""Show the reviewers' queue: what waits for whom, over all current releases."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Protocol

from policy_eval.application.record_ports import StoredResponseTimes
from policy_eval.domain.findings import FindingKind, Route, Severity
from policy_eval.domain.waiting import Timers
from shared.clock import Clock


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which questions are asked for; None means any. On a route are also those that were escalated to it."""

    project: str | None = None
    route: Route | None = None
    severity: Severity | None = None
    kind: FindingKind | None = None
    overdue: bool | None = None


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A place in the queue. `severity` as in `domain.open_questions.SEVERITY_ORDER`; `due_at` where it is the order."""

    severity: int
    releases: int
    fingerprint: str
    due_at: str | None = None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The part of the queue that is asked for: so many questions after a place, the worst or the first due at first."""

    after: QueuePlace | None
    limit: int
    by_due_date: bool = False


@dataclass(frozen=True, slots=True)
class QueuedQuestion:
    """A question as the API shows it, and its place."""

    place: QueuePlace
    shown: dict[str, Any]


class Queue(Protocol):
    """What the current evaluations leave open."""

    async def projects(self) -> list[str]:
        """Return the names of the projects that have open questions."""
        ...

    async def page(
        self, wanted: QueueFilter, projects: list[str] | None, at: QueuePage, timers: Timers
    ) -> list[QueuedQuestion]:
        """Return questions of these projects, of all for None.

        The worst first, then those of most releases; or those first that are due first, what has no deadline last.
        """
        ...


@dataclass(frozen=True, slots=True)
class ShowQueue:
    """The use case, with what it needs."""

    queue: Queue
    times: StoredResponseTimes
    clock: Clock

    async def __call__(self, wanted: QueueFilter, patterns: list[str], at: QueuePage) -> list[QueuedQuestion]:
        """Return questions of the projects that match one of the patterns; numbers count these projects alone."""
        timers = Timers(await self.times.current(), self.clock.now())
        if any(set(pattern) == {"*"} for pattern in patterns):
            return await self.queue.page(wanted, None if wanted.project is None else [wanted.project], at, timers)
        names = await self.queue.projects() if wanted.project is None else [wanted.project]
        seen = [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]
        return await self.queue.page(wanted, seen, at, timers) if seen else []
