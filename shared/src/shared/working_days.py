"""Working days, and the ends of periods that are counted in them.

As in Regulation (EEC, Euratom) No 1182/71: working days are all but public holidays, Saturdays and Sundays (Article 2(2));
the day of an event is not counted (Article 3(1)), and a period ends with the last hour of its last day (Article 3(2)(b)).
Days are those of UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday but for these holidays."""

    holidays: frozenset[date] = frozenset()

    def includes(self, day: date) -> bool:
        """Whether the day is a working day."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def end_of_period(self, event: date, days: int) -> datetime:
        """Return the moment in which a period of so many working days (1 or more) after the day of an event is over."""
        last = event
        for _ in range(days):
            last += _DAY
            while not self.includes(last):
                last += _DAY
        return datetime.combine(last + _DAY, time.min, UTC)

    def first_day_running(self, now: datetime, days: int) -> date:
        """Return the first day whose events have a period of so many working days that is not over at `now`.

        The periods of all events before that day are over, those of the day itself and of later ones are not.
        """
        first = now.astimezone(UTC).date()
        left = days
        while left:
            first -= _DAY
            left -= self.includes(first)
        return first
