"""How many releases are waited for, and how long the first of them, on each of the two databases."""

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import text, update

from gateway.adapters.awaited_releases import SqlAwaitedReleases
from gateway.adapters.releases import SqlUnitOfWork
from gateway.adapters.tables import release
from gateway.application.follow_releases import FollowReleases
from gateway.domain.stages import ReleaseProgress, StageResult
from gateway.entrypoints.release_metrics import measure
from shared.clock import uuid7
from shared.contracts.envelope import decode
from shared.contracts.events import ReleaseState
from shared.observability import Metrics
from shared.persistence.engine import Database
from tests.support.gateway import (
    SettableClock,
    a_document,
    a_release_state,
    derived,
    evaluated,
    failed,
    ingested,
    message_of,
)


class Followed:
    """Releases whose events are applied one by one, and what the metrics say of them."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock, self.metrics = database, SettableClock(), Metrics("gateway")

        def unit_of_work() -> SqlUnitOfWork:
            return SqlUnitOfWork(database, "gateway", self.clock, lambda: uuid7(self.clock), lambda: None)

        self.follow = FollowReleases(unit_of_work, lambda _: None, self.clock, lambda: uuid7(self.clock))

    def release(self, version: str) -> ReleaseState:
        return a_release_state(version=version, id=uuid7(self.clock))

    async def tell(self, *events: object) -> None:
        for event in events:
            await self.follow.handle(decode(message_of(event, uuid7(self.clock)).body))

    async def shown(self) -> dict[str, tuple[float, float]]:
        """Stage → how many releases somebody waits for, and for how many seconds."""
        await measure(SqlAwaitedReleases(self.database), self.clock, self.metrics)
        value = self.metrics.registry.get_sample_value
        names = ("licet_releases_awaited", "licet_release_awaited_seconds")
        return {
            stage: (value(names[0], {"stage": stage}) or 0.0, value(names[1], {"stage": stage}) or 0.0)
            for stage in ("evaluated", "obligations")
        }


@pytest.fixture
def followed(gateway_database: Database) -> Followed:
    return Followed(gateway_database)


async def test_a_release_is_waited_for_from_its_upload_until_its_last_stage_has_ended(followed: Followed) -> None:
    first, second, given_up = followed.release("1"), followed.release("2"), followed.release("3")
    await followed.follow.note_ingested(first, a_document(first))
    followed.clock.advance(seconds=60)
    await followed.tell(ingested(first), ingested(second), ingested(given_up), failed(given_up))
    followed.clock.advance(seconds=10)

    assert await followed.shown() == {"evaluated": (2, 70), "obligations": (0, 0)}

    await followed.tell(evaluated(first))
    followed.clock.advance(seconds=5)
    await followed.tell(ingested(replace(second, revision=2)))
    assert await followed.shown() == {"evaluated": (1, 15), "obligations": (1, 5)}

    await followed.tell(derived(first), evaluated(replace(second, revision=2)), derived(replace(second, revision=2)))
    assert await followed.shown() == {"evaluated": (0, 0), "obligations": (0, 0)}


async def test_nobody_waits_for_what_is_evaluated_again_in_bulk_or_was_put_away(followed: Followed) -> None:
    again, archived = followed.release("1"), followed.release("2")
    await followed.tell(ingested(again), evaluated(again), derived(again), ingested(archived))
    await followed.tell(replace(evaluated(again, "e2"), bulk=True), derived(again))
    async with followed.follow.unit_of_work() as unit:
        await unit.projection.archive(archived.id, "2026-03-01T12:00:00Z")
        await unit.commit()

    assert await followed.shown() == {"evaluated": (0, 0), "obligations": (0, 0)}


async def test_what_an_older_replica_has_stored_is_not_waited_for(followed: Followed) -> None:
    states = [followed.release(str(number)) for number in range(4)]
    await followed.tell(*map(ingested, states))
    followed.clock.advance(seconds=5)
    await followed.tell(ingested(last := followed.release("last")))
    done = StageResult(1, "done", evaluation_id="e1")

    async with followed.database.write() as connection:
        for state in states:  # as a version does that knows no more columns than these
            progress = msgspec.json.encode(ReleaseProgress(state, {}, done, done))
            await connection.execute(update(release).where(release.c.id == state.id).values(progress=progress))
        await connection.commit()

    assert (await followed.shown())["evaluated"] == (1, 0)
    async with followed.database.read() as connection:
        left = await connection.execute(text("SELECT id FROM release WHERE awaited IS NOT NULL"))
    assert left.scalars().all() == [last.id]
