"""Requests to evaluate all releases again that a change touches, and how far each has come."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from policy_eval.application.change_ports import Reevaluation, Wake
from shared.clock import Clock, NewId, timestamp
from shared.contracts.events import CurrentDocument, ReleaseState
from shared.errors import Forbidden


@dataclass(frozen=True, slots=True)
class EvaluatedRelease:
    """A release with what it consisted of when it was last evaluated."""

    release: ReleaseState
    current: list[CurrentDocument]


class Reevaluations(Protocol):
    """The requests that are stored, and the releases that they go through."""

    async def add(self, request: Reevaluation) -> Reevaluation:
        """Store the request; or return one that asks the same and has not begun."""
        ...

    async def page(self, before: str | None, limit: int) -> list[Reevaluation]:
        """Return requests, the newest first, older than the one with the id `before`."""
        ...

    async def take(self, owner: str, now: str, until: str) -> Reevaluation | None:
        """Lease the oldest request that is not done to the owner; None if there is none, or it is another's now."""
        ...

    async def advance(self, request: Reevaluation, owner: str, until: str) -> bool:
        """Store how far the request has come and lease it further; False if it is not the owner's any more."""
        ...

    async def releases_after(self, last: str, limit: int, only: str | None = None) -> list[EvaluatedRelease]:
        """Return evaluated releases in the order of their ids, from the one after `last` on; `only` one of them."""
        ...


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks, and the patterns of projects that it may see."""

    subject: str
    projects: tuple[str, ...]

    def sees(self, project: str | None) -> bool:
        """Whether one of the patterns covers the project, or all projects for None."""
        if project is None:
            return any(set(pattern) == {"*"} for pattern in self.projects)
        return any(fnmatchcase(project, pattern) for pattern in self.projects)


@dataclass(frozen=True, slots=True)
class AskForReevaluation:
    """`change_ports.ReevaluationRequests`, and the use cases of asking and looking; `wake` lets the worker look at once."""

    reevaluations: Reevaluations
    clock: Clock
    new_id: NewId
    wake: Wake

    async def request(self, reason: str, *, policy: str | None = None, project: str | None = None) -> None:
        """Ask on behalf of the service itself, which has seen a change."""
        await self._add(self.drafted(reason, policy=policy, project=project))

    async def has_releases(self) -> bool:
        """Return whether any release has been evaluated."""
        return bool(await self.reevaluations.releases_after("", 1))

    def drafted(self, reason: str, *, policy: str | None = None, project: str | None = None) -> Reevaluation:
        """Return what `request` would store."""
        return self._wanted(reason, "service:policy-eval", policy, project)

    async def ask(self, who: Requester, reason: str, policy: str | None, project: str | None) -> Reevaluation:
        """Ask on behalf of a person; raises Forbidden for projects that the person may not see."""
        if not who.sees(project):
            raise Forbidden("This key may not ask for all these releases: name a project that it may see.")
        return await self._add(self._wanted(reason, who.subject, policy, project))

    async def page(self, before: str | None, limit: int) -> list[Reevaluation]:
        """Return requests, the newest first."""
        return await self.reevaluations.page(before, limit)

    def _wanted(self, reason: str, by: str, policy: str | None, project: str | None) -> Reevaluation:
        return Reevaluation(self.new_id(), reason, timestamp(self.clock.now()), by, policy, project)

    async def _add(self, wanted: Reevaluation) -> Reevaluation:
        stored = await self.reevaluations.add(wanted)
        self.wake()
        return stored
