"""Every endpoint of the table against every role, every kind of key and every kind of object.

What is expected follows from the table alone, so that a new row is tested as soon as it is written.
"""

import dataclasses
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi.routing import APIRoute

from gateway.adapters.webhooks import SqlWebhooks
from gateway.domain.access import ENDPOINTS, OPEN, Endpoint, Role
from gateway.domain.webhooks import Delivery
from shared.clock import SystemClock, uuid7
from shared.contracts.events import ReleaseState
from shared.persistence.engine import Database
from tests.support.gateway import GatewayUnderTest, client_of, document_id, running_gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")

_UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"
_ADMITTED = range(200, 300)
WEBHOOK = {"url": "http://127.0.0.1:9999/", "events": ["release.failed"]}


@dataclass
class _Field:
    """A gateway that knows a release of our project `shop/eu` and one of the foreign `bank`, and all roles' keys."""

    gateway: GatewayUnderTest
    own: ReleaseState
    foreign: ReleaseState
    keys: dict[Role, str]
    webhooks: list[str] = dataclasses.field(default_factory=list)

    async def path(self, endpoint: Endpoint, target: str) -> str:
        """Return the endpoint's path for `own`, `foreign` or `unknown` objects."""
        state = await self._own_for(endpoint) if target == "own" else {"foreign": self.foreign}.get(target)
        names = {
            "release_id": state.id if state else _UNKNOWN_ID,
            "document_id": document_id(state) if state else _UNKNOWN_ID,
            "project": state.project.replace("/", "%2F") if state else "nowhere",
            "version": "1",
            "letter_id": "unknown" if target == "unknown" else "letter",
            "record_id": "unknown" if target == "unknown" else "record",
            "decision_id": "unknown" if target == "unknown" else "decision",
            "inquiry_id": "unknown" if target == "unknown" else "inquiry",
            "obligation_id": "obligation",
            "license_id": "MIT",
            "name": "default",
            "kind": "text",
        }
        if "{key_id}" in endpoint.path:
            names["key_id"] = _UNKNOWN_ID if target == "unknown" else await self._key_of(target)
        if "{webhook_id}" in endpoint.path:
            names["delivery_id"] = names["webhook_id"] = _UNKNOWN_ID
            if target != "unknown":
                names["webhook_id"] = names["delivery_id"] = await self._webhook_of(target)
                self.webhooks.append(names["webhook_id"])
        return endpoint.path.format(**names)

    def _query(self, endpoint: Endpoint) -> dict[str, str] | None:
        if endpoint.path == "/api/v1/project/lookup":
            return {"name": self.own.project, "version": self.own.version}
        return {endpoint.second_release: self.own.id} if endpoint.second_release else None

    async def _own_for(self, endpoint: Endpoint) -> ReleaseState:
        """Return a release that the endpoint may archive, or find archived."""
        if endpoint.method != "DELETE" and endpoint.scope != "archived-release":
            return self.own
        state = await self.gateway.know("shop/eu", uuid7(SystemClock()))
        if endpoint.scope == "archived-release":
            await self.gateway.client.delete(f"/api/v1/releases/{state.id}")
        return state

    async def _key_of(self, target: str) -> str:
        projects = ("shop/*",) if target == "own" else ("bank",)
        id_: str = (await self.gateway.new_key("viewer", projects=projects))["id"]
        return id_

    async def _webhook_of(self, target: str) -> str:
        """Return the id of a new webhook, the only one, and of a delivery of it that has ended."""
        while self.webhooks:
            await self.gateway.client.delete(f"/api/v1/webhooks/{self.webhooks.pop()}")
        hook = WEBHOOK | {"projects": ["shop/*"] if target == "own" else ["bank"]}
        id_: str = (await self.gateway.client.post("/api/v1/webhooks", json=hook)).json()["id"]
        ended = Delivery(id_, id_, "release.failed", b"{}", "2026-03-01", "failed", ended_at="2026-03-01")
        database = Database(f"sqlite+aiosqlite:///{self.gateway.database_file}")
        await SqlWebhooks(database).add_delivery(ended)
        await database.close()
        return id_

    async def send(self, endpoint: Endpoint, target: str, key: str | bytes | None) -> httpx.Response:
        is_bom = endpoint.path == "/api/v1/bom"
        is_key = endpoint.method == "POST" and endpoint.path == "/api/v1/keys"
        body = b'{"name": "made", "roles": ["viewer"]}' if is_key else b""
        body = b'{"projectName": "uploaded", "autoCreate": true, "bom": "e30="}' if is_bom else body
        if endpoint.method == "POST" and endpoint.path == "/api/v1/webhooks":
            body = json.dumps(WEBHOOK | {"projects": ["shop/eu"]}).encode()
        headers = [] if key is None else [(b"x-api-key", key if isinstance(key, bytes) else key.encode())]
        async with client_of(self.gateway.app) as client:
            return await client.request(
                endpoint.method,
                await self.path(endpoint, target),
                params=self._query(endpoint),
                content=body,
                headers=headers,
            )


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def field(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[_Field]:
    async with running_gateway(tmp_path_factory.mktemp("gateway"), webhook_networks="127.0.0.0/8") as gateway:
        own, foreign = await gateway.know("shop/eu"), await gateway.know("bank")
        keys = {role: (await gateway.new_key(role, projects=("shop/*", "uploaded")))["key"] for role in Role}
        yield _Field(gateway, own, foreign, keys)


_KNOWN_TO_ALL = {"{license_id}", "{name}", "{kind}"}
"""Parts of paths that name licences, policies and kinds of templates: nobody's in particular."""


_FOUND_BY_SERVICES = {"{letter_id}", "{record_id}", "{decision_id}", "{inquiry_id}"}
"""Parts of paths that only the service which keeps them can tell to be unknown."""


def _expected(endpoint: Endpoint, role: Role, target: str) -> range:
    if role not in endpoint.roles:
        return range(403, 404)
    if target != "own" and endpoint.scope in ("release", "archived-release", "document", "project"):
        return range(404, 405)
    if target == "foreign" and {"{key_id}", "{webhook_id}"} & set(endpoint.path.split("/")):
        return range(404, 405)
    if target == "unknown" and "{" in endpoint.path and not _KNOWN_TO_ALL & set(endpoint.path.split("/")):
        return range(404, 405)
    return _ADMITTED


_OF_EACH_METHOD = tuple({each.method: each for each in ENDPOINTS}.values())
_EACH = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: f"{each.method} {each.path}")


