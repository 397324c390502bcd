"""A decision and the request to evaluate again what it touches are stored together, or neither is."""

from collections.abc import AsyncIterator

import pytest
from msgspec import structs
from sqlalchemy.exc import IntegrityError

from policy_eval.adapters.changes import SqlChanges
from policy_eval.adapters.decision_records import SqlDecisionRecords
from policy_eval.adapters.reevaluations import SqlReevaluations
from policy_eval.application.change_ports import Reevaluation
from shared.persistence.engine import Database
from tests.support.decisions import a_decision

_NOW, _LATER, _PURL = "2026-03-01T00:00:00Z", "2026-03-01T01:00:00Z", "pkg:npm/left-pad"


@pytest.fixture
async def database(evaluations_url: str) -> AsyncIterator[Database]:
    opened = Database(evaluations_url)
    yield opened
    await opened.close()


def _request(id_: str, project: str | None = None) -> Reevaluation:
    return Reevaluation(id_, "a curation", _NOW, "service:policy-eval", None, project)


async def test_a_decision_that_is_stored_has_left_its_request(database: Database) -> None:
    records, requests = SqlDecisionRecords(database), SqlReevaluations(database)
    curation = a_decision("curation", purl=_PURL, license="MIT")

    await records.add(curation, _PURL, _request("r1", "shop"))
    added = await requests.take("a process", _NOW, _LATER)
    ended = await records.change(structs.replace(curation, state="ended"), "in-effect", _request("r2", "shop"))
    twice = await records.change(structs.replace(curation, state="ended"), "in-effect", _request("r3", "shop"))

    assert (added, ended, twice) == (_request("r1", "shop"), True, False)
    assert [each.id for each in await requests.page(None, 10)] == ["r2", "r1"]


async def test_a_decision_whose_request_cannot_be_stored_is_not_stored(database: Database) -> None:
    records = SqlDecisionRecords(database)
    known = a_decision("curation", purl=_PURL, license="MIT")
    await records.add(known, _PURL, _request("r1", "shop"))
    changes = await SqlChanges(database).number()

    with pytest.raises(IntegrityError):
        await records.add(a_decision("curation", purl=_PURL, license="ISC"), _PURL, _request("r1", "other"))
    with pytest.raises(IntegrityError):
        await records.change(structs.replace(known, state="ended"), "in-effect", _request("r1", "other"))

    assert await records.in_effect() == [known]
    assert await SqlChanges(database).number() == changes
