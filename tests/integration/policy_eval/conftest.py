"""Stored evaluations on each of the two databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.persistence.engine import Database
from shared.persistence.migrate import migrate
from tests.support.evaluations import StoredEvaluations


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def evaluations_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with policy-eval's schema and nothing in it, once on each."""
    url = f"sqlite+aiosqlite:///{tmp_path}/policy-eval.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    migrate("policy_eval", url)
    return url


@pytest.fixture
async def evaluations(evaluations_url: str, tmp_path: Path) -> AsyncIterator[StoredEvaluations]:
    database = Database(evaluations_url)
    yield StoredEvaluations(database, tmp_path / "blobs")
    await database.close()