@_EACH
async def test_an_endpoint_lets_in_the_roles_of_its_row_to_their_own_projects(
    field: _Field, endpoint: Endpoint
) -> None:
    for role in Role:
        for target in ("own", "foreign", "unknown") if role in endpoint.roles else ("own",):
            field.gateway.forget()

            answer = await field.send(endpoint, target, field.keys[role])

            assert answer.status_code in _expected(endpoint, role, target), (role, target, answer.text)
            if answer.status_code in (401, 403) or (
                answer.status_code == 404 and not _FOUND_BY_SERVICES & set(endpoint.path.split("/"))
            ):
                assert answer.headers["content-type"] == "application/problem+json"
                assert field.gateway.reached() == []


@_EACH
async def test_an_endpoint_opens_to_no_key_that_is_not_valid_now(field: _Field, endpoint: Endpoint) -> None:
    valid = field.keys[Role.ADMIN]
    revoked = await field.gateway.new_key("admin")
    expired = await field.gateway.new_key("admin", expires_at="2026-03-01T12:00:00Z")
    await field.gateway.client.delete(f"/api/v1/keys/{revoked['id']}")
    not_valid: dict[str, str | bytes | None] = {
        "none": None,
        "empty": "",
        "garbage": "licet_garbage",
        "revoked": revoked["key"],
        "expired": expired["key"],
        "a prefix": valid[:-1],
        "a suffix": valid[1:],
        "with something more": valid + "A",
        "other case": valid.swapcase(),
        "with a space inside": f"{valid[:9]} {valid[9:]}",
        "its digest": "0" * 64,
        "not ASCII": "licet_ключ",
        "not UTF-8": b"licet_\xff\xfe",
        "10 kB": "licet_" + "x" * 10_000,
        "SQL": "' OR 1=1 --",
    }
    if endpoint not in _OF_EACH_METHOD:  # one way in for all: there the usual kinds tell that it is taken
        not_valid = {kind: not_valid[kind] for kind in ("none", "garbage", "revoked", "expired")}
    field.gateway.forget()

    for kind, key in not_valid.items():
        answer = await field.send(endpoint, "own", key)

        assert answer.status_code == 401, kind
        assert answer.json()["type"] == "urn:licet:problem:unauthenticated"
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert field.gateway.reached() == []


