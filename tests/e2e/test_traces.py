"""What becomes of one SBOM is one trace, from the POST to the NOTICE, through all services and over restarts."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx
import pytest

from standalone.bootstrap import create_app, migrate_all
from standalone.settings import Settings
from tests.support.collector import Collector, SeenSpan, collecting
from tests.support.licet import DistributedLicet
from tests.support.postgresql import ThrowawayPostgres
from tests.support.processes import wait_until
from tests.support.rabbitmq import ThrowawayRabbit
from tests.support.sboms import a_cyclonedx

_KEY = "licet_" + "k" * 40
_THEIR_TRACE = "0af7651916cd43dd8448eb211c80319c"
_THEIR_SPAN = "b7ad6b7169203331"
_SENT = {"traceparent": f"00-{_THEIR_TRACE}-{_THEIR_SPAN}-01"}
_THE_WAY = [
    ("gateway", "POST /api/v1/sboms"),
    ("sbom-ingest", "POST /api/v1/sboms"),
    ("sbom-ingest", "store document"),
    ("sbom-ingest", "publish sbom.ingested.v1"),
    ("policy-eval", "handle sbom.ingested.v1"),
    ("policy-eval", "store evaluation"),
    ("policy-eval", "publish release.evaluated.v1"),
    ("obligations", "handle release.evaluated.v1"),
    ("obligations", "derive obligations"),
    ("obligations", "render NOTICE"),
]
"""Each is a child of the one before it."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as listening:
        yield listening


async def test_standalone_one_trace_leads_from_the_request_to_the_notice(tmp_path: Path, collector: Collector) -> None:
    migrate_all(tmp_path)
    app = create_app(Settings(data_dir=tmp_path, traces_url=collector.url), _KEY)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://licet", headers={"X-Api-Key": _KEY}
    )

    async with app.router.lifespan_context(app), client:
        query = {"project": "shop", "version": "1", "wait": "60"}
        answer = await client.post("/api/v1/sboms", params=query, content=a_cyclonedx(), headers=_SENT)
        await client.get("/healthz")

    assert answer.json()["stages"]["obligations"] == "done"
    _is_one_way(collector.spans)
    assert not _named(collector.spans, "GET /healthz")
    assert answer.headers["traceparent"].split("-")[1] == _THEIR_TRACE
    assert {each.attributes["licet.release"] for each in _named(collector.spans, "render NOTICE")} == {
        answer.json()["release"]["id"]
    }
    assert not any(_KEY.encode() in body for body in collector.bodies)


@pytest.mark.long
def test_distributed_a_trace_goes_on_in_the_process_that_takes_over(
    rabbitmq: ThrowawayRabbit, postgres: ThrowawayPostgres, tmp_path: Path, collector: Collector
) -> None:
    licet = DistributedLicet.on(rabbitmq, postgres, tmp_path, "traces")
    licet.further_settings["LICET_TRACES_URL"] = collector.url
    with licet, licet.client() as api:
        query = {"project": "shop", "version": "1", "wait": "60"}
        answer = api.post("/api/v1/sboms", params=query, content=a_cyclonedx(), headers=_SENT)
        assert answer.json()["stages"]["obligations"] == "done"

        licet.restart("sbom-ingest", crash_at="outbox-before-publish")
        licet.wait_ready("sbom-ingest")
        later = api.post("/api/v1/sboms", params={"project": "shop", "version": "2"}, content=a_cyclonedx())
        assert wait_until(lambda: not licet.process("sbom-ingest").running, timeout=30)
        licet.launch("sbom-ingest")
        release = later.json()["release"]["id"]
        notice = api.get(f"/api/v1/releases/{release}/notice", params={"wait": "60"})
        assert notice.status_code == 200

    _is_one_way(collector.spans)
    trace = later.headers["traceparent"].split("-")[1]
    of_later = {(each.service, each.name) for each in collector.spans if each.trace == trace}
    assert {_THE_WAY[0], *_THE_WAY[3:]} <= of_later
    secrets = (licet.admin_key, licet.internal_key, licet.broker_url, *licet.databases.values())
    assert not any(each.encode() in body for body in collector.bodies for each in secrets)


def _is_one_way(spans: Iterable[SeenSpan]) -> None:
    """All spans of the trace that was sent in hang together, and the way of the SBOM is a line of them."""
    ours = [each for each in spans if each.trace == _THEIR_TRACE]
    known = {each.id: each for each in ours}
    assert {each.parent for each in ours} - known.keys() == {_THEIR_SPAN}
    assert not any(each.failed for each in ours)
    last = next(each for each in ours if (each.service, each.name) == _THE_WAY[-1])
    way = [last]
    while way[-1].parent in known:
        way.append(known[way[-1].parent])
    assert [(each.service, each.name) for each in reversed(way)] == _THE_WAY


def _named(spans: Iterable[SeenSpan], name: str) -> list[SeenSpan]:
    return [each for each in spans if each.name == name]
