"""What every service's application does before and after its own routes."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy.exc import OperationalError
from starlette.requests import ClientDisconnect
from structlog.testing import capture_logs

from shared import errors
from shared.clock import SystemClock
from shared.errors import ErrorAt, LicetError
from shared.observability import Metrics, correlation
from shared.web.app import Service, create_service_app, principal_of
from shared.web.principal import HEADER, Principal, sign
from shared.web.problems import STATUS_OF_CODE, problem_response

_KEY = "internal"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def _all_errors(root: type[LicetError]) -> list[type[LicetError]]:
    return [found for each in root.__subclasses__() for found in (each, *_all_errors(each))]


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("example")


@pytest.fixture
async def client(metrics: Metrics) -> AsyncIterator[httpx.AsyncClient]:
    app = create_service_app(Service("example", SystemClock(), metrics, _KEY), _no_lifespan)
    _add_routes(app)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    principal = sign(Principal("key:1", ["reader"], ["*"]), "example", _KEY, SystemClock().now())
    async with httpx.AsyncClient(transport=transport, base_url="http://example", headers={HEADER: principal}) as made:
        yield made


def _add_routes(app: FastAPI) -> None:
    @app.get("/who")
    async def who(request: Request) -> dict[str, Any]:
        return {"subject": principal_of(request).subject, "correlation": correlation()}

    @app.get("/numbers/{number}")
    async def number(number: int) -> int:
        return number

    @app.get("/fault")
    async def fault() -> None:
        raise RuntimeError("the secret inner state")

    @app.get("/away")
    async def away() -> None:
        raise OperationalError("SELECT 1", {}, ConnectionRefusedError("the address of the database"))

    app.add_api_route("/left", _leave, methods=["POST"])

    @app.get("/conflict")
    async def conflict() -> None:
        raise errors.Conflict("twice", errors=(ErrorAt("/name", "taken"),))


async def _leave() -> None:
    raise ClientDisconnect


@asynccontextmanager
async def _no_lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.mark.parametrize("kind", _all_errors(LicetError), ids=lambda kind: kind.__name__)
def test_every_error_has_a_status_of_its_own(kind: type[LicetError]) -> None:
    answer = problem_response(kind("why"), "/here")

    assert kind.code in STATUS_OF_CODE
    assert answer.status_code == STATUS_OF_CODE[kind.code] >= 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_no_status_is_kept_for_an_error_that_is_gone() -> None:
    assert STATUS_OF_CODE.keys() == {kind.code for kind in _all_errors(LicetError)}


async def test_a_sender_that_leaves_is_no_fault(client: httpx.AsyncClient) -> None:
    with capture_logs() as lines:
        answer = await client.post("/left")

    assert answer.status_code == 400
    assert [(each["event"], each["status"]) for each in lines] == [("request", 400)]


async def test_an_error_is_told_with_its_places(client: httpx.AsyncClient) -> None:
    answer = await client.get("/conflict")

    assert answer.status_code == 409
    assert answer.json() == {
        "type": "urn:licet:problem:conflict",
        "title": "Conflict",
        "status": 409,
        "detail": "twice",
        "instance": "/conflict",
        "errors": [{"pointer": "/name", "message": "taken"}],
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("DELETE", "/who", 405, "method-not-allowed"),
        ("GET", "/numbers/seven", 422, "invalid-input"),
        ("GET", "/numbers/7%00", 422, "invalid-input"),
        ("GET", "/numbers/7?next=%00", 422, "invalid-input"),
        ("GET", "/fault", 500, "internal"),
        ("GET", "/away", 503, "unavailable"),
    ],
)
async def test_every_refusal_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, status: int, kind: str
) -> None:
    answer = await client.request(method, path, headers={"x-request-id": "r-1"})

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem.keys() >= {"type", "title", "status", "detail", "instance"}
    assert (problem["type"], problem["status"]) == (f"urn:licet:problem:{kind}", status)
    assert answer.headers["x-request-id"] == "r-1"


async def test_a_database_that_is_away_is_told_with_a_time_to_come_back_and_without_its_address(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/away")

    assert answer.headers["retry-after"] == "2"
    assert answer.json()["service"] == "example"
    assert "address" not in answer.text


async def test_a_fault_shows_nothing_but_the_request_id_that_finds_it_in_the_log(client: httpx.AsyncClient) -> None:
    with capture_logs() as lines:
        answer = await client.get("/fault", headers={"x-request-id": "r-42"})

    assert "r-42" in answer.json()["detail"]
    assert not re.search(r"secret|Traceback|RuntimeError|\.py", answer.text)
    assert [str(line["exc_info"]) for line in lines if line["event"] == "request failed"] == ["the secret inner state"]


async def test_a_request_without_a_principal_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/who", headers={HEADER: "nonsense"})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="licet"'
    assert answer.json()["type"] == "urn:licet:problem:unauthenticated"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_operations_need_no_principal(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path, headers={HEADER: ""})).status_code == 200


async def test_a_request_id_is_taken_over_used_and_returned(client: httpx.AsyncClient) -> None:
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    answer = await client.get("/who", headers={"x-request-id": "their.id-1", "traceparent": traceparent})

    assert answer.headers["x-request-id"] == "their.id-1"
    assert answer.json() == {"subject": "key:1", "correlation": ["their.id-1", traceparent]}


@pytest.mark.parametrize("given", [None, "", "a b", "x" * 129, 'a"}', "ü"])
async def test_a_request_without_a_proper_id_gets_one(client: httpx.AsyncClient, given: str | None) -> None:
    headers = {} if given is None else {"x-request-id": given.encode("latin-1")}

    answer = await client.get("/who", headers=headers)

    assert _UUID.fullmatch(answer.headers["x-request-id"])
    assert answer.json()["correlation"][0] == answer.headers["x-request-id"]


async def test_requests_are_measured_by_route_and_not_by_path(client: httpx.AsyncClient, metrics: Metrics) -> None:
    for path in ("/numbers/1", "/numbers/2", "/fault", "/nowhere"):
        await client.get(path)

    assert _measured(metrics, "/numbers/{number}", "200") == 2
    assert _measured(metrics, "/fault", "500") == 1
    assert _measured(metrics, "other", "404") == 1


async def test_a_service_that_lacks_what_it_needs_is_not_ready() -> None:
    async def check() -> None:
        raise OSError("the database is away")

    service = Service("example", SystemClock(), Metrics("example"), _KEY, (check,))
    transport = httpx.ASGITransport(create_service_app(service, _no_lifespan))
    async with httpx.AsyncClient(transport=transport, base_url="http://example") as client:
        ready, healthy = await client.get("/readyz"), await client.get("/healthz")

    assert (ready.status_code, ready.json()) == (503, {"status": "unavailable"})
    assert healthy.status_code == 200


async def test_a_service_that_lacks_its_broker_is_ready_and_says_so() -> None:
    service = Service("example", SystemClock(), Metrics("example"), _KEY, degraded=lambda: ["broker"])
    transport = httpx.ASGITransport(create_service_app(service, _no_lifespan))
    async with httpx.AsyncClient(transport=transport, base_url="http://example") as client:
        ready = await client.get("/readyz")

    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "degraded": ["broker"]})


def _measured(metrics: Metrics, route: str, status: str) -> float | None:
    labels = {"method": "GET", "route": route, "status": status}
    return metrics.registry.get_sample_value("licet_http_requests_total", labels)
