"""Periods in which rows of the law hold, and the days on which it becomes another one."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

Period = tuple[date | None, date | None]
"""From a day to a day, both included; None, or the first and the last day there is, = without end."""


def turning_days(periods: Iterable[Period]) -> Iterator[date]:
    """The days on which a period begins or is over."""
    for begin, end in periods:
        if begin not in (None, date.min):
            yield begin
        if end not in (None, date.max):
            yield end + timedelta(days=1)
