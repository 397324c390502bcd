"""Keys are kept as digests only and made by administrators only; lists are paged and show what may be seen."""

import base64
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from starlette.responses import JSONResponse

from gateway.application.access import key_hash
from gateway.domain.access import Role
from gateway.domain.stages import ReleaseProgress
from tests.support.gateway import ADMIN_KEY, GatewayUnderTest, a_release_state, client_of, running_gateway

_A_KEY = {"name": "x", "roles": ["viewer"]}


def _stored_bytes(gateway: GatewayUnderTest) -> bytes:
    """Return all that SQLite has on disk, its write-ahead log too."""
    file = gateway.database_file
    return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))


async def test_a_key_is_stored_as_its_digest_only(gateway: GatewayUnderTest) -> None:
    headers = {"Idempotency-Key": "k1"}
    made = (await gateway.client.post("/api/v1/keys", json=_A_KEY, headers=headers)).json()
    async with client_of(gateway.app, made["key"]) as client:
        await client.post("/api/v1/sboms", content=b"{}", headers=headers | {"X-Secret": made["key"]})
        await client.get("/api/v1/releases")

    stored = _stored_bytes(gateway)

    assert key_hash(made["key"]).encode() in stored
    assert key_hash(ADMIN_KEY).encode() in stored
    for secret in (made["key"], made["key"].removeprefix("licet_"), ADMIN_KEY):
        assert secret.encode() not in stored


async def test_a_key_has_the_form_that_logs_are_cleaned_of_and_256_random_bits(gateway: GatewayUnderTest) -> None:
    one, other = [(await gateway.new_key("viewer"))["key"] for _ in range(2)]

    assert one != other
    assert one.startswith("licet_")
    assert len(base64.urlsafe_b64decode(one.removeprefix("licet_") + "=")) == 32


@pytest.mark.parametrize("path", ["/api/v1/keys", "/api/v1/webhooks", "/api/v1/keys/unknown/rotate"])
async def test_a_body_that_is_no_document_is_held_up_to_a_limit(gateway: GatewayUnderTest, path: str) -> None:
    answer = await gateway.client.post(path, content=b"{" + b" " * 100_000 + b"}")

    assert answer.status_code == 413
    assert answer.json()["limit"] == "sent-bytes"


async def test_nothing_that_could_be_used_as_a_key_is_shown_again(gateway: GatewayUnderTest) -> None:
    made = await gateway.new_key("viewer")

    shown = await gateway.client.get("/api/v1/keys")

    assert made["key"] not in shown.text
    assert key_hash(made["key"]) not in shown.text
    assert made.keys() - {"key"} == shown.json()["items"][0].keys()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
async def test_only_an_administrator_makes_keys(gateway: GatewayUnderTest, role: Role) -> None:
    key = (await gateway.new_key(role))["key"]
    async with client_of(gateway.app, key) as client:
        assert (await client.post("/api/v1/keys", json=_A_KEY)).status_code == 403
        assert (await client.post("/api/v1/keys", json={"name": "x", "roles": ["admin"]})).status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        {"id": "00000000-0000-7000-8000-000000000000"},
        {"sha256": "0" * 64},
        {"key": "licet_chosen-by-the-caller"},
        {"created_at": "2000-01-01T00:00:00Z"},
        {"revoked_at": None},
        {"is_admin": True},
        {"role": "admin"},
        {"roles": []},
        {"roles": ["emperor"]},
        {"roles": ["viewer", "Admin"]},
        {"roles": "admin"},
        {"roles": None},
        {"projects": "*"},
        {"projects": [""]},
        {"projects": ["a\nb"]},
        {"projects": ["x" * 256]},
        {"name": ""},
        {"name": 7},
        {"name": "x" * 256},
        {"name": "a\x00b"},
        {"name": "a\r\nb"},
        {"expires_at": "tomorrow"},
        {"expires_at": "2030-01-01"},
        {"expires_at": "2030-01-01T00:00:00"},
        {"expires_at": "9999-12-31T23:59:59-23:59"},
        {"expires_at": "0001-01-01T00:00:00+23:59"},
        {"expires_at": "0999-01-01T00:00:00Z"},
        {"expires_at": 4_000_000_000},
    ],
    ids=str,
)
async def test_a_key_is_made_of_nothing_but_its_four_fields(gateway: GatewayUnderTest, more: dict[str, Any]) -> None:
    answer = await gateway.client.post("/api/v1/keys", json=_A_KEY | more)

    assert answer.status_code == 422, answer.text
    assert len((await gateway.client.get("/api/v1/keys")).json()["items"]) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 10_000, b'{"name": "\\ud800"}'])
