"""Periods of working days end where Regulation 1182/71 says, and the two ways to ask for it agree."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.working_days import WorkingDays

_DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
_MOMENTS = st.builds(datetime.combine, _DAYS, st.times(), st.just(UTC))
_CALENDARS = st.frozensets(st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=60).map(WorkingDays)
_PERIODS = st.integers(1, 30)
_CHRISTMAS = WorkingDays(frozenset({date(2026, 12, 24), date(2026, 12, 25)}))


@pytest.mark.parametrize(
    ("event", "days", "over"),
    [
        ("2026-11-27", 1, "2026-12-01"),  # from a Friday over the whole Monday
        ("2026-11-28", 3, "2026-12-03"),  # from a Saturday: Monday, Tuesday, Wednesday
        ("2026-11-23", 5, "2026-12-01"),
        ("2026-12-21", 3, "2026-12-29"),  # Tuesday, Wednesday, and after the holidays Monday
        ("2026-12-24", 1, "2026-12-29"),
    ],
)
def test_a_period_begins_after_the_day_of_the_event_and_ends_with_its_last_working_day(
    event: str, days: int, over: str
) -> None:
    assert _CHRISTMAS.end_of_period(date.fromisoformat(event), days) == datetime.fromisoformat(f"{over}T00:00+00:00")


@given(_CALENDARS, _DAYS, _PERIODS)
def test_a_period_holds_as_many_working_days_as_it_has_and_ends_on_one(
    calendar: WorkingDays, event: date, days: int
) -> None:
    end = calendar.end_of_period(event, days).date()

    counted = [event + timedelta(each) for each in range(1, (end - event).days)]
    assert sum(calendar.includes(each) for each in counted) == days
    assert calendar.includes(counted[-1])


@given(_CALENDARS, _DAYS, st.integers(0, 20), _PERIODS)
def test_later_events_and_longer_periods_never_end_earlier(
    calendar: WorkingDays, event: date, later: int, days: int
) -> None:
    end = calendar.end_of_period(event, days)

    assert calendar.end_of_period(event + timedelta(later), days) >= end
    assert calendar.end_of_period(event, days + 1) > end


@given(_CALENDARS, _MOMENTS, _PERIODS, st.integers(-60, 5))
def test_exactly_the_events_before_the_first_day_running_have_periods_that_are_over(
    calendar: WorkingDays, now: datetime, days: int, shift: int
) -> None:
    event = now.date() + timedelta(shift)

    assert (calendar.end_of_period(event, days) <= now) == (event < calendar.first_day_running(now, days))
