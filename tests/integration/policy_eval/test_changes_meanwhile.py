"""What changes while a release is evaluated is never missed, and what ends or is shipped anew is noticed by itself."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from policy_eval.adapters.changes import SqlChanges
from policy_eval.adapters.decision_records import SqlDecisionRecords
from policy_eval.adapters.evaluation_reader import SqlEvaluationReader
from policy_eval.application.notice_changes import NoticeChanges
from policy_eval.application.ports import EvaluationRecord
from policy_eval.domain.decision_records import DecisionRecord
from policy_eval.domain.export.records import Record
from shared.clock import timestamp
from shared.persistence.engine import Database
from tests.support.decisions import a_decision
from tests.support.reevaluating import ReevaluatedReleases

_PURL = "pkg:npm/left-pad"


@pytest.fixture
async def releases(evaluations_url: str, tmp_path: Path) -> AsyncIterator[ReevaluatedReleases]:
    database = Database(evaluations_url)
    yield ReevaluatedReleases(database, tmp_path / "blobs")
    await database.close()


async def _no_pause(_seconds: float) -> None:
    return None


async def _worked_off(releases: ReevaluatedReleases) -> None:
    process = releases.process("a process", _no_pause)
    while await process.step():
        pass


async def _filed(releases: ReevaluatedReleases, record: DecisionRecord) -> None:
    """Record a decision as the service does: stored first, and then asked for."""
    await SqlDecisionRecords(releases.database).add(record, _PURL)
    await releases.ask.request(f"{record.kind} {record.id}")


def _before_the_commit(releases: ReevaluatedReleases, happens: Callable[[], Awaitable[None]]) -> None:
    """Let something happen once an evaluation has read its facts, and before it is stored; once."""
    records, read = releases.evaluate.export.records, releases.evaluate.export.records.of_project
    waiting = [happens]

    async def and_then(project: str) -> list[Record]:
        found = await read(project)
        if waiting:
            await waiting.pop()()
        return found

    records.of_project = and_then  # type: ignore[method-assign] - the last that an evaluation reads before it is stored


async def _licenses(releases: ReevaluatedReleases) -> list[str | None]:
    """The licences of what is decided in the current evaluation of each release."""
    found = []
    for each in await releases.stored.releases_after("", 100):
        async with releases.evaluate.unit_of_work() as unit:
            record = await unit.evaluations.current(each.release.id)
        assert record is not None
        decided = msgspec.json.decode(await releases.evaluate.blobs.get(record.decisions_sha256))
        found.append(decided["components"][0]["license"])
    return found


async def test_a_decision_during_the_first_evaluation_is_not_missed(releases: ReevaluatedReleases) -> None:
    async def decide() -> None:
        await _filed(releases, a_decision("curation", purl=_PURL, license="MIT"))
        await _worked_off(releases)

    _before_the_commit(releases, decide)
    await releases.store("r1")
    stale = await _licenses(releases)

    await _worked_off(releases)

    assert (stale, await _licenses(releases)) == (["GPL-2.0-only"], ["MIT"])


async def test_a_decision_during_a_later_evaluation_is_not_undone_by_it(releases: ReevaluatedReleases) -> None:
    await releases.store("r1")
    [known] = await releases.stored.releases_after("", 10)

    async def decide() -> None:
        await _filed(releases, a_decision("curation", purl=_PURL, license="MIT"))
        await _worked_off(releases)

    _before_the_commit(releases, decide)
    await releases.evaluate.again(known.release, known.current)
    stale = await _licenses(releases)

    await _worked_off(releases)

    assert (stale, await _licenses(releases)) == (["GPL-2.0-only"], ["MIT"])
    assert [each.release for each in await releases.ask.page(None, 10)] == ["r1", None]


async def test_an_evaluation_without_a_change_meanwhile_asks_for_nothing(releases: ReevaluatedReleases) -> None:
    await SqlDecisionRecords(releases.database).add(a_decision("curation", purl=_PURL, license="MIT"), _PURL)

    await releases.store("r1")

    assert await releases.ask.page(None, 10) == []


async def test_a_change_waits_until_the_evaluation_that_has_not_seen_it_is_stored(
    releases: ReevaluatedReleases,
) -> None:
    async with releases.evaluate.unit_of_work() as unit:
        before = await unit.evaluations.changes()
        async with releases.evaluate.unit_of_work() as other:
            same = before if releases.database.is_sqlite else await other.evaluations.changes()
        assert same == before
        if not releases.database.is_sqlite:
            with pytest.raises(Exception, match="lock timeout"):
                await SqlChanges(releases.database).note()
    await SqlChanges(releases.database).note()

    assert await SqlChanges(releases.database).number() == before + 1


async def test_only_releases_with_the_package_are_evaluated_again(releases: ReevaluatedReleases) -> None:
    for number in range(3):
        await releases.store(f"r{number}")
    await _filed(releases, a_decision("curation", purl="pkg:npm/right-pad", license="MIT"))
    await _filed(releases, a_decision("curation", purl=_PURL, versions="vers:npm/>=9.0.0", license="MIT"))
    await _filed(releases, a_decision("waiver", reason="other", purl=_PURL, context="public-oss-eupl"))
    await _worked_off(releases)
    untouched = await releases.counts()

    await _filed(releases, a_decision("curation", purl=f"{_PURL}@1.3.0", license="MIT"))
    await _worked_off(releases)

    assert (untouched, await releases.counts()) == (Counter({1: 3}), Counter({2: 3}))
    assert await _licenses(releases) == ["MIT"] * 3


def _noticing(releases: ReevaluatedReleases, **shipped: str) -> NoticeChanges:
    records = SqlDecisionRecords(releases.database)
    return NoticeChanges(
        SqlChanges(releases.database), records, releases.ask, releases.clock, shipped, releases.policies.of_age
    )


async def _verdicts(releases: ReevaluatedReleases) -> dict[str, str]:
    found = {}
    for each in await releases.stored.releases_after("", 100):
        found[each.release.id] = (await _current(releases, each.release.id)).gate.verdict
    return found


async def _current(releases: ReevaluatedReleases, release_id: str) -> EvaluationRecord:
    async with releases.evaluate.unit_of_work() as unit:
        record = await unit.evaluations.current(release_id)
    assert record is not None
    return record


async def test_a_waiver_that_ends_has_the_releases_that_it_touched_judged_again(releases: ReevaluatedReleases) -> None:
    ends = timestamp(releases.clock.now() + timedelta(days=1))
    waiver = a_decision("waiver", reason="other", purl=_PURL, expires_at=ends)
    waiver = msgspec.structs.replace(waiver, scope=["shop"], approved_by="key:bob", approved_roles=["legal"])
    await SqlDecisionRecords(releases.database).add(waiver, _PURL)
    await releases.store("r1")
    await releases.store("r2", project="other")
    held = await _noticing(releases).ended()
    before, past = await _verdicts(releases), (await _current(releases, "r1")).id

    releases.clock.time += timedelta(days=2)
    ended, again = await _noticing(releases).ended(), await _noticing(releases).ended()
    await _worked_off(releases)

    assert (held, ended, again) == (0, 1, 0)
    assert (before, await _verdicts(releases)) == ({"r1": "pass", "r2": "fail"}, {"r1": "fail", "r2": "fail"})
    assert await releases.counts() == Counter({2: 1, 1: 1})
    assert (await SqlEvaluationReader(releases.database).record("r1", past)).gate.verdict == "pass"
    [request] = await releases.ask.page(None, 10)
    assert (request.project, request.total, request.done, request.unchanged) == ("shop", 1, 1, 0)


async def test_a_waiver_that_ended_while_nothing_ran_is_noticed_at_the_next_start(
    releases: ReevaluatedReleases,
) -> None:
    ends = timestamp(releases.clock.now() + timedelta(days=1))
    waiver = a_decision("waiver", reason="other", purl=_PURL, expires_at=ends)
    await SqlDecisionRecords(releases.database).add(waiver, _PURL)
    await _noticing(releases).ended()
    releases.clock.time += timedelta(days=30)

    async def crash() -> None:
        raise ConnectionError("killed after asking and before remembering")

    crashing = _noticing(releases)
    remember = crashing.changes.remember
    crashing.changes.remember = lambda *_: crash()  # type: ignore[method-assign] - the process dies here
    with pytest.raises(ConnectionError):
        await crashing.ended()
    crashing.changes.remember = remember
    after = await _noticing(releases).ended()

    assert (after, await _noticing(releases).ended()) == (1, 0)
    assert len(await releases.ask.page(None, 10)) == 1


async def test_another_catalogue_has_all_releases_looked_at_once(releases: ReevaluatedReleases) -> None:
    await releases.store("r1")
    await _noticing(releases, catalogue="1", rules="1").shipped_anew()
    await _worked_off(releases)
    await _noticing(releases, catalogue="1", rules="1").shipped_anew()
    unchanged = len(await releases.ask.page(None, 10))

    await _noticing(releases, catalogue="2", rules="1").shipped_anew()

    newest, *_ = await releases.ask.page(None, 10)
    assert (unchanged, newest.reason) == (1, "another version of catalogue")
    assert await releases.counts() == Counter({1: 1})


async def test_a_new_installation_asks_for_nothing(releases: ReevaluatedReleases) -> None:
    await _noticing(releases, catalogue="1").shipped_anew()
    await releases.store("r1")
    await _noticing(releases, catalogue="1").shipped_anew()
    asked = await releases.ask.page(None, 10)

    await _noticing(releases, catalogue="2").shipped_anew()

    assert (asked, len(await releases.ask.page(None, 10))) == ([], 1)


async def test_a_policy_that_looks_at_the_age_of_decisions_is_asked_once_a_day(releases: ReevaluatedReleases) -> None:
    await _noticing(releases).new_day()
    without = await releases.ask.page(None, 10)
    releases.policies.aging = ["other"]

    await _noticing(releases).new_day()
    same_day = await releases.ask.page(None, 10)
    releases.clock.time += timedelta(days=1)
    await _noticing(releases).new_day()
    await _noticing(releases).new_day()

    assert (without, same_day) == ([], [])
    assert [each.policy for each in await releases.ask.page(None, 10)] == ["other"]
