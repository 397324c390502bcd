"""What is committed arrives, what is not does not, and what arrives twice is done once."""

import asyncio
from contextlib import suppress

from sqlalchemy import update

from shared.messaging.tables import inbox, outbox
from shared.observability import correlated, correlation
from tests.contract.messaging.conftest import Place
from tests.support.post_office import WRITTEN, Letter, PostOffice, until


async def test_an_event_of_a_committed_transaction_is_handled_once_by_every_consumer(place: Place) -> None:
    office = place.office()
    office.consumer("clerk")
    office.consumer("archivist")

    async with office:
        await office.write("one", "two")

        await office.until_done(("clerk", "one"), ("clerk", "two"), ("archivist", "one"), ("archivist", "two"))
        await office.until_sent()
        assert len(office.tries) == 4


async def test_an_event_of_a_transaction_that_is_rolled_back_is_never_published(place: Place) -> None:
    office = place.office()
    office.consumer("clerk")

    async with office:
        async with office.unit() as unit:
            await unit.emit(WRITTEN, "x", Letter("not committed"))
        with suppress(LookupError):
            async with office.unit() as unit:
                await unit.emit(WRITTEN, "x", Letter("interrupted"))
                raise LookupError
        await office.write("kept", subject="x")
        await office.until_done(("clerk", "kept"))

        assert [row.subject for row in await office.rows(outbox)] == ["x"]
        assert office.tries == ["kept"]


async def test_an_event_that_is_published_twice_has_its_effect_once(place: Place) -> None:
    office = place.office()
    office.consumer("clerk")

    async with office:
        await office.write("one")
        await office.until_sent()
        await office.until_done(("clerk", "one"))
        async with office.database.write() as connection:
            await connection.execute(update(outbox).values(sent_at=None))
            await connection.commit()
        office.relay.wake()
        await until(lambda: _is(len(office.tries) == 2))
        await office.until_sent()

        assert await office.effects() == [("clerk", "one")]
        assert [row.consumer for row in await office.rows(inbox)] == ["clerk"]


async def test_an_event_that_nobody_has_subscribed_to_stays_in_the_outbox_until_somebody_does(place: Place) -> None:
    async with place.office() as lonely:
        await lonely.write("early")
        await until(lambda: _any_failed(lonely))
        assert [row.sent_at for row in await lonely.rows(outbox)] == [None]

    office = place.office()
    office.consumer("clerk")
    async with office:
        await office.until_done(("clerk", "early"))
        await office.until_sent()


async def test_closing_waits_for_the_delivery_at_hand(place: Place) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slowly(_text: str) -> None:
        begun.set()
        await may_end.wait()

    office = place.office()
    office.consumer("clerk", before=slowly)
    async with office:
        await office.write("at hand")
        await begun.wait()
        closing = asyncio.gather(office.relay.stop(), office.broker.close())
        done, _ = await asyncio.wait([closing], timeout=0.3)
        assert not done, "it closed under the handler's feet"
        may_end.set()
        await closing
        assert await office.effects() == [("clerk", "at hand")]

    later = place.office()
    later.consumer("clerk")
    async with later:
        await later.write("next")
        await later.until_done(("clerk", "at hand"), ("clerk", "next"))
        assert later.tries == ["next"], "the delivery at hand was acknowledged before the end"


async def test_an_event_knows_the_request_that_caused_it(place: Place) -> None:
    seen: list[tuple[str, str]] = []

    async def look(_text: str) -> None:
        seen.append(correlation())

    office = place.office()
    office.consumer("clerk", before=look)
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    async with office:
        with correlated(request_id="request-7", traceparent=traceparent):
            await office.write("one")
        await office.until_done(("clerk", "one"))

    assert seen == [("request-7", traceparent)]


async def _is(value: bool) -> bool:
    return value


async def _any_failed(office: PostOffice) -> bool:
    return any(row.last_error for row in await office.rows(outbox))
