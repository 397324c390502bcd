"""Notice what changes without anybody's doing: what Licet ships, and decisions that end by themselves.

Whoever changes a fact by hand stores the request in the transaction of the change (`adapters.changes.moved`). What is
noticed here is asked for and then remembered, so that it is asked for twice where the process dies in between. Releases
whose inputs are the same as before are passed over, so that exactly those are evaluated again that the change touches.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from policy_eval.application.change_ports import Changes, ReevaluationRequests
from policy_eval.application.record_ports import DecisionRecords
from policy_eval.domain.decision_records import DecisionRecord
from policy_eval.domain.project_patterns import EVERYWHERE
from shared.clock import Clock, timestamp

_CLOCKS_DIFFER_BY: Final = timedelta(seconds=5)
_MOST_AT_ONCE: Final = 1000
_DAY: Final = "the day"
_ENDED: Final = "decisions that have ended"


@dataclass(frozen=True, slots=True)
class NoticeChanges:
    """The use case, with what it needs.

    `shipped` has the version of each thing that is shipped, by name; `of_age` gives the names of the policies that say
    another thing on another day.
    """

    changes: Changes
    records: DecisionRecords
    requests: ReevaluationRequests
    clock: Clock
    shipped: Mapping[str, str]
    of_age: Callable[[], Awaitable[list[str]]]

    async def shipped_anew(self) -> None:
        """Ask for all releases if this installation knows other facts than the last one that ran on the database.

        Where nothing has been evaluated yet, nothing is asked for. To be called at each start. What is not yet remembered
        after a crash is asked for once more.
        """
        before = {name: await self.changes.known(name) for name in self.shipped}
        changed = [name for name, version in self.shipped.items() if before[name] != version]
        if not changed:
            return
        await self.changes.note()
        if await self.requests.has_releases():
            await self.requests.request(f"another version of {', '.join(changed)}"[:1000])
        for name in changed:
            await self.changes.remember(name, self.shipped[name])

    async def new_day(self) -> None:
        """Ask for the releases of policies that look at the age of decisions, once a day."""
        today = self.clock.now().date().isoformat()
        if await self.changes.known(_DAY) == today:
            return
        named = await self.of_age()
        if named:
            await self.changes.note()
        for name in named:
            await self.requests.request(f"decisions are a day older on {today}", policy=name)
        await self.changes.remember(_DAY, today)

    async def ended(self) -> int:
        """Ask for the releases of decisions that have ended by themselves since this was last called; return how many.

        They are looked at some seconds late, so that every replica's clock says the same of them.
        """
        after = await self.changes.known(_ENDED) or ""
        until = timestamp(self.clock.now() - _CLOCKS_DIFFER_BY)
        found = await self.records.ended_between(after, until, _MOST_AT_ONCE)
        if not found:
            return 0
        await self.changes.note()
        projects = {_only_project(each) for each in found} if len(found) < _MOST_AT_ONCE else {None}
        for project in [None] if None in projects else sorted(each for each in projects if each is not None):
            await self.requests.request(_reason(found), project=project)
        await self.changes.remember(_ENDED, until)
        return len(found)


def _only_project(record: DecisionRecord) -> str | None:
    """The project to which the decision is limited, None where it is not limited to one."""
    return record.scope[0] if len(record.scope) == 1 and EVERYWHERE not in record.scope[0] else None


def _reason(records: list[DecisionRecord]) -> str:
    first = f"{records[0].kind} {records[0].id} has ended"
    return first if len(records) == 1 else f"{first}, and {len(records) - 1} more decisions"
