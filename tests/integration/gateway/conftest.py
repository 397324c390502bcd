"""A running gateway for each test, over stand-ins for the services."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from shared.persistence.engine import Database
from tests.support.gateway import GatewayUnderTest, running_gateway


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayUnderTest]:
    async with running_gateway(tmp_path) as running:
        yield running


@pytest.fixture
async def gateway_database(migrated: Callable[[str], str]) -> AsyncIterator[Database]:
    opened = Database(await asyncio.to_thread(migrated, "gateway"))
    yield opened
    await opened.close()