async def test_wrong_keys_are_told_apart_by_nothing(field: _Field) -> None:
    revoked = await field.gateway.new_key("admin")
    await field.gateway.client.delete(f"/api/v1/keys/{revoked['id']}")

    answers = [await field.send(ENDPOINTS[-1], "own", key) for key in (revoked["key"], "licet_never-there")]

    assert answers[0].content == answers[1].content


async def test_a_key_in_the_query_is_no_key(field: _Field) -> None:
    async with client_of(field.gateway.app) as client:
        answer = await client.get("/api/v1/version", params={"api_key": field.keys[Role.ADMIN]})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "endpoint",
    [each for each in ENDPOINTS if each.scope in ("release", "document", "project")],
    ids=lambda each: f"{each.method} {each.path}",
)
async def test_what_is_foreign_is_answered_as_what_is_not_there(field: _Field, endpoint: Endpoint) -> None:
    key = field.keys[Role.ADMIN]

    foreign, unknown = await field.send(endpoint, "foreign", key), await field.send(endpoint, "unknown", key)

    without_names = foreign.text
    for name, other in (
        (document_id(field.foreign), _UNKNOWN_ID),
        (field.foreign.id, _UNKNOWN_ID),
        (field.foreign.project, "nowhere"),
    ):
        without_names = without_names.replace(name, other)
    assert without_names == unknown.text
    assert foreign.status_code == unknown.status_code == 404
    assert _constant(foreign.headers) == _constant(unknown.headers)


@pytest.mark.parametrize(
    "endpoint", [each for each in ENDPOINTS if each.second_release], ids=lambda each: f"{each.method} {each.path}"
)
async def test_a_second_release_that_is_foreign_is_answered_as_one_that_is_not_there(
    field: _Field, endpoint: Endpoint
) -> None:
    path = await field.path(endpoint, "own")
    field.gateway.forget()
    async with client_of(field.gateway.app, field.keys[Role.ADMIN]) as client:
        name = str(endpoint.second_release)
        foreign, unknown = [await client.get(path, params={name: id_}) for id_ in (field.foreign.id, _UNKNOWN_ID)]
        older = await client.get(path, params={name: field.foreign.id, f"{name}_evaluation": "e1", "evaluation": "e1"})

    assert foreign.text.replace(field.foreign.id, _UNKNOWN_ID) == unknown.text
    assert foreign.status_code == unknown.status_code == older.status_code == 404
    assert field.gateway.reached() == []


@pytest.mark.parametrize(
    "endpoint", [each for each in ENDPOINTS if each.second_release], ids=lambda each: f"{each.method} {each.path}"
)
async def test_a_second_release_is_named_exactly_once(field: _Field, endpoint: Endpoint) -> None:
    path = await field.path(endpoint, "own")
    name = str(endpoint.second_release)
    field.gateway.forget()
    async with client_of(field.gateway.app, field.keys[Role.ADMIN]) as client:
        never = await client.get(path)
        twice = await client.get(path, params=[(name, field.foreign.id), (name, field.own.id)])

    assert never.status_code == twice.status_code == 422
    assert never.json()["errors"][0]["pointer"] == name
    assert field.gateway.reached() == []


def _constant(headers: httpx.Headers) -> dict[str, str]:
    return {
        name: value for name, value in headers.items() if name not in ("x-request-id", "traceparent", "content-length")
    }


async def test_a_version_that_is_not_there_reads_like_a_project_that_is_not_to_be_seen(field: _Field) -> None:
    async with client_of(field.gateway.app, field.keys[Role.VIEWER]) as client:
        own = await client.get("/api/v1/projects/shop%2Feu/releases/9")
        foreign = await client.get("/api/v1/projects/bank/releases/9")

    assert own.status_code == foreign.status_code == 404
    assert own.text.replace("shop/eu", "bank").replace("shop%2Feu", "bank") == foreign.text


