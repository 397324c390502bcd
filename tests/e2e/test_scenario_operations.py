"""What those need who run Licet: health, metrics, logs, and what became of messages that cannot be handled."""

import asyncio
import json
import secrets
import uuid

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.api import got, listed, new_key, problem, submitted
from tests.support.licet import SERVICES, Licet
from tests.support.processes import wait_until
from tests.support.sboms import a_cyclonedx

_BODY = a_cyclonedx({"left-pad": "MIT"})


def test_one_request_id_is_answered_and_found_in_the_logs_of_all_services(
    licet: Licet, api: httpx.Client, project: str
) -> None:
    id_ = f"pipeline-{secrets.token_hex(8)}"
    query = {"project": project, "version": "1", "wait": "60"}

    answer = api.post("/api/v1/sboms", params=query, content=_BODY, headers={"X-Request-ID": id_})

    assert answer.headers["x-request-id"] == id_
    release = answer.json()["release"]["id"]
    assert wait_until(lambda: _services_that_logged(licet, "request_id", id_) == set(SERVICES), timeout=10)
    assert _services_that_logged(licet, "release", release) >= {"policy-eval", "obligations", "gateway"}


@pytest.mark.parametrize("sent", [{}, {"X-Request-ID": "not a word"}, {"X-Request-ID": "x" * 200}])
def test_a_request_without_a_usable_id_gets_one(api: httpx.Client, sent: dict[str, str]) -> None:
    given = api.get("/api/v1/version", headers=sent).headers["x-request-id"]

    assert uuid.UUID(given).version == 7


def test_no_key_is_written_to_the_logs(licet: Licet, api: httpx.Client) -> None:
    made = new_key(api, "viewer")
    with licet.client(made["key"]) as client:
        client.get("/api/v1/releases", params={"project": made["key"]})

    assert made["key"] not in licet.logs()
    assert licet.admin_key not in licet.logs()


def test_every_process_says_that_it_lives_and_serves_without_asking_for_a_key(licet: Licet) -> None:
    for url in licet.urls.values():
        assert httpx.get(f"{url}/healthz", trust_env=False).json() == {"status": "ok"}
        assert httpx.get(f"{url}/readyz", trust_env=False).json() == {"status": "ok"}


def test_the_gateway_shows_its_metrics_to_administrators(api: httpx.Client) -> None:
    got(api, "/api/v1/version")

    metrics = api.get("/metrics")

    assert metrics.headers["content-type"].startswith("text/plain")
    assert 'licet_service_info{service="gateway"} 1.0' in metrics.text
    assert 'route="/api/v1/version",status="200"' in metrics.text


def test_every_service_shows_its_metrics_on_its_own_port(licet: Licet) -> None:
    behind = {name: url for name, url in licet.urls.items() if name not in ("gateway", "standalone")}
    for service, url in behind.items():
        assert f'licet_service_info{{service="{service}"}} 1.0' in httpx.get(f"{url}/metrics", trust_env=False).text


def test_the_version_is_told(api: httpx.Client) -> None:
    assert got(api, "/api/v1/version")["name"] == "licet"


def test_the_gate_asks_for_patience_until_the_release_is_evaluated(
    licet: Licet, api: httpx.Client, project: str
) -> None:
    with licet.evaluation_held():
        answer = api.post("/api/v1/sboms", params={"project": project, "version": "1", "wait": "0.2"}, content=_BODY)
        path = f"/api/v1/releases/{answer.json()['release']['id']}"

        assert answer.status_code == 202
        assert answer.json()["stages"] == {"ingested": "done", "evaluated": "pending", "obligations": "pending"}
        assert answer.json()["gate"] is None
        for what in ("gate", "components", "findings", "obligations", "notice"):
            early = api.get(f"{path}/{what}")
            problem(early, 425, "not-ready")
            assert int(early.headers["retry-after"]) >= 1

    assert got(api, f"{path}/gate", wait="60")["verdict"] == "pass"
    got(api, f"{path}/notice", wait="60", format="json")


def test_a_message_that_cannot_be_read_is_kept_as_a_dead_letter_and_holds_up_nothing(
    licet: Licet, api: httpx.Client, project: str
) -> None:
    id_ = str(uuid.uuid4())
    asyncio.run(_put_rubbish_into_the_outbox(licet.databases["sbom-ingest"], id_))

    def buried() -> list[dict[str, str]]:
        letters = listed(api, "/api/v1/dead-letters", service="policy-eval")
        return [each for each in letters if each["message_id"] == id_]

    assert wait_until(lambda: bool(buried()), timeout=20)
    [letter] = buried()
    assert (letter["service"], letter["type"]) == ("policy-eval", "sbom.ingested.v1")
    assert "CloudEvents" in letter["reason"]
    assert letter["message"] == "rubbish"
    again = api.post(f"/api/v1/dead-letters/{letter['id']}/replay")
    assert (again.status_code, again.json()["outcome"]) == (200, "failed")
    submitted(api, _BODY, project)


def test_an_unknown_dead_letter_cannot_be_replayed(api: httpx.Client) -> None:
    problem(api.post(f"/api/v1/dead-letters/{uuid.uuid4()}/replay"), 404, "not-found")


def _services_that_logged(licet: Licet, field: str, value: str) -> set[str]:
    lines = (json.loads(line) for line in licet.logs().splitlines() if line.startswith("{"))
    return {each["service"] for each in lines if each.get(field) == value and "service" in each}


async def _put_rubbish_into_the_outbox(database: str, id_: str) -> None:
    insert = text(
        "INSERT INTO outbox (id, type, subject, body, created_at, attempts, next_at)"
        " VALUES (:id, 'sbom.ingested.v1', 'nobody', :body, :now, 0, :now)"
    )
    engine = create_async_engine(database)
    async with engine.begin() as connection:
        await connection.execute(insert, {"id": id_, "body": b"rubbish", "now": "2026-01-01T00:00:00.000000Z"})
    await engine.dispose()
