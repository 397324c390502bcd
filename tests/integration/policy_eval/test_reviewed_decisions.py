"""Waivers and curations are looked at again by somebody else, and what is due to be looked at is reported."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import select

from policy_eval.adapters.decision_records import SqlDecisionRecords
from policy_eval.adapters.decision_reviews import SqlDecisionReviews
from policy_eval.adapters.decision_tables import decision
from policy_eval.adapters.reevaluations import SqlReevaluations
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.adapters.waiver_uses import SqlWaiverUses
from policy_eval.application.check_decision import CheckDecision
from policy_eval.application.keep_decisions import KeepDecisions, Reviewer
from policy_eval.application.reevaluations import AskForReevaluation
from policy_eval.application.report_waivers import ReportWaivers, WantedWaivers
from shared.clock import id_source
from shared.errors import Conflict, InvalidInput
from shared.persistence.engine import Database
from tests.support.decisions import a_decision
from tests.support.reevaluating import SetClock

_ANN, _BOB = (Reviewer(f"key:{name}", ("legal",), ("*",)) for name in ("ann", "bob"))
_WAIVER = {
    "reason": "risk-accepted",
    "license": "MIT",
    "risk": "a claim",
    "conditions": "until 2.0",
    "linkage": "static",
}


@pytest.fixture
async def database(evaluations_url: str) -> AsyncIterator[Database]:
    opened = Database(evaluations_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def keep(database: Database, clock: SetClock) -> KeepDecisions:
    records, new_id = SqlDecisionRecords(database), id_source(clock)
    requests = AskForReevaluation(SqlReevaluations(database), clock, new_id, lambda: None)
    check = CheckDecision(records, read_version_range, clock)
    return KeepDecisions(records, SqlDecisionReviews(database), check, requests, clock, new_id)


async def test_a_waiver_is_due_on_its_day_until_somebody_else_has_looked_at_it(
    keep: KeepDecisions, database: Database, clock: SetClock
) -> None:
    report, due = ReportWaivers(keep, SqlWaiverUses(database)), WantedWaivers(review_due=True)
    made = await keep.add("waiver", _ANN, {**_WAIVER, "review_date": "2026-06-01"})
    await keep.approve("waiver", _BOB, made["id"])
    before = await report.page(_ANN, None, 9, due)
    clock.time += timedelta(days=100)

    reported = await report.page(_ANN, None, 9, due)
    with pytest.raises(Conflict, match="their own"):
        await keep.review("waiver", _ANN, made["id"], "looks well", None)
    with pytest.raises(InvalidInput, match="review_date: not after"):
        await keep.review("waiver", _BOB, made["id"], "looks well", clock.now().date() + timedelta(days=400))
    next_day = clock.now().date() + timedelta(days=90)
    reviewed = await keep.review("waiver", _BOB, made["id"], "still so", next_day)

    assert (before, [each["review_due"] for each in reported]) == ([], [True])
    assert (reviewed["review_date"], reviewed["reviewed_by"]) == (next_day, "key:bob")
    assert [(each["by"], each["comment"]) for each in reviewed["reviews"]] == [("key:bob", "still so")]
    assert await report.page(_ANN, None, 9, due) == []
    clock.time += timedelta(days=91)
    assert [each["id"] for each in await report.page(_ANN, None, 9, due)] == [made["id"]]
    await keep.end("waiver", _ANN, made["id"])
    assert await report.page(_ANN, None, 9, due) == []


async def test_a_curation_is_reviewed_by_another_person_than_its_author(keep: KeepDecisions, clock: SetClock) -> None:
    made = await keep.add("curation", _ANN, {"purl": "pkg:npm/left-pad", "license": "MIT", "reason": "seen"})

    with pytest.raises(Conflict, match="their own"):
        await keep.review("curation", _ANN, made["id"], "seen too", None)
    with pytest.raises(InvalidInput, match="without an end"):
        await keep.review("curation", _BOB, made["id"], "seen too", clock.now().date() + timedelta(days=9))
    await keep.review("curation", _BOB, made["id"], "seen too", None)
    ended = await keep.end("curation", _ANN, made["id"])

    assert (made["reviewed_by"], made["reviews"]) == (None, [])
    assert (ended["created_by"], ended["reviewed_by"], bool(ended["reviewed_at"])) == ("key:ann", "key:bob", True)
    with pytest.raises(Conflict, match="in effect"):
        await keep.review("curation", _BOB, made["id"], "again", None)


@pytest.mark.parametrize("day", ["2026-03-01", "2027-03-02"])
async def test_a_review_lies_between_today_and_the_end_of_a_waiver(keep: KeepDecisions, day: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await keep.add("waiver", _ANN, {**_WAIVER, "review_date": day})

    assert [each.pointer for each in refused.value.errors] == ["/review_date"]


async def test_what_older_versions_cannot_read_lies_where_they_do_not_look(database: Database) -> None:
    records = SqlDecisionRecords(database)
    old = a_decision("waiver", reason="other", expires_at="2026-03-02T00:00:00.000000Z")
    new = a_decision("waiver", reason="other", expires_at="2026-03-02T00:00:00.000000Z", linkage="static")
    for each in (old, new):
        await records.add(each, None)

    async with database.read() as connection:
        rows = (await connection.execute(select(decision.c.kind, decision.c.state).order_by(decision.c.id))).all()
    assert [tuple(row) for row in rows] == [("waiver", "in-effect"), ("waiver+", "in-effect+")]
    assert await records.in_effect() == [old, new]
    assert await records.on_package("waiver", None) == [old, new]
    assert await records.ended_between("2026-03-01", "2026-03-03", 9) == [old, new]
    assert [await records.get("waiver", each.id) for each in (old, new)] == [old, new]
    assert [each.id for each in await records.page("waiver", None, 9)] == [new.id, old.id]
    ended = structs.replace(new, state="ended")
    assert [await records.change(ended, "in-effect"), await records.change(ended, "in-effect")] == [True, False]
    assert await records.in_effect() == [old]
