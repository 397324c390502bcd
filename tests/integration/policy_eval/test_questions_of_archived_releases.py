"""The questions of an archived release wait for nobody, whatever is evaluated meanwhile and in which order it is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from policy_eval.adapters.queue_tables import open_question, queued_question
from shared.contracts.events import ReleaseArchived
from shared.persistence.engine import Database
from tests.support.reevaluating import ReevaluatedReleases


@pytest.fixture
async def releases(evaluations_url: str, tmp_path: Path) -> AsyncIterator[ReevaluatedReleases]:
    database = Database(evaluations_url)
    yield ReevaluatedReleases(database, tmp_path / "blobs")
    await database.close()


async def _tell(releases: ReevaluatedReleases, archived: bool, minute: int) -> None:
    async with releases.evaluate.unit_of_work() as unit:
        await unit.evaluations.newest_revision("r1")
        await unit.evaluations.archive(ReleaseArchived("r1", archived, f"2026-03-01T12:{minute:02}:00.000000Z"))
        await unit.commit()


async def _waiting(releases: ReevaluatedReleases) -> tuple[int, int]:
    queries = (select(func.count()).select_from(open_question), select(func.sum(queued_question.c.releases)))
    async with releases.database.read() as connection:
        first, second = [int((await connection.execute(query)).scalar_one() or 0) for query in queries]
    return first, second


async def test_an_archived_release_asks_nothing_even_when_it_is_evaluated_again(releases: ReevaluatedReleases) -> None:
    await releases.store("r1")
    before = await _waiting(releases)
    await _tell(releases, archived=True, minute=1)
    archived = await _waiting(releases)
    [known] = await releases.stored.releases_after("", 10)
    await releases.evaluate.again(known.release, known.current)
    again = await _waiting(releases)

    await _tell(releases, archived=False, minute=2)

    assert (before, archived, again, await _waiting(releases)) == ((1, 1), (0, 0), (0, 0), (1, 1))


async def test_the_later_of_two_events_counts_in_whatever_order_they_come(releases: ReevaluatedReleases) -> None:
    await releases.store("r1")

    await _tell(releases, archived=False, minute=2)
    await _tell(releases, archived=True, minute=1)

    assert await _waiting(releases) == (1, 1)


async def test_a_release_that_is_archived_before_it_is_evaluated_asks_nothing(releases: ReevaluatedReleases) -> None:
    await _tell(releases, archived=True, minute=1)

    await releases.store("r1")

    assert await _waiting(releases) == (0, 0)
