"""A consumer keeps what it is given while its database answers nobody, and handles it as soon as it does."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from shared.messaging.broker import Handled, Message
from shared.messaging.memory import MemoryBroker
from shared.persistence.engine import Database
from shared.persistence.postgres_server import ServerSilent
from tests.support.post_office import SHORT_DELAYS, WRITTEN, PostOffice, create_tables
from tests.support.postgresql import ThrowawayPostgres
from tests.support.tcp_proxy import Proxy

pytestmark = pytest.mark.servers


async def test_what_comes_while_the_database_is_silent_is_handled_once_it_answers_and_not_a_delay_later(
    postgres: ThrowawayPostgres, postgres_url: str
) -> None:
    with Proxy(postgres.port).running() as proxy:
        database = Database(make_url(postgres_url).set(port=proxy.port).render_as_string(hide_password=False))
        await create_tables(database)
        office = PostOffice(database, MemoryBroker(SHORT_DELAYS))
        clerk = office.consumer("clerk")
        proxy.hold()
        with pytest.raises((ServerSilent, TimeoutError)):
            async with database.read() as connection:
                await connection.execute(text("SELECT 1"))

        delivery = asyncio.create_task(clerk.deliver(Message("1", WRITTEN, "raw", office.enveloped(WRITTEN))))
        await asyncio.sleep(0.2)
        kept = not delivery.done()
        proxy.forward()

        assert kept
        assert await delivery == Handled()
        assert office.tries == ["foreign"]
        await database.close()
