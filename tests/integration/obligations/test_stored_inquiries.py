"""Inquiries on each of the two databases, and who sees which."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import msgspec
import pytest

from obligations.adapters.derivations import SqlDerivationReader
from obligations.adapters.inquiries import SqlInquiries
from obligations.application.inquiry_ports import InquiryFilter
from obligations.application.keep_inquiries import InquiryKeeper, KeepInquiries
from obligations.domain.inquiries import InquiryChange, NewInquiry
from obligations.entrypoints.inquiry_metrics import measure
from shared.contracts.response_times import ResponseTimes
from shared.errors import Forbidden, InvalidInput, NotFound, PreconditionFailed
from shared.observability import Metrics
from shared.persistence.engine import Database
from shared.persistence.look_up import LookUps
from tests.support.evaluations import SetClock

_ALL = InquiryKeeper("key:1", ("*",))
_TEAM = InquiryKeeper("key:2", ("team/*",))


class Times:
    """The response times that hold where nobody said others."""

    async def current(self) -> ResponseTimes:
        return ResponseTimes()


@pytest.fixture
async def keep(migrated: Callable[[str], str]) -> AsyncIterator[KeepInquiries]:
    database = Database(await asyncio.to_thread(migrated, "obligations"))
    look_ups, numbers = LookUps(database), count(1)
    reader = SqlDerivationReader(database, look_ups)
    yield KeepInquiries(SqlInquiries(database), Times(), reader, SetClock(), lambda: f"i{next(numbers):03}")
    await look_ups.close()
    await database.close()


async def _record(keep: KeepInquiries, keeper: InquiryKeeper = _ALL, **given: Any) -> dict[str, Any]:
    body = {"kind": "inquiry", "from": "Ada", "subject": "What of zlib?", **given}
    return await keep.record(msgspec.convert(body, NewInquiry), keeper)


async def _ids(keep: KeepInquiries, keeper: InquiryKeeper = _ALL, **wanted: Any) -> list[str]:
    return [each.id for each in await keep.page(InquiryFilter(**wanted), keeper, None, 100)]


def _change(**change: Any) -> InquiryChange:
    return msgspec.convert(change, InquiryChange)


async def test_inquiries_are_listed_by_kind_status_project_and_whether_they_are_overdue(keep: KeepInquiries) -> None:
    first = await _record(keep, received_at="2026-02-16T09:00:00Z")
    await _record(keep, kind="source-request", project="team/shop")
    await _record(keep, project="other", received_at="2026-02-27T09:00:00Z")

    assert await _ids(keep) == ["i003", "i002", "i001"]
    assert await _ids(keep, kind="source-request") == await _ids(keep, project="team/shop") == ["i002"]
    assert (first["overdue"], await _ids(keep, overdue=True), await _ids(keep, overdue=False)) == (
        *(True, ["i001"], ["i003", "i002"]),
    )
    await keep.change("i001", _change(status="acknowledged"), first["etag"], _ALL)
    assert (await _ids(keep, overdue=True), await _ids(keep, status="acknowledged")) == ([], ["i001"])
    assert [each.id for each in await keep.page(InquiryFilter(), _ALL, "i003", 1)] == ["i002"]


async def test_the_metrics_tell_what_is_open_and_overdue_of_each_kind(keep: KeepInquiries) -> None:
    overdue = await _record(keep, received_at="2026-02-16T09:00:00Z")
    await _record(keep, received_at="2026-02-27T09:00:00Z")
    told = Metrics("obligations")

    async def shown(kind: str) -> list[int]:
        await measure(keep.inquiries, keep.clock, told)
        names = ("licet_inquiries_open", "licet_inquiry_overdue_seconds")
        return [round(told.registry.get_sample_value(name, {"kind": kind}) or 0) for name in names]

    late = round((keep.clock.now() - datetime.fromisoformat(overdue["due_at"])).total_seconds())
    assert (await shown("inquiry"), await shown("source-request")) == ([2, late], [0, 0])
    await keep.change("i001", _change(status="answered", answer="It is 1.3."), overdue["etag"], _ALL)
    assert (late > 0, await shown("inquiry")) == (True, [1, 0])


async def test_only_inquiries_about_the_callers_projects_are_shown_and_taken(keep: KeepInquiries) -> None:
    await _record(keep)
    await _record(keep, project="other")
    own = await _record(keep, _TEAM, project="team/shop")

    assert await _ids(keep, _TEAM) == [own["id"]]
    for hidden in ("i001", "i002"):
        with pytest.raises(NotFound):
            await keep.one(hidden, _TEAM)
        with pytest.raises(NotFound):
            await keep.change(hidden, _change(comment="?"), "*", _TEAM)
    with pytest.raises(NotFound):
        await _record(keep, _TEAM, project="other")
    with pytest.raises(Forbidden):
        await _record(keep, _TEAM)
    with pytest.raises(NotFound):
        await _record(keep, release="0" * 36)
    assert keep.clock.now() < datetime(2026, 3, 2, tzinfo=UTC)
    for moment in ("2026-03-02T00:00:00Z", "1999-12-31T00:00:00Z"):
        with pytest.raises(InvalidInput):
            await _record(keep, received_at=moment)


async def test_of_two_changes_of_the_same_state_the_second_is_refused(keep: KeepInquiries) -> None:
    inquiry = await _record(keep)

    done = await asyncio.gather(
        *(keep.change(inquiry["id"], _change(comment=each), inquiry["etag"], _ALL) for each in "ab"),
        return_exceptions=True,
    )

    assert sorted(type(each) is PreconditionFailed for each in done) == [False, True]
    assert len((await keep.one(inquiry["id"], _ALL))["comments"]) == 1
