"""What people say of obligations, on each of the two databases."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.adapters.derivations import SqlDerivationReader, SqlUnitOfWork
from obligations.adapters.tables import obligation
from obligations.application.change_obligation import ChangeObligation
from obligations.application.ports import DerivationRecord, ObligationFilter
from obligations.application.store_derivation import store_derivation
from obligations.domain.derive import derive
from obligations.domain.life import Change, derived_life
from shared.clock import SystemClock, id_source
from shared.errors import NotFound, PreconditionFailed
from shared.persistence.engine import Database
from shared.persistence.look_up import LookUps
from tests.support.decided import a_component, a_release

CATALOGUE = load_obligation_catalogue()
ADMIN = ("key:1", frozenset({"admin"}))


class Stored:
    """Derivations of one project in a database of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.look_ups = LookUps(database)
        self.reader = SqlDerivationReader(database, self.look_ups)
        self.new_id = id_source(SystemClock())
        self.change = ChangeObligation(self.unit, SystemClock())

    def unit(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.database, "obligations", SystemClock(), self.new_id, lambda: None)

    async def derive(
        self, release_id: str, *components: Any, in_notice: bool = False, evaluation_id: str = "", bulk: bool = False
    ) -> None:
        """Derive the release from these components, as its current derivation."""
        obligations = [(each, derived_life(in_notice)) for each in derive(a_release(*components), CATALOGUE)]
        record = DerivationRecord(
            evaluation_id or self.new_id(), release_id, "shop", "1", 1, "2026-11-28T10:00:00Z", "draft", {}, []
        )
        async with self.unit() as unit:
            await store_derivation(unit, record, obligations, bulk=bulk)
            await unit.commit()

    async def changes(self, release_id: str, obligation_id: str) -> list[tuple[str, str, str, str | None]]:
        """By whom, from which status to which, and why."""
        told = await self.reader.changes(release_id, obligation_id, 0, 100)
        return [(each["by"], each["before"]["status"], each["after"]["status"], each["reason"]) for each in told]

    async def all(self, release_id: str, **wanted: Any) -> list[dict[str, Any]]:
        record = await self.reader.record(release_id, None)
        return await self.reader.obligations(record.evaluation_id, ObligationFilter(**wanted), -1, 1000)


@pytest.fixture
async def stored(migrated: Callable[[str], str]) -> AsyncIterator[Stored]:
    database = Database(await asyncio.to_thread(migrated, "obligations"))
    found = Stored(database)
    yield found
    await found.look_ups.close()
    await database.close()


async def test_of_two_changes_of_one_state_the_second_is_refused(stored: Stored) -> None:
    release = stored.new_id()
    await stored.derive(release, a_component("MIT"))
    item = (await stored.all(release))[0]
    place = (release, item["id"])

    changes = [stored.change(place, Change(comment=text), item["etag"], ADMIN) for text in ("one", "two")]
    results = await asyncio.gather(*changes, return_exceptions=True)

    assert sorted(type(each).__name__ for each in results) == ["PreconditionFailed", "dict"]
    assert any(isinstance(each, PreconditionFailed) for each in results)
    assert len(await stored.reader.changes(*place, 0, 10)) == 1


async def test_an_obligation_is_open_again_when_its_facts_change_and_not_when_they_stay(stored: Stored) -> None:
    release = stored.new_id()
    await stored.derive(release, a_component("MIT", name="a"), a_component("ISC", name="b"))
    for item in await stored.all(release, license="MIT") + await stored.all(release, license="ISC"):
        await stored.change((release, item["id"]), Change(status="fulfilled", evidence=["x"]), item["etag"], ADMIN)

    await stored.derive(release, a_component("MIT", name="a", version="2"), a_component("ISC", name="b"))

    assert {each["status"] for each in await stored.all(release, license="MIT")} == {"open"}
    assert {each["status"] for each in await stored.all(release, license="ISC")} == {"fulfilled"}


