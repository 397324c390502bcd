"""Components that an evaluation takes over from the one before are stored and listed as its own."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from policy_eval.adapters.evaluation_reader import SqlEvaluationReader
from policy_eval.adapters.policy_files import default_policy
from policy_eval.adapters.queue_tables import open_question
from policy_eval.adapters.tables import decided_component
from policy_eval.application import difference
from policy_eval.domain.conditions import AllOf, Rule
from shared.persistence.engine import Database
from tests.support.builders import a_component, an_inventory
from tests.support.reevaluating import ReevaluatedReleases

_LICENSES = ("MIT", "GPL-3.0-only", "MPL-2.0 OR GPL-2.0-only", "nobody's", "MPL-2.0")
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
    columns = [each for each in decided_component.c if each.name != "evaluation_id"]
    of_record = select(*columns).where(decided_component.c.evaluation_id == record.id)
    async with releases.database.read() as connection:
        rows = (await connection.execute(of_record.order_by(decided_component.c.position))).all()
        opened = (await connection.execute(select(open_question).order_by(open_question.c.fingerprint))).all()
    assert {row.evaluation_id for row in opened} == {record.id}
    waiting = [(row.fingerprint, row.severity, row.route, row.kind, row.rank) for row in opened]
    listed = await reader.components(record.id, -1, 100), await reader.findings(record.id, -1, 100)
    found = [{**each, "id": ""} for each in listed[1]]
    return [tuple(row) for row in rows], listed[0], found, waiting, record.decisions_sha256, record.gate, record.inputs


async def test_an_evaluation_that_takes_over_is_stored_as_one_that_does_not(
    releases: ReevaluatedReleases, monkeypatch: pytest.MonkeyPatch
) -> None:
    await releases.store("r")
    [release] = await releases.stored.releases_after("", 10)
    policy, before = default_policy(), (await told(releases))[0]
    for category in (None, "weak-copyleft-file", "permissive"):
        releases.policies.version += 1
        if category is not None:
            rules = dict.fromkeys(policy.rules[category], (Rule(AllOf(()), "review-legal"),))
            releases.policies.policy = replace(policy, rules={**policy.rules, category: rules})

        assert await releases.evaluate.if_changed(release.release, release.current) is not None
        taken_over = await told(releases)

        with monkeypatch.context() as patch:
            patch.setattr(difference, "FORM", -1)  # so that nothing is a base
            assert await releases.evaluate.again(release.release, release.current) is not None
        assert taken_over == await told(releases)
        assert (taken_over[0] == before) == (category is None)
        before = taken_over[0]
