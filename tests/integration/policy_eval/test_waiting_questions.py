"""Since when questions wait, until when they should be answered, and what happens to those that are overdue."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from policy_eval.application.keep_decisions import Reviewer
from policy_eval.application.keep_response_times import GivenResponseTimes, KeepResponseTimes
from policy_eval.application.watch_queue import WatchQueue
from shared.clock import timestamp
from shared.contracts.response_times import ResponseTimes
from shared.errors import Forbidden
from shared.persistence.engine import Database
from tests.integration.policy_eval.test_queue import queue
from tests.support.builders import a_component
from tests.support.evaluations import StoredEvaluations

_GPL, _RUBY, _MPL = "GPL-2.0-only", "Ruby", "MPL-2.0"  # to legal, to the OSPO, to the project
_MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
async def waiting(evaluations: StoredEvaluations) -> StoredEvaluations:
    """A question to the OSPO and one to legal since Monday, one to the project since Tuesday."""
    evaluations.clock.time = _MONDAY
    await evaluations.store("r1", a_component(_RUBY, name="gem"), a_component(_GPL, name="tool"))
    evaluations.clock.time = _MONDAY + timedelta(days=1)
    await evaluations.store("r2", a_component(_MPL, name="lib"), a_component(_RUBY, name="gem"))
    return evaluations


async def _waits(evaluations: StoredEvaluations, **asked: Any) -> dict[str, dict[str, Any]]:
    return {each["license"]: each for each in await queue(evaluations, **asked)}


async def _licenses(evaluations: StoredEvaluations, **asked: Any) -> list[str]:
    return [each["license"] for each in await queue(evaluations, **asked)]


async def test_a_question_is_due_at_the_end_of_its_last_working_day(waiting: StoredEvaluations) -> None:
    waits = await _waits(waiting)

    assert {name: (each["waiting_since"][:10], (each["due_at"] or "")[:10]) for name, each in waits.items()} == {
        _RUBY: ("2026-03-02", "2026-03-06"),
        _GPL: ("2026-03-02", "2026-03-17"),
        _MPL: ("2026-03-03", ""),
    }
    assert not any(each["overdue"] or each["escalated_to"] for each in waits.values())


async def test_a_question_waits_on_over_evaluations_releases_and_other_severities_until_it_is_answered(
    waiting: StoredEvaluations,
) -> None:
    async def asked(license_: str) -> tuple[str, str]:
        found = (await _waits(waiting))[license_]
        return found["severity"], found["waiting_since"][:10]

    for day, release in enumerate(("r1", "r3"), start=3):
        waiting.clock.time = datetime(2026, 3, day, tzinfo=UTC)
        await waiting.store(release, a_component(_RUBY, name="gem"), a_component(_GPL, name="tool"))
    await waiting.store("r4", a_component(_GPL, name="tool", linkage="separate"))
    before = await asked(_GPL)
    for release in ("r1", "r3"):
        await waiting.store(release)

    assert before == ("error", "2026-03-02")
    assert await asked(_GPL) == ("hint", "2026-03-02")
    assert await asked(_RUBY) == ("error", "2026-03-02")
    await waiting.store("r4")
    waiting.clock.time = datetime(2026, 3, 6, tzinfo=UTC)
    await waiting.store("r4", a_component(_GPL, name="tool"))
    assert await asked(_GPL) == ("error", "2026-03-06")


async def test_each_project_has_its_own_time_and_the_earliest_is_shown(waiting: StoredEvaluations) -> None:
    waiting.clock.time = datetime(2026, 3, 4, tzinfo=UTC)
    await waiting.store("other", a_component(_RUBY, name="gem"), project="other")

    [own] = await queue(waiting, "other")
    both = (await _waits(waiting))[_RUBY]

    assert (own["waiting_since"][:10], own["due_at"][:10]) == ("2026-03-04", "2026-03-10")
    assert (both["waiting_since"][:10], both["releases"]) == ("2026-03-02", 3)


async def test_a_question_that_the_ospo_has_not_answered_in_time_goes_to_legal_as_well(
    waiting: StoredEvaluations,
) -> None:
    waiting.clock.time = datetime(2026, 3, 5, 23, tzinfo=UTC)
    in_time = await _licenses(waiting, route="legal")
    waiting.clock.time = datetime(2026, 3, 6, tzinfo=UTC)

    assert in_time == [_GPL]
    assert await _licenses(waiting, route="legal") == [_RUBY, _GPL]
    assert await _licenses(waiting, route="ospo") == [_RUBY]
    escalated = (await _waits(waiting, route="legal"))[_RUBY]
    assert {name: escalated[name] for name in ("route", "overdue", "due_at", "escalated_to")} == {
        "route": "ospo",
        "overdue": True,
        "due_at": "2026-03-06T00:00:00.000000Z",
        "escalated_to": "legal",
    }
    assert (escalated["escalated_by"], escalated["escalated_at"]) == ("timer", escalated["due_at"])
    assert await _licenses(waiting, overdue=True) == [_RUBY]
    assert await _licenses(waiting, overdue=False) == [_GPL, _MPL]
    assert await _licenses(waiting, overdue=True, route="export") == []


async def test_by_due_date_what_is_due_first_comes_first_on_all_pages(waiting: StoredEvaluations) -> None:
    waiting.clock.time = datetime(2026, 3, 16, tzinfo=UTC)
    names = [f"lib-{number}" for number in range(4)]
    await waiting.store("r5", *(a_component(_RUBY, name=name) for name in names), a_component(_GPL, name="late"))

    whole = await queue(waiting, by_due_date=True)

    due = [(each["due_at"] or "9999") for each in whole]
    assert due == sorted(due)
    assert [due[0][:10], due[1][:10], due[2][:10], due[-1]] == ["2026-03-06", "2026-03-17", "2026-03-20", "9999"]
    assert len(whole) == len({each["fingerprint"] for each in whole}) == 8
    assert await queue(waiting, by_due_date=True, limit=1) == whole
    assert await queue(waiting, by_due_date=True, limit=3) == whole


async def test_the_organisation_sets_its_times_and_holidays_and_they_hold_at_once(waiting: StoredEvaluations) -> None:
    keep = KeepResponseTimes(waiting.times, waiting.clock)
    everywhere = Reviewer("key:1", ("reviewer",), ("*",))
    given = GivenResponseTimes(ospo=2, legal=None, project=1, holidays=(date(2026, 3, 4), date(2026, 3, 3)))

    assert await keep.current() == ResponseTimes()
    kept = await keep.put(everywhere, given)

    assert await keep.current() == kept
    assert kept.holidays == (date(2026, 3, 3), date(2026, 3, 4))
    waits = await _waits(waiting)
    assert [waits[each]["due_at"] and waits[each]["due_at"][:10] for each in (_RUBY, _GPL, _MPL)] == [
        *("2026-03-07", None, "2026-03-06"),
    ]
    with pytest.raises(Forbidden):
        await keep.put(Reviewer("key:2", ("reviewer",), ("shop",)), given)


async def test_what_a_version_of_before_writes_while_an_upgrade_runs_waits_since_then(
    waiting: StoredEvaluations, evaluations_url: str
) -> None:
    if evaluations_url.startswith("sqlite"):
        pytest.skip("on SQLite no other version writes")
    begun, database = timestamp(datetime.now(UTC)), Database(evaluations_url)
    columns = "project, fingerprint, severity, route, kind, releases"
    async with database.write() as connection:
        values = "VALUES ('a', 'f', 0, 'export', 'export', 1)"
        await connection.execute(text(f"INSERT INTO queued_question ({columns}) {values}"))
        await connection.commit()
    await database.close()

    since = (await waiting.queue.oldest())["export"]

    assert begun <= since <= timestamp(datetime.now(UTC))
    assert len(since) == len(begun)


async def test_the_oldest_question_of_each_route_is_told(waiting: StoredEvaluations) -> None:
    watch = WatchQueue(waiting.queue, waiting.times, waiting.clock)
    waiting.clock.time = datetime(2026, 3, 6, 9, tzinfo=UTC)

    told = {each.route: (round(each.age), round(each.overdue)) for each in await watch()}

    hour = 3600
    assert told == {
        "ospo": (4 * 24 * hour, 9 * hour),
        "legal": (4 * 24 * hour, 0),
        "project": (3 * 24 * hour, 0),
        "export": (0, 0),
    }