async def test_what_was_opened_again_in_the_last_release_is_not_carried_on(stored: Stored) -> None:
    first, second, third = (stored.new_id() for _ in range(3))
    await stored.derive(first, a_component("ISC"))
    for item in await stored.all(first):
        await stored.change((first, item["id"]), Change(status="planned", assignee="ann"), item["etag"], ADMIN)
    await stored.derive(second, a_component("ISC"))
    assert {each["inherited_from"] for each in await stored.all(second)} == {first}
    [reopened, kept] = await stored.all(second)
    await stored.change((second, reopened["id"]), Change(status="open"), reopened["etag"], ADMIN)

    await stored.derive(third, a_component("ISC"))

    told = {each["obligation"]: each for each in await stored.all(third)}
    assert (told[reopened["obligation"]]["status"], told[reopened["obligation"]]["assignee"]) == ("open", None)
    assert (told[kept["obligation"]]["status"], told[kept["obligation"]]["inherited_from"]) == ("planned", first)


async def test_what_a_derivation_changes_has_its_rows_among_those_of_people(stored: Stored) -> None:
    release, isc = stored.new_id(), a_component("ISC")
    await stored.derive(release, isc, in_notice=True)
    [item, other] = await stored.all(release)
    assert await stored.changes(release, item["id"]) == []
    await stored.change((release, item["id"]), Change(status="verified"), item["etag"], ADMIN)

    await stored.derive(release, isc)
    await stored.derive(release, isc, in_notice=True)
    await stored.derive(release, a_component("ISC", version="2"))
    await stored.derive(release, a_component("MIT-0"))
    await stored.derive(release, isc, in_notice=True)

    holds, gone = "the NOTICE carries now what is due", "nothing in the release triggers it any more"
    changed = "its facts changed: what was said of it holds no more"
    assert await stored.changes(release, item["id"]) == [
        ("key:1", "fulfilled", "verified", None),
        ("system", "verified", "open", "the NOTICE no longer carries what is due"),
        ("system", "open", "verified", holds),
        ("system", "verified", "open", changed),
        ("system", "open", "not-triggered", gone),
        ("system", "not-triggered", "verified", "the release triggers it now"),
    ]
    assert [each[2] for each in await stored.changes(release, other["id"])][-2:] == ["not-triggered", "fulfilled"]
    current = (await stored.all(release))[0]
    await stored.change((release, item["id"]), Change(comment="seen"), current["etag"], ADMIN)
    assert (await stored.changes(release, item["id"]))[-1][0] == "key:1"


async def test_what_was_put_off_takes_the_place_of_no_later_evaluation(stored: Stored) -> None:
    release = stored.new_id()
    await stored.derive(release, a_component("MIT"), evaluation_id="second")

    await stored.derive(release, a_component("ISC"), evaluation_id="first", bulk=True)
    assert {each["license"] for each in await stored.all(release)} == {"MIT"}

    await stored.derive(release, a_component("ISC"), evaluation_id="third", bulk=True)
    assert {each["license"] for each in await stored.all(release)} == {"ISC"}


async def test_taking_over_from_another_release_is_told_as_a_change(stored: Stored) -> None:
    first, second = stored.new_id(), stored.new_id()
    await stored.derive(first, a_component("ISC"))
    for item in await stored.all(first):
        await stored.change((first, item["id"]), Change(status="planned"), item["etag"], ADMIN)

    await stored.derive(second, a_component("ISC"))

    reason = f"taken over from the release {first}, where its facts are the same"
    for item in await stored.all(second):
        assert await stored.changes(second, item["id"]) == [("system", "open", "planned", reason)]


async def test_rows_of_the_first_version_are_listed_and_not_changed(stored: Stored) -> None:
    release = stored.new_id()
    await stored.derive(release, a_component("MIT"))
    item = (await stored.all(release))[0]
    old = {name: value for name, value in item.items() if name not in ("key", "position")}
    async with stored.database.write() as connection:
        of_item = update(obligation).where(obligation.c.id == item["id"])
        await connection.execute(of_item.values(facts=None, shown=msgspec.json.encode(old)))
        await connection.commit()

    assert len(await stored.all(release)) == 3
    with pytest.raises(NotFound, match="older version"):
        await stored.change((release, item["id"]), Change(comment="x"), "*", ADMIN)
