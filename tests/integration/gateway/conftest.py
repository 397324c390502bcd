"""A running gateway for each test, over stand-ins for the services."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.persistence.engine import Database
from shared.persistence.migrate import migrate
from tests.support.gateway import GatewayUnderTest, running_gateway


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayUnderTest]:
    async with running_gateway(tmp_path) as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
async def gateway_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path}/gateway.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    await asyncio.to_thread(migrate, "gateway", url)
    opened = Database(url)
    yield opened
    await opened.close()
