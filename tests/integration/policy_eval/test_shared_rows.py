"""Components whose rows an evaluation shares with the one before are listed and found as its own."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic import command
from sqlalchemy import func, select

from policy_eval.adapters.evaluation_reader import SqlEvaluationReader
from policy_eval.adapters.policy_files import default_policy
from policy_eval.adapters.queue_tables import open_question
from policy_eval.adapters.tables import decided_component
from policy_eval.application import difference
from policy_eval.application.ports import EvaluationRecord
from policy_eval.domain.component_search import ComponentSearch, ReleasesAsked
from policy_eval.domain.conditions import AllOf, Rule
from policy_eval.domain.purls import read_purl
from shared.persistence.engine import Database
from shared.persistence.migrate import configuration, migrate
from tests.support.builders import a_component, an_inventory
from tests.support.reevaluating import ReevaluatedReleases

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


async def told(releases: ReevaluatedReleases) -> tuple[Any, ...]:
    """All that is stored and told of the current evaluation of the release, but for its number and time."""
    reader = SqlEvaluationReader(releases.database)
    record = await reader.record("r", None)
    async with releases.database.read() as connection:
        opened = (await connection.execute(select(open_question).order_by(open_question.c.fingerprint))).all()
    assert {row.evaluation_id for row in opened} == {record.id}
    waiting = [(row.fingerprint, row.severity, row.route, row.kind, row.rank) for row in opened]
    listed = await reader.components(record.id, -1, 100)
    found = [{**each, "id": ""} for each in await reader.findings(record.id, -1, 100)]
    searched = [await searches(reader, record, each) for each in listed]
    return listed, searched, found, waiting, record.decisions_sha256, record.gate, record.inputs


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


async def rows(releases: ReevaluatedReleases) -> int:
    async with releases.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(decided_component))).scalar_one())


async def test_an_evaluation_that_shares_rows_tells_what_one_that_does_not_tells(
    releases: ReevaluatedReleases, monkeypatch: pytest.MonkeyPatch
) -> None:
    await releases.store("r")
    [release] = await releases.stored.releases_after("", 10)
    policy, before, stored = default_policy(), (await told(releases))[0], await rows(releases)
    for category in (None, "weak-copyleft-file", "permissive"):
        releases.policies.version += 1
        if category is not None:
            rules = dict.fromkeys(policy.rules[category], (Rule(AllOf(()), "review-legal"),))
            releases.policies.policy = replace(policy, rules={**policy.rules, category: rules})

        assert await releases.evaluate.if_changed(release.release, release.current) is not None
        shared = await told(releases)
        assert await rows(releases) == stored

        with monkeypatch.context() as patch:
            patch.setattr(difference, "FORM", -1)  # so that nothing is a base
            assert await releases.evaluate.again(release.release, release.current) is not None
        stored += len(_LICENSES)
        assert shared == await told(releases)
        assert (shared[0] == before) == (category is None)
        before = shared[0]
    assert before[5]["effective_license"] == "MPL-2.0"


async def test_shared_rows_become_those_of_each_evaluation_when_the_schema_goes_back(
    releases: ReevaluatedReleases, evaluations_url: str
) -> None:
    await releases.store("r")
    [release] = await releases.stored.releases_after("", 10)
    rules = dict.fromkeys(default_policy().rules["permissive"], (Rule(AllOf(()), "review-legal"),))
    releases.policies.policy = replace(default_policy(), rules={**default_policy().rules, "permissive": rules})
    releases.policies.version += 1
    await releases.evaluate.if_changed(release.release, release.current)
    shared = await told(releases)

    with configuration("policy_eval", evaluations_url) as config:
        await asyncio.to_thread(command.downgrade, config, "0060")
        assert await rows(releases) == 2 * len(_LICENSES)
    await asyncio.to_thread(migrate, "policy_eval", evaluations_url)

    assert await told(releases) == shared
