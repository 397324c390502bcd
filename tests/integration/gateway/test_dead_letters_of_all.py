"""The dead letters of all services: each has its own, an administrator asks for all of them at one place."""

import pytest
from starlette.responses import JSONResponse

from shared.clock import uuid7
from shared.contracts.events import SBOM_INGESTED
from shared.messaging.broker import Message
from tests.support.gateway import GatewayUnderTest, a_problem


def _letter(gateway: GatewayUnderTest, service: str, dead_at: str) -> None:
    gateway.services[service].answers(
        JSONResponse({"items": [{"id": service, "dead_at": dead_at}], "next_page_token": None})
    )


async def test_all_are_listed_the_newest_first(gateway: GatewayUnderTest) -> None:
    _letter(gateway, "policy-eval", "2026-01-01")
    _letter(gateway, "obligations", "2026-02-01")

    answer = await gateway.client.get("/api/v1/dead-letters")

    assert [each["id"] for each in answer.json()["items"]] == ["obligations", "policy-eval"]


@pytest.mark.parametrize("status", [422, 500])
async def test_a_service_that_cannot_list_its_own_is_not_taken_for_one_without_any(
    gateway: GatewayUnderTest, status: int
) -> None:
    _letter(gateway, "policy-eval", "2026-01-01")
    gateway.services["obligations"].answers(a_problem(status, "of-its-own"))

    assert (await gateway.client.get("/api/v1/dead-letters")).status_code == status


async def test_those_of_one_service_are_paged_by_it(gateway: GatewayUnderTest) -> None:
    await gateway.client.get("/api/v1/dead-letters?service=obligations&limit=1")

    [seen] = gateway.reached()
    assert seen.path == "/internal/v1/dead-letters"
    assert seen in gateway.services["obligations"].received


async def test_a_service_without_any_is_refused(gateway: GatewayUnderTest) -> None:
    assert (await gateway.client.get("/api/v1/dead-letters?service=sbom-ingest")).status_code == 422


async def test_the_gateway_shows_its_own_too(gateway: GatewayUnderTest) -> None:
    answer = await gateway.client.get("/api/v1/dead-letters?service=gateway")

    assert answer.json() == {"items": [], "next_page_token": None}


@pytest.mark.parametrize("body", [b"", b"a body that nobody asked for"])
async def test_a_letter_is_replayed_by_the_service_that_has_it(gateway: GatewayUnderTest, body: bytes) -> None:
    gateway.services["policy-eval"].answers(a_problem(404, "not-found"))
    gateway.services["obligations"].answers(JSONResponse({"outcome": "handled"}))

    answer = await gateway.client.post("/api/v1/dead-letters/l1/replay", content=body)

    assert answer.json() == {"outcome": "handled"}
    assert [each.body for each in gateway.reached()] == [b"", b""]


async def test_a_letter_that_nobody_has_is_not_found(gateway: GatewayUnderTest) -> None:
    assert (await gateway.client.post("/api/v1/dead-letters/unknown/replay")).status_code == 404


@pytest.mark.parametrize(
    "id_", ["..%2F..%2Freleases", "x%3Fy", "x%23y", "%2e%2e", "a%0d%0ab", "%2F%2Fevil.example%2F", "a%20b"]
)
async def test_an_id_stays_one_segment_of_the_services_path(gateway: GatewayUnderTest, id_: str) -> None:
    await gateway.client.post(f"/api/v1/dead-letters/{id_}/replay")

    for seen in gateway.reached():
        assert seen.path.startswith("/internal/v1/")
        assert seen.path.endswith("/replay")
        assert seen.path.count("/") <= 5
        assert seen.query == ""


async def test_the_gateway_shows_and_replays_its_own(gateway: GatewayUnderTest) -> None:
    await gateway.broker.publish(Message(uuid7(gateway.clock), SBOM_INGESTED, "r1", b"rubbish"))

    [letter] = (await gateway.client.get("/api/v1/dead-letters")).json()["items"]
    for service in gateway.services.values():
        service.answers(a_problem(404, "not-found"))
    again = await gateway.client.post(f"/api/v1/dead-letters/{letter['id']}/replay")

    assert (letter["service"], letter["message"]) == ("gateway", "rubbish")
    assert (again.status_code, again.json()["outcome"]) == (200, "failed")
