"""Work off requests to evaluate again, one at a time and slowly: what people wait for goes first.

Progress is stored after every release, so that another process goes on after a kill. A release whose current evaluation
depended on the same already is passed over; that is looked at once more where the evaluation is stored, so that each
release is evaluated once in effect, whoever works on it.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Literal

from policy_eval.application.change_ports import Reevaluation
from policy_eval.application.evaluate_release import EvaluateRelease
from policy_eval.application.reevaluations import EvaluatedRelease, Reevaluations
from shared.bulk_lane import BulkLane
from shared.clock import Clock, timestamp
from shared.contracts.contexts import DEFAULT_POLICY
from shared.crash import crash_point
from shared.observability import get_logger

LEASE: Final = timedelta(seconds=10)
_BATCH: Final = 20
_COUNTED_AT_A_TIME: Final = 1000
_MOST_UNSENT: Final = 4
_SECONDS_BETWEEN_LOOKS: Final = 0.2
_LOG = get_logger("policy-eval")

Outcome = Literal["evaluated", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class WorkOffReevaluations:
    """The use case, with what it needs.

    `owner` is this process, `pause` waits for so many seconds, `is_passing` tells the faults after which the same
    release is tried again from those that count it as failed, `unsent` counts the events that wait to be published.
    """

    reevaluations: Reevaluations
    evaluate: EvaluateRelease
    lane: BulkLane
    clock: Clock
    owner: str
    pause: Callable[[float], Awaitable[None]]
    is_passing: Callable[[Exception], bool]
    unsent: Callable[[], Awaitable[int]]

    async def step(self) -> bool:
        """Work off some releases of the oldest request; False if there is nothing to do here. Raises what passes."""
        request = await self._taken()
        if request is None:
            return False
        batch = await self.reevaluations.releases_after(request.last, _BATCH, request.release)
        for each in batch:
            request = await self._past(request, each)
            if not await self._keep(request):
                return True
        if len(batch) < _BATCH:
            looked_at = request.done + request.failed
            await self._keep(replace(request, state="done", total=looked_at))
        return True

    async def _taken(self) -> Reevaluation | None:
        """Return the oldest request, its releases counted; None if there is nothing to do here."""
        request = await self.reevaluations.take(self.owner, self._now(), self._until())
        if request is None or request.total is not None:
            return request
        total = await self._count(request)
        return None if total is None else replace(request, state="running", total=total)

    async def _count(self, request: Reevaluation) -> int | None:
        """Return how many releases the request touches; None if it is another's meanwhile."""
        count, last = 0, ""
        while some := await self.reevaluations.releases_after(last, _COUNTED_AT_A_TIME, request.release):
            count += sum(_touches(request, each) for each in some)
            last = some[-1].release.id
            if not await self._keep(request):
                return None
        return count

    async def _past(self, request: Reevaluation, each: EvaluatedRelease) -> Reevaluation:
        moved = replace(request, last=each.release.id)
        if not _touches(request, each):
            return moved
        await self._wait_for_room(request)
        match await self._evaluated(each):
            case "failed":
                return replace(moved, failed=moved.failed + 1)
            case "unchanged":
                return replace(moved, done=moved.done + 1, unchanged=moved.unchanged + 1)
            case "evaluated":
                return replace(moved, done=moved.done + 1)

    async def _wait_for_room(self, request: Reevaluation) -> None:
        """Wait while some events are still to be published: that of an upload has its place behind them."""
        while await self.unsent() >= _MOST_UNSENT and await self._keep(request):
            await self.pause(_SECONDS_BETWEEN_LOOKS)

    async def _evaluated(self, each: EvaluatedRelease) -> Outcome:
        await self.lane.turn()
        begun = time.monotonic()
        try:
            evaluation = await self.evaluate.if_changed(each.release, each.current)
        except Exception as error:  # one release's fault must not end the others
            if self.is_passing(error):
                raise
            _LOG.error("not evaluated again", release=each.release.id, error=repr(error)[:500])
            return "failed"
        crash_point("reevaluate-before-progress")
        if evaluation is None:
            return "unchanged"
        # As long again as it took: bulk work takes half of one processor at most.
        await self.pause(time.monotonic() - begun)
        return "evaluated"

    async def _keep(self, request: Reevaluation) -> bool:
        return await self.reevaluations.advance(request, self.owner, self._until())

    def _now(self) -> str:
        return timestamp(self.clock.now())

    def _until(self) -> str:
        return timestamp(self.clock.now() + LEASE)


def _touches(request: Reevaluation, each: EvaluatedRelease) -> bool:
    if request.project not in (None, each.release.project):
        return False
    return request.policy in (None, each.release.policy or DEFAULT_POLICY)
