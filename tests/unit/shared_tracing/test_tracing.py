"""Spans: what they tell, what they never tell, and that they cost nothing where nobody collects them."""

import time
from collections.abc import Iterator
from contextlib import nullcontext

import httpx
import pytest
from opentelemetry.trace import SpanKind

from shared.clock import SystemClock
from shared.observability import Metrics, correlated, correlation
from shared.tracing import Tracing, span, traced
from shared.web.app import Service, create_service_app
from shared.web.traced import TracedRequests
from tests.support.collector import Collector, collecting

_PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as listening:
        yield listening


def test_work_at_hand_is_told_with_its_ids_below_what_it_belongs_to(collector: Collector) -> None:
    @traced("count")
    def count() -> int:
        return 7

    tracing = Tracing("example", collector.url)
    with (
        correlated(request_id="request-1", release="release-1"),
        tracing.span("handle", SpanKind.CONSUMER, _PARENT, {}),
    ):
        counted = count()
    tracing.close()

    inner, outer = sorted(collector.spans, key=lambda each: each.name)
    assert counted == 7
    assert (outer.trace, outer.parent) == tuple(_PARENT.split("-")[1:3])
    assert (inner.service, inner.name, inner.trace, inner.parent) == ("example", "count", outer.trace, outer.id)
    assert inner.attributes == {"licet.request_id": "request-1", "licet.release": "release-1"}


async def test_an_error_is_told_by_its_type_alone(collector: Collector) -> None:
    @traced("fail")
    async def fail() -> None:
        raise ValueError("postgresql://licet:secret@database")

    tracing = Tracing("example", collector.url)
    with pytest.raises(ValueError, match="secret"), tracing.span("handle", SpanKind.CONSUMER, "", {}):
        await fail()
    tracing.close()

    assert [each.failed for each in collector.spans] == [True, True]
    assert not any(b"secret" in body for body in collector.bodies)


def test_what_the_caller_does_not_sample_is_not_told_but_goes_on(collector: Collector) -> None:
    tracing = Tracing("example", collector.url)
    with tracing.span("handle", SpanKind.CONSUMER, _PARENT.removesuffix("1") + "0", {}):
        passed_on = correlation()[1]
    tracing.close()

    assert collector.spans == []
    assert passed_on.split("-")[1] == _PARENT.split("-")[1]
    assert passed_on.endswith("-00")


def test_a_collector_that_is_away_holds_up_nobody() -> None:
    with collecting() as gone:
        pass
    tracing = Tracing("example", gone.url)

    began = time.monotonic()
    with tracing.span("handle", SpanKind.CONSUMER, "", {}):
        pass
    ended = time.monotonic()
    tracing.close()

    assert ended - began < 1
    assert time.monotonic() - ended < 10


def test_without_a_collector_there_is_no_span() -> None:
    assert span("one") is span("another")


async def test_a_request_is_told_by_its_route_and_never_by_its_path(collector: Collector) -> None:
    tracing, seen = Tracing("example", collector.url), list[str]()
    app = create_service_app(Service("example", SystemClock(), Metrics("example"), None), lambda _app: nullcontext())
    app.add_middleware(TracedRequests, tracing=tracing)

    @app.get("/tokens/{token}")
    async def show(token: str) -> str:
        seen.append(token)
        return token

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://example") as client:
        await client.get("/tokens/licet_secret?key=secret", headers={"traceparent": "neither well-formed"})
    tracing.close()

    (told,) = collector.spans
    assert seen == ["licet_secret"]
    assert (told.name, told.parent, told.attributes["http.response.status_code"]) == ("GET /tokens/{token}", "", "200")
    assert not any(b"secret" in body for body in collector.bodies)
