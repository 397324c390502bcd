"""Keep in how many working days the organisation answers."""

from dataclasses import dataclass

from msgspec import structs

from policy_eval.application.keep_decisions import Reviewer
from policy_eval.application.record_ports import StoredResponseTimes
from policy_eval.domain.project_patterns import EVERYWHERE
from shared.clock import Clock, timestamp
from shared.contracts.response_times import ResponseTimes
from shared.errors import Forbidden


class GivenResponseTimes(ResponseTimes, frozen=True, forbid_unknown_fields=True):
    """What somebody sends: what is left out has its default, and what is not known here is refused."""


@dataclass(frozen=True, slots=True)
class KeepResponseTimes:
    """The use case, with what it needs."""

    times: StoredResponseTimes
    clock: Clock

    async def current(self) -> ResponseTimes:
        """Return what was said last; the defaults where nothing was."""
        return await self.times.current()

    async def put(self, reviewer: Reviewer, given: GivenResponseTimes) -> ResponseTimes:
        """Store a new version, by which all timers run at once.

        Raises Forbidden for a key that does not reach all projects, Conflict.
        """
        if EVERYWHERE not in reviewer.projects:
            raise Forbidden("Response times are the same for all projects: this needs a key for all of them (`*`).")
        times = ResponseTimes(**structs.asdict(given) | {"holidays": tuple(sorted(set(given.holidays)))})
        await self.times.put(times, timestamp(self.clock.now()), reviewer.subject)
        return times
