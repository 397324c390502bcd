"""Who asks too often is told so and when to ask again; who guesses keys is slowed, and locks nobody out."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response

from gateway.adapters.buckets import SqlBuckets
from gateway.application.limit_requests import UploadSlots
from gateway.domain.rate import Quota
from shared.errors import Saturated
from shared.persistence.engine import Database
from tests.support.gateway import (
    GatewayUnderTest,
    Received,
    a_release_state,
    client_of,
    running_gateway,
    upload_answer,
)

_VERSION = "/api/v1/version"
_QUOTA = Quota("requests", 60)


@pytest.fixture
async def limited(tmp_path: Path) -> AsyncIterator[GatewayUnderTest]:
    async with running_gateway(tmp_path, rate_limit=12) as running:
        yield running


async def _asked(client: httpx.AsyncClient, times: int, **headers: str) -> list[httpx.Response]:
    return [await client.get(_VERSION, headers=headers) for _ in range(times)]


async def test_the_request_over_the_limit_is_refused_until_a_token_is_there_again(limited: GatewayUnderTest) -> None:
    answers = await _asked(limited.client, 13)
    limited.clock.advance(seconds=int(answers[-1].headers["retry-after"]))
    later = await _asked(limited.client, 2)

    assert [each.status_code for each in answers] == [200] * 12 + [429]
    assert answers[-1].json()["type"] == "urn:licet:problem:rate-limited"
    assert [each.status_code for each in later] == [200, 429]


async def test_every_answer_says_what_is_left_refusals_and_problems_too(limited: GatewayUnderTest) -> None:
    missing = await limited.client.get("/api/v1/releases/unknown")
    answers = await _asked(limited.client, 12)

    assert missing.headers["ratelimit-policy"] == '"requests";q=12;w=60'
    assert missing.headers["ratelimit"] == '"requests";r=11;t=5'
    assert answers[-1].status_code == 429
    assert answers[-1].headers["ratelimit"] == '"requests";r=0;t=60'


async def test_each_key_has_its_own_limit(limited: GatewayUnderTest) -> None:
    made = await limited.new_key("viewer")
    await _asked(limited.client, 12)

    async with client_of(limited.app, made["key"]) as other:
        assert (await other.get(_VERSION)).status_code == 200


async def test_health_is_never_limited(limited: GatewayUnderTest) -> None:
    await _asked(limited.client, 13)

    answers = [await limited.client.get("/healthz") for _ in range(30)]

    assert {each.status_code for each in answers} == {200}


async def test_guessing_is_slowed_whatever_addresses_the_guesser_makes_up(limited: GatewayUnderTest) -> None:
    async with client_of(limited.app, "licet_wrong") as guesser:
        forged = [{"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}"} for n in range(4)]
        answers = [await guesser.get(_VERSION, headers=headers) for headers in forged]

    assert [each.status_code for each in answers] == [401, 401, 429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1


async def test_a_guesser_locks_out_nobody_who_has_a_key(limited: GatewayUnderTest) -> None:
    async with client_of(limited.app, "licet_wrong") as guesser:
        await _asked(guesser, 200)

    assert (await limited.client.get(_VERSION)).status_code == 200


async def test_to_come_without_a_key_is_no_guess_but_bounded_by_address(limited: GatewayUnderTest) -> None:
    async with client_of(limited.app) as stranger, client_of(limited.app, "licet_wrong") as guesser:
        answers = await _asked(stranger, 13)
        guessed = await _asked(guesser, 1)

    assert [each.status_code for each in answers] == [401] * 12 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "without a key" in answers[-1].json()["detail"]
    assert guessed[0].status_code == 401
    assert (await limited.client.get(_VERSION)).status_code == 200


async def test_an_upload_over_the_limit_is_refused_before_its_body_is_passed_on(limited: GatewayUnderTest) -> None:
    await _asked(limited.client, 12)

    answer = await limited.client.post("/api/v1/sboms", content=b"{}")

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["ratelimit"] == '"requests";r=0;t=60'
    assert limited.reached() == []


async def test_behind_a_trusted_proxy_the_address_is_that_of_the_caller(tmp_path: Path) -> None:
    async with (
        running_gateway(tmp_path, rate_limit=6, trusted_proxies="127.0.0.1") as gateway,
        client_of(gateway.app, "licet_wrong") as guesser,
    ):
        one = await _asked(guesser, 2, **{"X-Forwarded-For": "192.0.2.1"})
        other = await _asked(guesser, 1, **{"X-Forwarded-For": "192.0.2.2"})

    assert [each.status_code for each in one + other] == [401, 429, 401]


async def test_no_limit_is_no_limit(tmp_path: Path) -> None:
    async with running_gateway(tmp_path, rate_limit=0) as gateway:
        answers = await _asked(gateway.client, 700)

    assert {each.status_code for each in answers} == {200}
    assert "ratelimit" not in answers[0].headers


async def test_an_upload_that_finds_no_room_is_told_to_come_back() -> None:
    slots = UploadSlots(2, patience=0.05)

    async with slots.hold("busy"):
        with pytest.raises(Saturated):
            async with slots.hold("busy"):
                pass
        async with slots.hold("other"):
            pass


async def test_uploads_wait_for_each_other_and_are_all_taken(tmp_path: Path) -> None:
    running = most = 0

    async def slow(_seen: Received) -> Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1
        return upload_answer(a_release_state("uploaded"))

    async with running_gateway(tmp_path, concurrent_uploads=4) as gateway:
        gateway.services["sbom-ingest"].answer = slow
        sent = [gateway.client.post("/api/v1/sboms", content=b"{}") for _ in range(8)]
        answers = await asyncio.gather(*sent)

    assert {each.status_code for each in answers} == {202}
    assert most == 2


async def test_replicas_share_what_a_key_may_ask(gateway_database: Database) -> None:
    replicas = [SqlBuckets(gateway_database) for _ in range(3)]

    answers = [await replicas[n % 3].take("key", _QUOTA, 100.0) for n in range(90)]
    later = [await replicas[n % 3].take("key", _QUOTA, 110.0) for n in range(30)]

    assert sum(each.allowed for each in answers) == 60
    assert sum(each.allowed for each in later) == 10


async def test_replicas_that_ask_at_the_same_time_share_too(gateway_database: Database) -> None:
    replicas = [SqlBuckets(gateway_database) for _ in range(4)]

    answers = await asyncio.gather(*(each.take("key", Quota("requests", 2), 100.0) for each in replicas))

    assert sum(each.allowed for each in answers) == 2