async def test_what_is_no_key_at_all_is_refused(gateway: GatewayUnderTest, body: bytes) -> None:
    assert (await gateway.client.post("/api/v1/keys", content=body)).status_code == 422


async def test_an_administrators_key_may_be_any_text(tmp_path: Path) -> None:
    admin_key = "ein Schlüssel aus mehr als zweiunddreißig Zeichen"
    async with running_gateway(tmp_path, admin_key=admin_key) as gateway:
        assert (await gateway.client.get("/api/v1/keys")).status_code == 200


async def test_a_new_administrators_key_replaces_the_one_before(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        kept = await gateway.new_key("admin")

    async with (
        running_gateway(tmp_path, admin_key="another key of the first administrator") as gateway,
        client_of(gateway.app, ADMIN_KEY) as before,
        client_of(gateway.app, kept["key"]) as other,
    ):
        assert (await before.get("/api/v1/version")).status_code == 401
        assert (await other.get("/api/v1/version")).status_code == 200


async def test_a_revoked_key_is_listed_with_its_end_and_cannot_be_revoked_again(gateway: GatewayUnderTest) -> None:
    made = await gateway.new_key("viewer")

    first, second = [await gateway.client.delete(f"/api/v1/keys/{made['id']}") for _ in range(2)]

    assert (first.status_code, second.status_code) == (204, 404)
    [shown] = [each for each in (await gateway.client.get("/api/v1/keys")).json()["items"] if each["id"] == made["id"]]
    assert shown["revoked_at"] == "2026-03-01T12:00:00.000000Z"


async def _all_pages(client: httpx.AsyncClient, path: str, limit: int) -> list[list[dict[str, Any]]]:
    pages, token = [], ""
    while token is not None:
        answer = (await client.get(path, params={"limit": limit, "page_token": token})).json()
        pages.append(answer["items"])
        token = answer["next_page_token"]
        assert len(pages) < 30, "pages without end"
    return pages


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_pages_lead_across_what_may_not_be_seen(gateway: GatewayUnderTest, limit: int) -> None:
    own = []
    for number in range(12):
        gateway.clock.advance(seconds=1)
        await gateway.know("bank", str(number))
        if number % 4 == 0:
            own.append((await gateway.know(f"shop/{number}")).id)
    key = (await gateway.new_key("viewer", projects=("shop/*",)))["key"]

    async with client_of(gateway.app, key) as client:
        releases = await _all_pages(client, "/api/v1/releases", limit)
        projects = await _all_pages(client, "/api/v1/projects", limit)

    assert [each["id"] for page in releases for each in page] == own[::-1]
    assert [each["name"] for page in projects for each in page] == ["shop/0", "shop/4", "shop/8"]
    assert all(len(page) == limit for page in releases[:-1] + projects[:-1])


async def test_a_token_of_a_foreign_list_shows_nothing_foreign(gateway: GatewayUnderTest) -> None:
    for number in range(4):
        gateway.clock.advance(seconds=1)
        await gateway.know("bank", str(number))
    token = (await gateway.client.get("/api/v1/releases?limit=1")).json()["next_page_token"]
    key = (await gateway.new_key("viewer", projects=("shop",)))["key"]

    async with client_of(gateway.app, key) as client:
        answer = await client.get("/api/v1/releases", params={"page_token": token})

    assert answer.json() == {"items": [], "next_page_token": None}


async def test_keys_are_paged(gateway: GatewayUnderTest) -> None:
    made = {(await gateway.new_key("viewer"))["id"] for _ in range(4)}

    pages = await _all_pages(gateway.client, "/api/v1/keys", 2)

    assert [len(page) for page in pages] == [2, 2, 1]
    assert made < {each["id"] for page in pages for each in page}


def _encoded(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


_LISTS = pytest.mark.parametrize("path", ["/api/v1/releases", "/api/v1/projects", "/api/v1/keys"])
_NO_TOKENS = ["x", "!!!", "é", "%", "A" * 5000, *map(_encoded, (b"{}", b"7", b'"\\u0000"', b'"\xff"'))]


@_LISTS
async def test_a_token_that_is_not_of_the_list_is_refused(gateway: GatewayUnderTest, path: str) -> None:
    for token in _NO_TOKENS:
        answer = await gateway.client.get(path, params={"page_token": token})

        assert answer.status_code == 422, token
        assert answer.json()["errors"][0]["pointer"] == "page_token"


@_LISTS
async def test_a_limit_is_a_number_from_one_on(gateway: GatewayUnderTest, path: str) -> None:
    for limit in ("0", "-1", "abc", "1.5", "", "9" * 5000, "0x10", "1 OR 1=1"):
        answer = await gateway.client.get(path, params={"limit": limit})

        assert answer.status_code == 422, limit
        assert answer.json()["errors"][0]["pointer"] == "limit"


async def test_a_limit_above_a_thousand_is_cut(gateway: GatewayUnderTest) -> None:
    states = [a_release_state(id=f"{number:036}", version=str(number)) for number in range(1001)]
    rows = [(each.id, each.version, msgspec.json.encode(ReleaseProgress(each, {}))) for each in states]
    with closing(sqlite3.connect(gateway.database_file, isolation_level=None)) as database:
        columns = "(id, project, version, revision, progress)"
        database.executemany(f"INSERT INTO release {columns} VALUES (?, 'shop', ?, 1, ?)", rows)

    answer = (await gateway.client.get("/api/v1/releases?limit=5000")).json()

    assert len(answer["items"]) == 1000
    assert answer["next_page_token"]


@pytest.mark.parametrize("name", ["project", "version", "verdict"])
async def test_a_filter_is_a_value_and_nothing_else(gateway: GatewayUnderTest, name: str) -> None:
    await gateway.know("shop")

    for value in ("'", '"; DROP TABLE release; --', "%", "_", "*", "\N{GREEK SMALL LETTER ALPHA}" * 300):
        answer = await gateway.client.get("/api/v1/releases", params={name: value})

        assert answer.json() == {"items": [], "next_page_token": None}


async def test_releases_are_found_by_project_version_and_verdict(gateway: GatewayUnderTest) -> None:
    wanted = await gateway.know("shop", "2")
    await gateway.know("shop", "1")
    await gateway.know("bank", "2")

    params = {"project": "shop", "version": "2", "verdict": "pass"}
    answer = await gateway.client.get("/api/v1/releases", params=params)

    [shown] = answer.json()["items"]
    assert shown["id"] == wanted.id
    assert shown["gate"] == {"verdict": "pass"}


async def test_a_parameter_that_releases_are_not_filtered_by_is_refused(gateway: GatewayUnderTest) -> None:
    answer = await gateway.client.get("/api/v1/releases?projekt=shop")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "projekt"
    assert gateway.reached() == []


@pytest.mark.parametrize("name", ["purl", "version_range", "license"])
async def test_what_cannot_be_searched_for_is_refused_in_the_words_of_the_service(
    gateway: GatewayUnderTest, name: str
) -> None:
    problem = {"detail": f"{name}: cannot be", "errors": [{"pointer": name, "message": "cannot be"}]}
    gateway.services["policy-eval"].answers(JSONResponse(problem, 422, media_type="application/problem+json"))

    answer = await gateway.client.get("/api/v1/releases", params={name: "?"})

    assert answer.status_code == 422
    assert answer.json() | problem == answer.json()


@pytest.mark.parametrize("limit", [1, 2, 1000])
async def test_found_releases_are_paged_however_many_there_are(gateway: GatewayUnderTest, limit: int) -> None:
    known = []
    for number in range(3):
        gateway.clock.advance(seconds=1)
        known.append((await gateway.know("shop", str(number))).id)
    elsewhere = [f"{number:036}" for number in range(40_000)]
    gateway.services["policy-eval"].answers(JSONResponse([*elsewhere, *known]))

    pages = await _all_pages(gateway.client, "/api/v1/releases?license=MIT", limit)

    assert [each["id"] for page in pages for each in page] == known[::-1]
