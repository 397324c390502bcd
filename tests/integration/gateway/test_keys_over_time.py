"""A key is rotated without a gap, ends at once, stays ended, and reaches no further than who made it."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.gateway import ADMIN_KEY, GatewayUnderTest, client_of, running_gateway

_FIRST = "/api/v1/keys/00000000-0000-7000-8000-000000000000"


async def _opens(gateway: GatewayUnderTest, key: str) -> bool:
    async with client_of(gateway.app, key) as client:
        return (await client.get("/api/v1/version")).status_code == 200


async def _rotated(gateway: GatewayUnderTest, key_id: str, **wanted: Any) -> dict[str, Any]:
    answer = await gateway.client.post(f"/api/v1/keys/{key_id}/rotate", json=wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_rotated_key_opens_with_both_secrets_until_the_overlap_ends(gateway: GatewayUnderTest) -> None:
    made = await gateway.new_key("viewer")

    rotated = await _rotated(gateway, made["id"], overlap_seconds=3600)

    assert rotated["id"] == made["id"]
    assert rotated["key"] != made["key"]
    gateway.clock.advance(seconds=3599)
    assert [await _opens(gateway, each) for each in (made["key"], rotated["key"])] == [True, True]
    gateway.clock.advance(seconds=1)
    assert [await _opens(gateway, each) for each in (made["key"], rotated["key"])] == [False, True]


async def test_without_overlap_the_secret_before_ends_at_once(gateway: GatewayUnderTest) -> None:
    made = await gateway.new_key("viewer")

    rotated = await _rotated(gateway, made["id"], overlap_seconds=0)

    assert [await _opens(gateway, each) for each in (made["key"], rotated["key"])] == [False, True]


async def test_a_second_rotation_ends_the_secret_before_the_first(gateway: GatewayUnderTest) -> None:
    made = await gateway.new_key("viewer")
    second = await _rotated(gateway, made["id"])

    third = await _rotated(gateway, made["id"])

    keys = (made["key"], second["key"], third["key"])
    assert [await _opens(gateway, each) for each in keys] == [False, True, True]


async def test_revoking_ends_both_secrets_at_once(gateway: GatewayUnderTest) -> None:
    made = await gateway.new_key("viewer")
    rotated = await _rotated(gateway, made["id"])

    await gateway.client.delete(f"/api/v1/keys/{made['id']}")

    assert [await _opens(gateway, each) for each in (made["key"], rotated["key"])] == [False, False]


@pytest.mark.parametrize("overlap", [-1, 2_592_001, 10**30, "1", 1.5, None])
async def test_an_overlap_is_from_none_to_thirty_days(gateway: GatewayUnderTest, overlap: Any) -> None:
    made = await gateway.new_key("viewer")

    answer = await gateway.client.post(f"/api/v1/keys/{made['id']}/rotate", json={"overlap_seconds": overlap})

    assert answer.status_code == 422


async def test_what_opens_nothing_is_not_rotated(gateway: GatewayUnderTest) -> None:
    revoked = await gateway.new_key("viewer")
    expired = await gateway.new_key("viewer", expires_at="2026-03-01T12:00:00Z")
    await gateway.client.delete(f"/api/v1/keys/{revoked['id']}")

    for each in (revoked, expired):
        assert (await gateway.client.post(f"/api/v1/keys/{each['id']}/rotate")).status_code == 409


async def test_a_key_tells_its_beginning_and_when_it_was_last_used(gateway: GatewayUnderTest) -> None:
    made = await gateway.new_key("viewer")
    unused = (await gateway.client.get(f"/api/v1/keys/{made['id']}")).json()
    gateway.clock.advance(minutes=5)
    await _opens(gateway, made["key"])

    used = (await gateway.client.get(f"/api/v1/keys/{made['id']}")).json()

    assert made["key"].startswith(unused["prefix"])
    assert len(unused["prefix"]) == 10
    assert unused["last_used_at"] is None
    assert used["last_used_at"] == "2026-03-01T12:05:00.000000Z"


async def test_the_last_use_outlives_the_process(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        made = await gateway.new_key("viewer")
        await _opens(gateway, made["key"])

    async with running_gateway(tmp_path) as gateway:
        again = (await gateway.client.get(f"/api/v1/keys/{made['id']}")).json()

    assert again["last_used_at"] == "2026-03-01T12:00:00.000000Z"


async def test_the_first_key_stays_revoked_after_a_restart(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        other = await gateway.new_key("admin")
        await gateway.client.delete(_FIRST)

    async with running_gateway(tmp_path) as gateway:
        assert not await _opens(gateway, ADMIN_KEY)
        assert await _opens(gateway, other["key"])


async def test_the_first_key_stays_rotated_after_a_restart(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        rotated = await _rotated(gateway, _FIRST.rpartition("/")[2], overlap_seconds=0)

    async with running_gateway(tmp_path) as gateway:
        assert not await _opens(gateway, ADMIN_KEY)
        assert await _opens(gateway, rotated["key"])


async def test_a_new_first_key_opens_after_the_one_before_was_revoked(tmp_path: Path) -> None:
    new = "another key of the first administrator"
    async with running_gateway(tmp_path) as gateway:
        await gateway.client.delete(_FIRST)

    async with running_gateway(tmp_path, admin_key=new) as gateway:
        assert await _opens(gateway, new)


async def _admin_of(gateway: GatewayUnderTest, *projects: str, **more: Any) -> httpx.AsyncClient:
    return client_of(gateway.app, (await gateway.new_key("admin", projects=projects, **more))["key"])


@pytest.mark.parametrize(
    ("own", "wanted", "status"),
    [
        (("shop/*",), ["shop/eu"], 201),
        (("shop/*",), ["shop/e*"], 201),
        (("shop/*",), ["shop/*"], 201),
        (("shop/*",), None, 201),
        (("*",), ["[ab]*"], 201),
        (("shop/*",), ["*"], 403),
        (("shop/*",), ["shop*"], 403),
        (("shop/*",), ["shop/eu", "bank"], 403),
        (("a?",), ["a*"], 403),
        (("[ab]",), ["?"], 403),
        (("*b]",), ["x[ab]"], 403),
        (("a?",), ["ab"], 201),
    ],
)
async def test_no_key_sees_more_projects_than_the_one_that_made_it(
    gateway: GatewayUnderTest, own: tuple[str, ...], wanted: list[str] | None, status: int
) -> None:
    async with await _admin_of(gateway, *own) as client:
        body = {"name": "x", "roles": ["admin"]} | ({} if wanted is None else {"projects": wanted})
        answer = await client.post("/api/v1/keys", json=body)

    assert answer.status_code == status, answer.text
    if wanted is None:
        assert answer.json()["projects"] == list(own)


async def test_no_key_outlives_the_one_that_made_it(gateway: GatewayUnderTest) -> None:
    async with await _admin_of(gateway, "*", expires_at="2026-04-01T00:00:00Z") as client:
        body = {"name": "x", "roles": ["viewer"]}
        later = await client.post("/api/v1/keys", json=body | {"expires_at": "2026-04-01T00:00:01Z"})
        unsaid = await client.post("/api/v1/keys", json=body)

    assert later.status_code == 403
    assert unsaid.json()["expires_at"] == "2026-04-01T00:00:00.000000Z"


async def test_a_key_that_reaches_further_is_not_to_be_seen_rotated_or_revoked(gateway: GatewayUnderTest) -> None:
    async with await _admin_of(gateway, "shop/*") as client:
        listed = (await client.get("/api/v1/keys")).json()["items"]
        answers = [
            await client.get(_FIRST),
            await client.post(f"{_FIRST}/rotate"),
            await client.delete(_FIRST),
        ]

    assert [each["projects"] for each in listed] == [["shop/*"]]
    assert [each.status_code for each in answers] == [404, 404, 404]
    assert (await gateway.client.get(_FIRST)).status_code == 200


async def test_what_was_before_and_after_is_on_record_without_a_secret(gateway: GatewayUnderTest) -> None:
    made = await gateway.new_key("viewer")
    rotated = await _rotated(gateway, made["id"])
    await gateway.client.delete(f"/api/v1/keys/{made['id']}")

    answer = await gateway.client.get("/api/v1/audit")

    revoked, turned, _ = answer.json()["items"]
    assert (revoked["before"]["revoked_at"], revoked["after"]["revoked_at"]) == (None, "2026-03-01T12:00:00.000000Z")
    assert (turned["before"]["prefix"], turned["after"]["prefix"]) == (made["prefix"], rotated["prefix"])
    assert made["key"] not in answer.text
    assert rotated["key"] not in answer.text
