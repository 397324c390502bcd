"""What somebody waits for is handled before the bulk work that came earlier."""

import asyncio

import msgspec
import pytest

from shared.contracts.envelope import Envelope
from shared.messaging.rabbitmq import RabbitBroker
from shared.persistence.engine import Database
from tests.contract.messaging.conftest import Place
from tests.support.post_office import SHORT_DELAYS, WRITTEN, Letter, PostOffice


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
