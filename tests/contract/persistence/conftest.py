"""The two databases that a service may run on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.persistence.engine import Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once on each."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/folder/that/is/new/licet.sqlite"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()