async def test_a_service_learns_who_calls_and_for_which_projects(field: _Field) -> None:
    field.gateway.forget()
    async with client_of(field.gateway.app, field.keys[Role.SUBMITTER]) as client:
        await client.post("/api/v1/sboms?project=bank&version=1", content=b"{}")

    [seen] = field.gateway.reached()
    assert seen.principal.roles == ["submitter"]
    assert seen.principal.projects == ["shop/*", "uploaded"]
    assert seen.principal.subject.startswith("key:")


async def test_lists_show_only_what_may_be_seen(field: _Field) -> None:
    for role in Role:
        async with client_of(field.gateway.app, field.keys[role]) as client:
            releases = (await client.get("/api/v1/releases", params={"limit": 1000})).json()["items"]
            projects = (await client.get("/api/v1/projects")).json()["items"]
            asked_for = (await client.get("/api/v1/releases", params={"project": "bank"})).json()["items"]

        assert {each["project"] for each in releases} <= {"shop/eu", "uploaded"}
        assert field.own.id in {each["id"] for each in releases}
        assert {each["name"] for each in projects} <= {"shop/eu", "uploaded"}
        assert asked_for == []


async def test_what_does_not_stand_in_the_table_is_open(field: _Field) -> None:
    routes = set()
    for route in field.gateway.app.routes:
        assert isinstance(route, APIRoute)
        routes |= {(method, route.path) for method in route.methods or ()}

    assert routes == {("GET", path) for path in OPEN}


@pytest.mark.parametrize("path", sorted(OPEN))
async def test_what_is_open_needs_no_key_and_tells_no_secret(field: _Field, path: str) -> None:
    async with client_of(field.gateway.app) as client:
        answer = await client.get(path)

    assert answer.status_code == 200
    assert not any(word in answer.text for word in ("shop/eu", "sqlite", field.own.id, *field.keys.values()))


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/nowhere", "/api/v1", "/api/v1/releases/", "/api/v1//releases", "/API/V1/releases"),
        *("/internal/v1/dead-letters", "/api/v1/releases/x/y", "/api/v1/sboms/..%2f..%2finternal%2fv1", "/redoc"),
        *("/openapi.json", "/api/v1/version;x", "/api/v1/version%2f", "/api/v1/%76ersion", "/metrics/../metrics%00"),
    ],
)
async def test_what_is_not_in_the_table_is_not_there_and_reaches_nobody(field: _Field, path: str) -> None:
    field.gateway.forget()
    async with client_of(field.gateway.app, field.keys[Role.ADMIN]) as client:
        answer = await client.get(path)

    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert field.gateway.reached() == []


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if e.method == "GET"], ids=lambda each: each.path)
async def test_head_is_answered_as_get_is_without_the_body(field: _Field, endpoint: Endpoint) -> None:
    for role, target in ((Role.ADMIN, "own"), (Role.VIEWER, "own"), (Role.ADMIN, "foreign")):
        get = await field.send(endpoint, target, field.keys[role])
        head = await field.send(dataclasses.replace(endpoint, method="HEAD"), target, field.keys[role])

        assert (head.status_code, head.content) == (get.status_code, b"")
        assert head.headers.get("content-type") == get.headers.get("content-type")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE", "DELETE"])
async def test_a_method_that_is_not_in_the_table_is_refused(field: _Field, method: str) -> None:
    async with client_of(field.gateway.app, field.keys[Role.ADMIN]) as client:
        answer = await client.request(method, "/api/v1/releases")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


async def test_the_method_override_of_a_header_is_not_heard(field: _Field) -> None:
    made = await field.gateway.new_key("viewer")
    override = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}

    answer = await field.gateway.client.get(f"/api/v1/keys/{made['id']}", headers=override)

    assert answer.json()["revoked_at"] is None


async def test_a_key_that_expires_opens_nothing_from_that_moment_on(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        made = await gateway.new_key("viewer", expires_at="2026-03-01T13:30:00+01:00")
        async with client_of(gateway.app, made["key"]) as client:
            gateway.clock.advance(minutes=29, seconds=59)
            assert (await client.get("/api/v1/version")).status_code == 200

            gateway.clock.advance(seconds=1)

            assert (await client.get("/api/v1/version")).status_code == 401
