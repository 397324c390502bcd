"""The two shapes of Licet, each started once, and one scenario suite over both."""

import itertools
from collections.abc import Iterator

import httpx
import pytest

from tests.support.licet import DistributedLicet, Licet, StandaloneLicet
from tests.support.postgresql import ThrowawayPostgres
from tests.support.rabbitmq import ThrowawayRabbit

_projects = itertools.count(1)

_IN_BOTH_SHAPES_ALWAYS = ("verdict", "documents", "decisions", "notice", "obligations")
"""Scenarios that lean on events and databases; `make test-long` has the others in the distributed shape too."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        name = item.path.stem.removeprefix("test_scenario_")
        if name != item.path.stem and name not in _IN_BOTH_SHAPES_ALWAYS and "[distributed" in item.name:
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="package")
def standalone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Licet]:
    with StandaloneLicet(tmp_path_factory.mktemp("standalone")) as running:
        yield running


@pytest.fixture(scope="package")
def distributed(
    rabbitmq: ThrowawayRabbit, postgres: ThrowawayPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Licet]:
    with DistributedLicet.on(rabbitmq, postgres, tmp_path_factory.mktemp("distributed"), "e2e") as running:
        yield running


@pytest.fixture(scope="package", params=["standalone", pytest.param("distributed", marks=pytest.mark.servers)])
def licet(request: pytest.FixtureRequest) -> Licet:
    running: Licet = request.getfixturevalue(request.param)  # which goes on while tests of the other shape run
    return running


@pytest.fixture(scope="package")
def api(licet: Licet) -> Iterator[httpx.Client]:
    """A client with the administrator's key."""
    with licet.client() as client:
        yield client


@pytest.fixture
def project() -> str:
    """The name of a project that this test has to itself."""
    return f"project-{next(_projects)}"
