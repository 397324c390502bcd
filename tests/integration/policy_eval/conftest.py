"""Stored evaluations on each of the two databases."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from shared.persistence.engine import Database
from tests.support.evaluations import StoredEvaluations


@pytest.fixture
def evaluations_url(migrated: Callable[[str], str]) -> str:
    """The URL of a database with policy-eval's schema and nothing in it, once on each."""
    return migrated("policy_eval")


@pytest.fixture
async def evaluations(evaluations_url: str, tmp_path: Path) -> AsyncIterator[StoredEvaluations]:
    database = Database(evaluations_url)
    yield StoredEvaluations(database, tmp_path / "blobs")
    await database.close()
