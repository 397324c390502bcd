"""Fixtures for all kinds of tests. A server is started when the first test asks for it, and ends with the session."""

import gc
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist.remote import Producer

from tests.support.examples import examples
from tests.support.migrated import postgres_copy, sqlite_copy
from tests.support.postgresql import ThrowawayPostgres
from tests.support.processes import MissingServer
from tests.support.rabbitmq import ThrowawayRabbit
from tests.support.schedule import LongestFirst, sort_longest_first

_SERVER_FIXTURES = {"rabbitmq", "postgres"}
_REPOSITORY_ROOT = Path(__file__).resolve().parent.parent
# How long an example takes says more of what else the machine does.
settings.register_profile("licet", examples(50), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("licet")
# What structlog does unless told otherwise, but for tracebacks by rich, which cost 1.5 s of CPU each.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)
_database_numbers = itertools.count(1)
_Server = TypeVar("_Server", ThrowawayRabbit, ThrowawayPostgres)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that use a server, so that `-m "not servers"` runs where none is installed; the long ones first."""
    for item in items:
        if _SERVER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)
    sort_longest_first(items)


def pytest_collection_finish() -> None:
    """Spares the garbage collector what stays until the end: all modules and tests."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LongestFirst:
    config.option.loadscopereorder = False
    return LongestFirst(config, log)


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[ThrowawayRabbit]:
    """The session's one RabbitMQ node. A test that ends it starts it again; tests keep apart by the names they use."""
    with _present(ThrowawayRabbit) as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[ThrowawayPostgres]:
    """The session's one PostgreSQL server. A test that ends it starts it again."""
    with _present(ThrowawayPostgres) as server:
        yield server


@pytest.fixture
def postgres_url(postgres: ThrowawayPostgres) -> Iterator[str]:
    """The URL of an empty database that this test has to itself, for SQLAlchemy with asyncpg."""
    name = f"test_{next(_database_numbers)}"
    yield postgres.database(name)
    postgres.drop_database(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes a database with the newest schema of a service's package, once on each kind, and gives its URL."""
    if request.param == "sqlite":
        yield lambda package: sqlite_copy(package, tmp_path / f"{package}.sqlite")
        return
    postgres: ThrowawayPostgres = request.getfixturevalue("postgres")
    name = f"test_{next(_database_numbers)}"
    yield lambda package: postgres_copy(package, postgres, name)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def repository_root() -> Path:
    return _REPOSITORY_ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real SBOMs, which are not part of the project: $LICET_CORPUS, else ../shared/corpus."""
    folder = Path(os.environ.get("LICET_CORPUS") or _REPOSITORY_ROOT.parent / "shared" / "corpus").resolve()
    if not folder.is_dir():
        pytest.skip("the corpus of real SBOMs is not on this machine; LICET_CORPUS names its folder")
    return folder


def _present(kind: type[_Server]) -> _Server:
    # A failure and never a skip: otherwise a machine without the servers would report success for what it did not test.
    try:
        return kind()
    except MissingServer as missing:
        message = str(missing)
    pytest.fail(message, pytrace=False)
