"""What somebody waits for is handled before the bulk work that came earlier."""

import asyncio

import msgspec
import pytest

from shared.contracts.envelope import Envelope
from shared.messaging.rabbitmq import RabbitBroker
from shared.persistence.engine import Database
from tests.contract.messaging.conftest import Place
from tests.support.post_office import SHORT_DELAYS, WRITTEN, Letter, PostOffice, until


def _in_bulk(envelope: Envelope) -> bool:
    return msgspec.json.decode(envelope.data, type=Letter).text.startswith("bulk")


async def _slowly(text: str) -> None:
    await asyncio.sleep(0.02 if text.startswith("bulk") else 0)


@pytest.mark.servers
async def test_it_overtakes_a_backlog_of_bulk_work_that_was_queued_before_it(rabbit_place: Place) -> None:
    bulk = [f"bulk {number}" for number in range(40)]
    broker = RabbitBroker(rabbit_place.broker_url, rabbit_place.prefix, SHORT_DELAYS, {"clerk": (WRITTEN,)})
    async with PostOffice(Database(rabbit_place.database_url), broker) as away:
        await away.write(*bulk)
        await away.until_sent()
        await away.write("awaited")
        await away.until_sent()

    office = rabbit_place.office()
    office.consumer("clerk", _slowly, in_bulk=_in_bulk)
    async with office:
        await office.until_done(*(("clerk", each) for each in (*bulk, "awaited")))

        assert sorted(office.tries) == sorted([*bulk, "awaited"]), "each is handled once"
        assert office.tries.index("awaited") < 20, office.tries


@pytest.mark.servers
async def test_what_was_put_off_outlasts_an_older_version_that_knows_no_lanes(rabbit_place: Place) -> None:
    bulk = [f"bulk {number}" for number in range(5)]
    newer, older, newer_again = rabbit_place.office(), rabbit_place.office(), rabbit_place.office()
    newer.consumer("clerk", lambda _: asyncio.sleep(0.3), in_bulk=_in_bulk)
    older.consumer("clerk")
    newer_again.consumer("clerk", in_bulk=_in_bulk)

    async with newer:
        await newer.write(*bulk)
        await until(lambda: _put_off(newer, len(bulk)))
    async with older:
        await older.write("bulk to it as any other", "awaited")
        await until(lambda: _has_handled(older, "awaited", "bulk to it as any other"))
    async with newer_again:
        await newer_again.until_done(*(("clerk", each) for each in (*bulk, *older.tries)))

    assert newer_again.tries
    assert {*newer.tries, *newer_again.tries} == set(bulk)


async def _has_handled(office: PostOffice, *texts: str) -> bool:
    return sorted(office.tries) == sorted(texts)


async def _put_off(office: PostOffice, letters: int) -> bool:
    labels = {"consumer": "clerk", "outcome": "putoff"}
    return office.metrics.registry.get_sample_value("licet_messages_total", labels) == letters


async def test_bulk_work_that_fails_is_tried_again_and_buried_as_any_other(place: Place) -> None:
    office = place.office()

    async def fail(text: str) -> None:
        if text == "bulk and broken":
            raise ValueError(text)

    office.consumer("clerk", fail, in_bulk=_in_bulk)
    async with office:
        await office.write("bulk and broken", "bulk")

        (letter,) = await office.until_dead()
        await office.until_done(("clerk", "bulk"))

    assert (letter.attempts, office.tries.count("bulk and broken")) == (5, 5)
