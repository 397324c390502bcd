"""The validation steps 8 to 10 are told in order, and approvals hold for a digest alone, on each of the two databases."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from obligations.adapters.approvals import SqlApprovalReader
from obligations.adapters.attributions import SqlAttributions
from obligations.adapters.derivations import SqlDerivationReader, SqlUnitOfWork
from obligations.application.approve import Approve
from obligations.application.look_up import LookUp
from obligations.application.ports import DerivationRecord, GivenAttributions
from obligations.application.store_derivation import store_derivation
from obligations.application.tell_steps import tell_derivation
from obligations.domain.approvals import NoticeApproval, OutboundCheck, Point
from obligations.domain.release_steps import StepFacts
from shared.clock import SystemClock, id_source
from shared.contracts.envelope import decode
from shared.contracts.events import ObligationsDerived, ReleaseState
from shared.errors import Conflict, NotFound
from shared.messaging.tables import outbox
from shared.persistence.blobs import FolderBlobs
from shared.persistence.engine import Database
from shared.persistence.look_up import LookUps

_NOTICE, _OTHER = "a" * 64, "b" * 64
_FINE = Point("cleared", "looked at")
_ROW_OF_AN_OLDER_VERSION: dict[str, Any] = {"step_facts": None}


class Releases:
    """Releases of one project with their derivations, and what is approved of them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self.look_ups = LookUps(database)
        self.new_id = id_source(SystemClock())
        self.attributions = SqlAttributions(database)
        look_up = LookUp(SqlDerivationReader(database, self.look_ups), FolderBlobs(folder))
        approvals = SqlApprovalReader(database)
        self.approve = Approve(look_up, approvals, self.attributions, self._unit, SystemClock(), self.new_id)

    def _unit(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self._database, "obligations", SystemClock(), self.new_id, lambda: None)

    async def derive(self, release: str, notice: str = _NOTICE, revision: int = 1, **more: Any) -> None:
        """Derive a final NOTICE with this digest from documents that are as old as it."""
        state = ReleaseState(release, "shop", "1", "public-oss-eupl", revision, "2026-01-01T00:00:00Z")
        facts = StepFacts(state, 0, 0, True, {"main": notice}, {})
        head: Any = (
            self.new_id(),
            release,
            "shop",
            "1",
            revision,
            "2026-11-28T10:00:00Z",
            "final",
            {"text": notice},
            [],
        )
        record = DerivationRecord(*head, **{"step_facts": facts} | more)
        async with self._unit() as unit:
            is_current = await store_derivation(unit, record, [])
            if record.step_facts is not None:
                await tell_derivation(unit, record, facts, is_current)
            await unit.commit()

    async def told(self) -> list[tuple[int, dict[str, str]]]:
        """Of all events the number, and the state of each step."""
        async with self._database.read() as connection:
            bodies = (await connection.execute(select(outbox.c.body).order_by(outbox.c.seq))).scalars().all()
        events = [msgspec.json.decode(decode(each).data, type=ObligationsDerived) for each in bodies]
        return [(each.told, {step.name: step.state for step in each.steps}) for each in events]


@pytest.fixture
async def releases(migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[Releases]:
    database = Database(await asyncio.to_thread(migrated, "obligations"))
    found = Releases(database, tmp_path)
    yield found
    await found.look_ups.close()
    await database.close()


def _check(documents: dict[str, str]) -> OutboundCheck:
    return OutboundCheck(documents, _FINE, _FINE, _FINE, _FINE, _FINE)


async def test_what_is_approved_is_told_with_the_next_number(releases: Releases) -> None:
    release = releases.new_id()
    await releases.derive(release)

    await releases.approve.notice(release, NoticeApproval(_NOTICE), "key:1")
    await releases.approve.outbound(release, _check({"main": _NOTICE}), "key:2")
    await releases.approve.withdraw(release, "notice", "key:1")

    told = [(number, steps["notice"], steps["outbound-ip-check"]) for number, steps in await releases.told()]
    assert told == [(1, "open", "open"), (2, "done", "open"), (3, "done", "done"), (4, "open", "done")]


async def test_an_approval_holds_no_more_for_another_digest_and_again_for_the_same(releases: Releases) -> None:
    first, second = releases.new_id(), releases.new_id()
    await releases.derive(first)
    await releases.approve.notice(first, NoticeApproval(_NOTICE), "key:1")

    await releases.derive(first, _OTHER, 2)
    await releases.derive(second)

    assert [steps["notice"] for _, steps in await releases.told()] == ["open", "done", "open", "done"]
    assert (await releases.approve.shown(second, "notice"))["approval"]["release"] == first
    with pytest.raises(NotFound, match="no approval"):
        await releases.approve.withdraw(first, "notice", "key:1")


async def test_a_derivation_that_is_past_tells_of_no_steps(releases: Releases) -> None:
    release = releases.new_id()
    await releases.derive(release, revision=2)

    await releases.derive(release, _OTHER, 1)

    assert [number for number, _ in await releases.told()] == [1, 0]
    assert (await releases.told())[1] == (0, {})


async def test_nobody_approves_what_they_have_not_read_or_handed_in_themselves(releases: Releases) -> None:
    release = releases.new_id()
    await releases.attributions.add(GivenAttributions(releases.new_id(), "shop", "key:1", "2026-11-28", "c" * 64))
    await releases.derive(release, attributions=["c" * 64])

    with pytest.raises(Conflict, match="another one by now"):
        await releases.approve.notice(release, NoticeApproval(_OTHER), "key:2")
    with pytest.raises(Conflict, match="somebody else"):
        await releases.approve.notice(release, NoticeApproval(_NOTICE), "key:1")
    with pytest.raises(Conflict, match="other documents"):
        await releases.approve.outbound(release, _check({"main": _OTHER}), "key:2")
    assert (await releases.approve.notice(release, NoticeApproval(_NOTICE), "key:2"))["approved_by"] == "key:2"


async def test_what_an_older_version_derived_is_approved_after_it_is_derived_anew(releases: Releases) -> None:
    release = releases.new_id()
    await releases.derive(release, **_ROW_OF_AN_OLDER_VERSION)

    with pytest.raises(Conflict, match="older version"):
        await releases.approve.notice(release, NoticeApproval(_NOTICE), "key:2")
    assert await releases.told() == []
