"""The systems that the chaos tests kill parts of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.licet import DistributedLicet, StandaloneLicet
from tests.support.postgresql import ThrowawayPostgres
from tests.support.rabbitmq import ThrowawayRabbit


@pytest.fixture(scope="package")
def distributed(
    rabbitmq: ThrowawayRabbit, postgres: ThrowawayPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DistributedLicet]:
    """One system for all tests here: each leaves it whole, and what held of it before must hold after."""
    with DistributedLicet.on(rabbitmq, postgres, tmp_path_factory.mktemp("chaos"), "chaos") as licet:
        yield licet


@pytest.fixture
def standalone(tmp_path: Path) -> Iterator[StandaloneLicet]:
    with StandaloneLicet(tmp_path) as licet:
        yield licet
