"""What changes verdicts on export by its date has the releases that it touches evaluated again, and those alone."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from policy_eval.adapters.changes import SqlChanges
from policy_eval.adapters.export_records import SqlExportRecords
from policy_eval.application.notice_export_days import NoticeExportDays
from policy_eval.domain.export.records import Record, State
from shared.persistence.engine import Database
from tests.support.export import shipped_knowledge
from tests.support.reevaluating import ReevaluatedReleases


@pytest.fixture
async def releases(evaluations_url: str, tmp_path: Path) -> AsyncIterator[ReevaluatedReleases]:
    database = Database(evaluations_url)
    yield ReevaluatedReleases(database, tmp_path / "blobs")
    await database.close()


async def _filed(releases: ReevaluatedReleases, project: str, state: State = "in-effect", **days: str) -> None:
    body = msgspec.Raw(msgspec.json.encode({"code": "EAR99", "jurisdiction": "US", "method": "self", **days}))
    record = Record(
        releases.new_id(), "classification", project, state, "2026-02-01T00:00:00Z", "key:a", body, approved_by="key:b"
    )
    await SqlExportRecords(releases.database).add(record)


def _noticing(releases: ReevaluatedReleases) -> NoticeExportDays:
    changes, records = SqlChanges(releases.database), SqlExportRecords(releases.database)
    law = releases.evaluate.export.knowledge.law
    return NoticeExportDays(law, changes, records, releases.ask, releases.clock)


async def _worked_off(releases: ReevaluatedReleases) -> None:
    process = releases.process("a process")
    while await process.step():
        pass


async def test_exactly_the_releases_of_a_project_whose_classification_ends(releases: ReevaluatedReleases) -> None:
    await _filed(releases, "shop", valid_from="2026-01-01", valid_to="2026-03-01")
    await _filed(releases, "other", valid_from="2026-01-01", valid_to="2027-01-01")
    await _filed(releases, "open")
    await releases.store("r1")
    await releases.store("r2", project="other")
    await releases.store("r3", project="open")
    first = await _noticing(releases)()
    await _worked_off(releases)
    held = await releases.counts()

    releases.clock.time += timedelta(days=1)
    ended, again = await _noticing(releases)(), await _noticing(releases)()
    await _worked_off(releases)

    assert (first, held) == (2, Counter({1: 3}))  # looked at once where nobody had, and as they were
    assert (ended, again) == (1, 0)
    assert await releases.counts() == Counter({1: 2, 2: 1})
    [request, *_] = await releases.ask.page(None, 10)
    assert (request.project, request.total, request.unchanged) == ("shop", 1, 0)
    assert request.reason.endswith("does not count on 2026-03-02")


async def test_one_that_begins_is_noticed_and_one_that_is_proposed_is_not(releases: ReevaluatedReleases) -> None:
    await _noticing(releases)()
    await _filed(releases, "shop", valid_from="2026-03-05")
    await _filed(releases, "other", "proposed", valid_from="2026-03-05")
    releases.clock.time += timedelta(days=3)
    before = await _noticing(releases)()

    releases.clock.time += timedelta(days=1)

    assert (before, await _noticing(releases)()) == (0, 1)
    [request] = await releases.ask.page(None, 10)
    assert (request.project, request.reason.endswith("counts on 2026-03-05")) == ("shop", True)


async def test_nothing_is_forgotten_where_the_process_dies_after_asking(releases: ReevaluatedReleases) -> None:
    await _filed(releases, "shop", valid_to="2026-03-01")
    await _noticing(releases)()
    releases.clock.time += timedelta(days=30)
    crashing = _noticing(releases)

    async def crash(*_: str) -> None:
        raise ConnectionError("killed after asking and before remembering")

    crashing.changes.remember = crash  # type: ignore[method-assign] - the process dies here
    with pytest.raises(ConnectionError):
        await crashing()

    assert await _noticing(releases)() == 1


def _with_rule_from(releases: ReevaluatedReleases, day: date) -> None:
    """Have a rule of the shipped law begin on that day; no release is judged by another version of the law for it."""
    judge = releases.evaluate.export
    law = judge.knowledge.law
    dated = replace(law.rules.rules[0], valid_from=day)
    rules = replace(law.rules, rules=(dated, *law.rules.rules[1:]))
    knowledge = replace(judge.knowledge, law=replace(law, rules=rules))
    releases.evaluate = replace(releases.evaluate, export=replace(judge, knowledge=knowledge))


async def test_a_rule_that_comes_into_force_has_all_releases_looked_at_on_that_day(
    releases: ReevaluatedReleases,
) -> None:
    _with_rule_from(releases, date(2026, 3, 5))
    await releases.store("r1")
    await releases.store("r2", project="other", context="internal-saas")
    first = await _noticing(releases)()
    releases.clock.time += timedelta(days=3)
    before = await _noticing(releases)()

    releases.clock.time += timedelta(days=1)
    begun, again = await _noticing(releases)(), await _noticing(releases)()
    await _worked_off(releases)

    assert (first, before, begun, again) == (0, 0, 1, 0)
    [request] = await releases.ask.page(None, 10)
    assert (request.reason, request.unchanged) == ("another law of exports is in force since 2026-03-05", 1)
    assert await releases.counts() == Counter({1: 1, 2: 1})  # no policy looks at export where nothing goes out


def test_the_law_is_the_same_between_the_days_on_which_something_of_it_begins_or_ends() -> None:
    law = shipped_knowledge().law

    assert [law.since(date.fromisoformat(day)).isoformat() for day in ("2021-03-28", "2021-03-29", "2021-09-08")] == [
        "2021-03-16",  # Macao joins D:5
        "2021-03-29",  # 86 FR 16482
        "2021-03-29",
    ]
