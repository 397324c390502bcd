"""Rows that an evaluation shares with the one before are listed and found as its own."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from alembic import command
from sqlalchemy import Table, func, select

from policy_eval.adapters.evaluation_reader import SqlEvaluationReader
from policy_eval.adapters.policy_files import default_policy
from policy_eval.adapters.queue_reader import SqlQueue
from policy_eval.adapters.queue_tables import open_question
from policy_eval.adapters.tables import decided_component, evaluation, finding, release_input
from policy_eval.application import difference
from policy_eval.application.explain_component import ExplainComponent
from policy_eval.application.ports import EvaluationRecord
from policy_eval.application.show_queue import QueueFilter, QueuePage
from policy_eval.domain.component_gaps import Lack
from policy_eval.domain.component_search import ComponentSearch, ReleasesAsked
from policy_eval.domain.conditions import AllOf, Rule
from policy_eval.domain.policy import Policy
from policy_eval.domain.purls import read_purl
from policy_eval.domain.waiting import Timers
from shared.contracts.events import ReleaseArchived
from shared.contracts.response_times import ResponseTimes
from shared.contracts.steps import BY_EVALUATION, StepName
from shared.persistence.engine import Database
from shared.persistence.migrate import configuration, migrate
from tests.support.builders import a_component, an_inventory
from tests.support.reevaluating import ReevaluatedReleases, other_on

_LICENSES = ("MIT", "GPL-3.0-only", "MPL-2.0 OR GPL-2.0-only", "nobody's", "MPL-2.0", "MIT OR MPL-2.0")
_INVENTORY = an_inventory(
    *(a_component(each, name=f"c{number}") for number, each in enumerate(_LICENSES)),
    edges=[(number - 1, number) for number in range(len(_LICENSES))],
)


@pytest.fixture
async def releases(evaluations_url: str, tmp_path: Path) -> AsyncIterator[ReevaluatedReleases]:
    database = Database(evaluations_url)
    releases = ReevaluatedReleases(database, tmp_path / "blobs")
    releases.inventories.inventory = msgspec.json.encode(_INVENTORY)
    yield releases
    await database.close()


async def told(releases: ReevaluatedReleases, release: str = "r") -> dict[str, Any]:
    """All that is stored and told of the current evaluation of the release, but for its number and time."""
    reader = SqlEvaluationReader(releases.database)
    record = await reader.record(release, None)
    of_release = select(open_question).where(open_question.c.release_id == release)
    async with releases.database.read() as connection:
        opened = (await connection.execute(of_release.order_by(open_question.c.fingerprint))).all()
    assert {row.evaluation_id for row in opened} == {await teller(releases, release) or record.id}
    listed = await reader.components(record.id, -1, 100)
    return {
        "record": (record.decisions_sha256, record.gate, record.inputs, record.findings_total, record.steps),
        "listed": listed,
        "searched": [await searches(reader, record, each) for each in listed],
        "findings": [{**each, "id": ""} for each in await reader.findings(record.id, -1, 100)],
        "of steps": [await ranks_of_step(reader, record, each) for each in BY_EVALUATION],
        "since": await since_the_first(reader, record),
        "lacking": [await reader.positions_lacking(record.id, lack, -1, 10) for lack in get_args(Lack)],
        "explained": [await explained(reader, record, each) for each in listed],
        "waiting": [(row.fingerprint, row.severity, row.route, row.kind, row.rank) for row in opened],
        "queued": await queued(releases),
    }


async def ranks_of_step(reader: SqlEvaluationReader, record: EvaluationRecord, step: StepName) -> list[int]:
    return [rank for rank, _ in await reader.findings_of_step(record.id, step, -1, 100)]


async def since_the_first(reader: SqlEvaluationReader, record: EvaluationRecord) -> tuple[Any, ...]:
    first = (await reader.all(record.release.id, None, 100))[-1].id
    total, new = await reader.new_findings(record.id, first, 100)
    gone = await reader.new_findings(first, record.id, 100)
    since = [{**each, "id": ""} for each in await reader.findings_since(record.id, first, 100)]
    counts = await reader.counts_since(record.id, first)
    return total, new, gone, since, counts, await reader.common_findings(record.id, first)


async def explained(reader: SqlEvaluationReader, record: EvaluationRecord, component: dict[str, Any]) -> Any:
    return (await ExplainComponent(reader)(record.release.id, None, component["purl"], None))["items"]


async def queued(releases: ReevaluatedReleases) -> list[Any]:
    """The queue, but for since when each question waits: that begins anew when a release comes back."""
    timers = Timers(ResponseTimes(), releases.clock.now())
    page = await SqlQueue(releases.database).page(QueueFilter(), None, QueuePage(None, 100), timers)
    times = ("waiting_since", "due_at", "overdue", "escalated_to", "escalated_at")
    return [
        {**each.shown, "example": {**each.shown["example"], "evaluation": ""}, **dict.fromkeys(times)} for each in page
    ]


async def teller(releases: ReevaluatedReleases, release: str = "r") -> str | None:
    """The evaluation that the current one of the release repeats."""
    query = select(evaluation.c.same_as).join(release_input, release_input.c.evaluation_id == evaluation.c.id)
    async with releases.database.read() as connection:
        return (await connection.execute(query.where(release_input.c.release_id == release))).scalar_one()


async def searches(reader: SqlEvaluationReader, record: EvaluationRecord, component: dict[str, Any]) -> tuple[Any, ...]:
    """What is found by the purl, with licences that the component has or had, by its name and by its position."""
    purl = read_purl(component["purl"])
    assert purl is not None
    by_license = [ComponentSearch(purl, license=each) for each in ("MIT", "MPL-2.0", component["license"])]
    return (
        [await reader.releases_with(each, ReleasesAsked(10)) for each in (ComponentSearch(purl), *by_license)],
        await reader.positions_of(record, purl),
        await reader.positions_named(record.id, component["name"], 10),
        await reader.components_at(record.id, [component["position"]]),
    )


async def rows(releases: ReevaluatedReleases, table: Table = decided_component) -> int:
    async with releases.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def under(releases: ReevaluatedReleases, policy: Policy) -> None:
    """Evaluate all releases again under this policy as the next version."""
    releases.policies.policy, releases.policies.version = policy, releases.policies.version + 1
    for each in await releases.stored.releases_after("", 10):
        assert await releases.evaluate.if_changed(each.release, each.current) is not None


@pytest.mark.parametrize("category", ["network-copyleft", "weak-copyleft-file", "permissive"])
async def test_an_evaluation_that_shares_rows_tells_what_one_that_does_not_tells(
    releases: ReevaluatedReleases, monkeypatch: pytest.MonkeyPatch, category: str
) -> None:
    await releases.store("r")
    before, stored, findings = await told(releases), await rows(releases), await rows(releases, finding)
    says_the_same = category == "network-copyleft"  # of which nothing in the release is

    for _ in range(2):
        await under(releases, other_on(category))
    shared = await told(releases)

    assert await rows(releases) == stored
    assert await teller(releases) is not None
    assert (await rows(releases, finding) == findings) == says_the_same
    with monkeypatch.context() as patch:
        patch.setattr(difference, "FORM", -1)  # so that nothing is a base
        [release] = await releases.stored.releases_after("", 10)
        assert await releases.evaluate.again(release.release, release.current) is not None
    assert await teller(releases) is None
    assert await told(releases) == shared
    assert (shared["listed"] == before["listed"]) == says_the_same
    assert (shared["listed"][5]["effective_license"] == "MPL-2.0") == (category == "permissive")


async def test_what_comes_from_the_release_before_is_told_as_it_is_now(releases: ReevaluatedReleases) -> None:
    await releases.store("q", context="internal-saas")
    await releases.store("r")
    before = {each["inherited_from"] for each in (await told(releases))["findings"]}

    policy = default_policy()
    milder = {**policy.rules["unknown"], "internal-saas": (Rule(AllOf(()), "allow"),)}
    await under(releases, replace(policy, rules={**policy.rules, "unknown": milder}))

    told_now, is_repeated = await told(releases), await teller(releases) is not None
    [_, release] = await releases.stored.releases_after("", 10)
    await releases.evaluate.again(release.release, release.current)
    assert "q" in before
    assert told_now == await told(releases)
    assert not is_repeated


async def test_a_repeated_evaluation_waits_for_its_release_to_come_back(releases: ReevaluatedReleases) -> None:
    await releases.store("r")
    await under(releases, default_policy())
    before = await told(releases)

    for minute, archived in enumerate((True, False)):
        async with releases.evaluate.unit_of_work() as unit:
            await unit.evaluations.newest_revision("r")
            await unit.evaluations.archive(ReleaseArchived("r", archived, f"2026-03-01T12:0{minute}:00.000000Z"))
            await unit.commit()

    assert await teller(releases) is not None
    assert await told(releases) == before


async def test_shared_rows_become_those_of_each_evaluation_when_the_schema_goes_back(
    releases: ReevaluatedReleases, evaluations_url: str
) -> None:
    await releases.store("r")
    await under(releases, other_on("permissive"))
    await under(releases, other_on("permissive"))
    shared = await told(releases)

    with configuration("policy_eval", evaluations_url) as config:
        await asyncio.to_thread(command.downgrade, config, "0060")
        assert await rows(releases) == 3 * len(_LICENSES)
    await asyncio.to_thread(migrate, "policy_eval", evaluations_url)

    assert await teller(releases) is None
    assert await told(releases) == shared
