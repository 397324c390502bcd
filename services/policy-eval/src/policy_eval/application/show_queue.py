"""Show the reviewers' queue: what waits for whom, over all current releases."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Protocol

from policy_eval.domain.findings import FindingKind, Route, Severity


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which questions are asked for; None means any."""

    project: str | None = None
    route: Route | None = None
    severity: Severity | None = None
    kind: FindingKind | None = None


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A place in the queue. `severity` as in `domain.open_questions.SEVERITY_ORDER`."""

    severity: int
    releases: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The part of the queue that is asked for: so many questions after a place."""

    after: QueuePlace | None
    limit: int


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

    async def page(self, wanted: QueueFilter, projects: list[str] | None, at: QueuePage) -> list[QueuedQuestion]:
        """Return questions of these projects, of all for None: the worst first, then those of most releases."""
        ...


@dataclass(frozen=True, slots=True)
class ShowQueue:
    """The use case, with what it needs."""

    queue: Queue

    async def __call__(self, wanted: QueueFilter, patterns: list[str], at: QueuePage) -> list[QueuedQuestion]:
        """Return questions of the projects that match one of the patterns; numbers count these projects alone."""
        if any(set(pattern) == {"*"} for pattern in patterns):
            return await self.queue.page(wanted, None if wanted.project is None else [wanted.project], at)
        names = await self.queue.projects() if wanted.project is None else [wanted.project]
        seen = [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]
        return await self.queue.page(wanted, seen, at) if seen else []
