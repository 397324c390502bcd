"""The two shapes of Licet, each started once, and one scenario suite over both."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.licet import DistributedLicet, Licet, StandaloneLicet

_projects = itertools.count(1)


@pytest.fixture(scope="session", params=["standalone", pytest.param("distributed", marks=pytest.mark.servers)])
def licet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Licet]:
    folder = tmp_path_factory.mktemp(request.param)
    with _shape(request, folder) as running:
        yield running


def _shape(request: pytest.FixtureRequest, folder: Path) -> Licet:
    if request.param == "standalone":
        return StandaloneLicet(folder)
    servers = request.getfixturevalue("rabbitmq"), request.getfixturevalue("postgres")
    return DistributedLicet.on(*servers, folder, "e2e")


@pytest.fixture(scope="session")
def api(licet: Licet) -> Iterator[httpx.Client]:
    """A client with the administrator's key."""
    with licet.client() as client:
        yield client


@pytest.fixture
def project() -> str:
    """The name of a project that this test has to itself."""
    return f"project-{next(_projects)}"
