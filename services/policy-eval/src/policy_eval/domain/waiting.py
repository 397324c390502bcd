"""How long questions wait: until when each should be answered, what is overdue, and who is asked then as well.

All of it follows from since when a question waits, the organisation's response times and the time of today.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Literal

from msgspec import Struct

from policy_eval.domain.findings import Route
from shared.clock import timestamp
from shared.contracts.response_times import ResponseTimes

ROUTES: Final[tuple[Route, ...]] = ("project", "ospo", "legal", "export")
ESCALATED_TO: Final[Mapping[Route, Route]] = {"ospo": "legal"}
"""Who is asked as well once a question is overdue (domain model, §6.2)."""


class Wait(Struct, frozen=True):
    """Since when a question waits and until when it should be answered, and to whom a timer has escalated it when.

    Where several routes are asked it is the earliest deadline; null where none has one.
    """

    waiting_since: str
    due_at: str | None = None
    overdue: bool = False
    escalated_to: Route | None = None
    escalated_at: str | None = None
    escalated_by: Literal["timer"] | None = None


@dataclass(frozen=True, slots=True)
class Timers:
    """The organisation's response times, at one moment."""

    times: ResponseTimes
    now: datetime
    _ends: dict[tuple[date, int], datetime] = field(default_factory=dict, init=False, compare=False)

    def overdue_before(self) -> dict[Route, str]:
        """Return a day for each route that has deadlines: its questions that wait since an earlier day are overdue."""
        calendar = self.times.calendar()
        return {
            route: calendar.first_day_running(self.now, days).isoformat()
            for route in ROUTES
            if (days := self._days(route)) is not None
        }

    def due(self, route: Route, since: str) -> datetime | None:
        """Return until when a question that waits since `since` (RFC 3339) should be answered on this route."""
        days = self._days(route)
        return None if days is None else self._end(date.fromisoformat(since[:10]), days)

    def due_days(self, oldest: str) -> Iterator[tuple[Route, str, str]]:
        """Yield for each route with deadlines and each day since that of `oldest` when what waits since then is due."""
        day, last = date.fromisoformat(oldest[:10]), self.now.date()
        while day <= last:
            for route in ROUTES:
                days = self._days(route)
                if days is not None:
                    yield route, day.isoformat(), timestamp(self._end(day, days))
            day += timedelta(days=1)

    def wait(self, since: Mapping[Route, str]) -> Wait:
        """Return how a question waits, from since when it does on each of its routes."""
        due = {route: end for route, each in since.items() if (end := self.due(route, each)) is not None}
        first = min(due.values(), default=None)
        waits = Wait(min(since.values()), timestamp(first) if first else None, bool(first and first <= self.now))
        for route, end in due.items():
            if route in ESCALATED_TO and end <= self.now:
                return Wait(waits.waiting_since, waits.due_at, True, ESCALATED_TO[route], timestamp(end), "timer")
        return waits

    def _days(self, route: Route) -> int | None:
        days: int | None = getattr(self.times, route)
        return days

    def _end(self, day: date, days: int) -> datetime:
        known = self._ends.get((day, days))
        if known is None:
            known = self._ends[day, days] = self.times.calendar().end_of_period(day, days)
        return known
