"""PostgreSQL hangs: whoever asks is told so while it does, and when it goes on nothing was lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from tests.support.invariants import hold
from tests.support.licet import SERVICES, DistributedLicet
from tests.support.pipelines import Accepted, pipelines
from tests.support.postgresql import ThrowawayPostgres
from tests.support.sboms import a_cyclonedx

pytestmark = pytest.mark.servers
_SECONDS = 12.0  # a statement waited for 15 without the watch over the server
_SBOMS = 12
_FIRST = 4


def test_a_database_that_hangs_is_answered_503_meanwhile_and_loses_nothing(
    distributed: DistributedLicet, postgres: ThrowawayPostgres
) -> None:
    with pipelines(distributed, _FIRST) as burst:
        before = burst.accepted()
    hold(distributed, before)

    with pipelines(distributed, _SBOMS) as burst, distributed.client() as client:
        with _hung(postgres):
            answers = [*_asked(client, before[0]), client.get("/api/v1/releases", timeout=_SECONDS)]
            ready = [
                httpx.get(f"{distributed.urls[each]}/readyz", trust_env=False, timeout=_SECONDS) for each in SERVICES
            ]
        accepted = burst.accepted()

    assert [(each.url.path, each.status_code) for each in answers if each.status_code != 503] == []
    assert {each.headers["retry-after"] for each in answers} == {"2"}
    assert [each.status_code for each in ready] == [503] * len(SERVICES)
    hold(distributed, before + accepted)


def _asked(client: httpx.Client, known: Accepted) -> list[httpx.Response]:
    """Ask, all at once, for something of each service, and send an SBOM; return the answers."""
    gets = [
        f"/api/v1/releases/{known.release}",
        f"/api/v1/sboms/{known.document}",
        f"/api/v1/releases/{known.release}/gate",
        f"/api/v1/releases/{known.release}/obligations",
    ]
    body = a_cyclonedx({"left-pad": "MIT"}, root="hung")
    with ThreadPoolExecutor(len(gets) + 1) as pool:
        sent = pool.submit(client.post, "/api/v1/sboms", content=body, timeout=_SECONDS)
        asked = [pool.submit(client.get, each, timeout=_SECONDS) for each in gets]
        return [each.result() for each in (*asked, sent)]


@contextmanager
def _hung(postgres: ThrowawayPostgres) -> Iterator[None]:
    postgres.pause()
    try:
        yield
    finally:
        postgres.resume()
