"""What goes on to a service, and what comes back from it."""

import pytest
from starlette.responses import JSONResponse, Response

from shared.web.principal import HEADER, Principal, sign
from tests.support.gateway import (
    INTERNAL_KEY,
    GatewayUnderTest,
    Received,
    a_problem,
    a_release_state,
    client_of,
    upload_answer,
)

_PASSED_ON = {"accept", "content-type", "content-encoding", "content-length", "if-match", "if-none-match"}
_OF_THE_GATEWAY = {HEADER, "x-request-id", "traceparent", "accept-encoding", "host", "user-agent", "connection"}
_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
_SPOOFED = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Prefix": "/internal",
    "Forwarded": "for=127.0.0.1;host=evil.example",
    "X-Real-IP": "127.0.0.1",
    "X-Original-URL": "/internal/v1/dead-letters",
    "X-Rewrite-URL": "/internal/v1/dead-letters",
    "X-User": "root",
    "X-Role": "admin",
    "X-HTTP-Method-Override": "DELETE",
    "Cookie": "session=admin",
    "Authorization": "Bearer licet_of-somebody-else",
    "Via": "1.1 evil",
}
_HOP_BY_HOP = {
    "Connection": "close, X-Api-Key, X-Licet-Principal, X-Request-ID, Content-Type",
    "Keep-Alive": "timeout=600",
    "TE": "trailers",
    "Trailer": "X-Licet-Principal",
    "Upgrade": "h2c",
    "Proxy-Authorization": "Basic abc",
    "Proxy-Connection": "close",
}


async def _gate(gateway: GatewayUnderTest, **headers: str) -> Received:
    """Ask for the gate of a release as a viewer of its project; return what reached policy-eval."""
    state = await gateway.know("shop")
    key = (await gateway.new_key("viewer", projects=("shop",)))["key"]
    async with client_of(gateway.app, key) as client:
        answer = await client.get(f"/api/v1/releases/{state.id}/gate", headers=headers)
    assert answer.status_code == 200
    [seen] = gateway.reached()
    return seen


@pytest.mark.parametrize("headers", [_SPOOFED, _HOP_BY_HOP], ids=["spoofed", "hop-by-hop"])
async def test_a_callers_headers_neither_go_on_nor_change_who_calls(
    gateway: GatewayUnderTest, headers: dict[str, str]
) -> None:
    seen = await _gate(gateway, **headers)

    assert seen.headers.keys() <= _PASSED_ON | _OF_THE_GATEWAY
    assert not set(headers.values()) & set(seen.headers.values())
    assert seen.path.endswith("/gate")
    assert seen.principal.roles == ["viewer"]
    assert seen.principal.projects == ["shop"]


@pytest.mark.parametrize("name", [HEADER, "X-LICET-PRINCIPAL", "x_licet_principal"])
async def test_a_principal_that_the_caller_brings_is_replaced(gateway: GatewayUnderTest, name: str) -> None:
    root = sign(Principal("key:root", ["admin"], ["*"]), "policy-eval", INTERNAL_KEY, gateway.clock.now())

    seen = await _gate(gateway, **{name: root})

    assert seen.principal.subject != "key:root"
    assert root not in seen.headers.values()


@pytest.mark.parametrize("host", ["evil.example", "evil/../internal", "x/internal/v1/dead-letters?", "a@b:99", ""])
async def test_the_host_that_a_caller_names_leads_nowhere_else(gateway: GatewayUnderTest, host: str) -> None:
    seen = await _gate(gateway, Host=host)

    assert seen.path.startswith("/api/v1/releases/")
    assert seen.query == ""
    assert host not in seen.headers.values() or host == ""


async def test_links_do_not_follow_the_host_that_a_caller_names(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("shop")

    answer = await gateway.client.get(f"/api/v1/releases/{state.id}", headers={"Host": "evil.example"})

    assert answer.json()["url"] == f"/api/v1/releases/{state.id}"


async def test_what_describes_the_body_and_the_wish_goes_on(gateway: GatewayUnderTest) -> None:
    headers = {"Content-Type": "application/vnd.cyclonedx+json", "Content-Encoding": "gzip", "Accept": "text/plain"}

    await gateway.client.post("/api/v1/sboms?project=a%2Fb&version=1+2", content=b"packed", headers=headers)

    [seen] = gateway.reached()
    assert (seen.method, seen.path, seen.query) == ("POST", "/api/v1/sboms", "project=a%2Fb&version=1+2")
    assert seen.body == b"packed"
    assert headers.items() <= {name.title(): value for name, value in seen.headers.items()}.items()
    assert seen.headers["content-length"] == "6"


async def test_a_body_where_none_belongs_is_not_passed_on(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("shop")

    answer = await gateway.client.request("GET", f"/api/v1/releases/{state.id}/gate", content=b"a body")

    [seen] = gateway.reached()
    assert answer.status_code == 200
    assert seen.body == b""
    assert not seen.headers.keys() & {"content-length", "content-type"}


async def test_only_listed_headers_of_an_answer_come_back(gateway: GatewayUnderTest) -> None:
    allowed = {"etag": '"1"', "content-disposition": "attachment", "cache-control": "no-store", "vary": "accept"}
    inner = {
        "server": "inner",
        "set-cookie": "a=b",
        "x-powered-by": "inner",
        "connection": "close",
        "x-internal": "path",
    }
    gateway.services["policy-eval"].answers(JSONResponse({}, headers=allowed | inner))
    state = await gateway.know("shop")

    answer = await gateway.client.get(f"/api/v1/releases/{state.id}/gate")

    assert allowed.items() <= dict(answer.headers).items()
    assert not answer.headers.keys() & inner.keys()
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_refusal_of_a_service_comes_back_as_it_is(gateway: GatewayUnderTest) -> None:
    for status in (400, 403, 404, 409, 413, 415, 422, 425, 429, 500, 503):
        gateway.services["sbom-ingest"].answers(a_problem(status, "of-its-own", "why"))

        answer = await gateway.client.post("/api/v1/sboms", content=b"{}")

        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] == "why"


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_the_inner_state_of_a_service_that_fails_is_not_shown(gateway: GatewayUnderTest, status: int) -> None:
    stack = 'Traceback (most recent call last):\n  File "/srv/licet/inner.py", line 7\nKeyError: secret'
    gateway.services["policy-eval"].answers(Response(stack, status, media_type="text/plain"))
    gateway.services["sbom-ingest"].answers(Response(stack, status, media_type="text/plain"))
    state = await gateway.know("shop")

    streamed = await gateway.client.get(f"/api/v1/releases/{state.id}/gate")
    read = await gateway.client.post("/api/v1/sboms", content=b"{}")
    searched = await gateway.client.get("/api/v1/releases?license=MIT")

    for answer, service in ((streamed, "policy-eval"), (read, "sbom-ingest"), (searched, "policy-eval")):
        assert answer.status_code == 502
        assert answer.json()["type"] == "urn:licet:problem:bad-answer"
        assert answer.json()["service"] == service
        assert "secret" not in answer.text
        assert "inner.py" not in answer.text


async def test_a_service_that_does_not_know_the_gateway_is_not_the_callers_fault(gateway: GatewayUnderTest) -> None:
    gateway.services["policy-eval"].answers(a_problem(401, "unauthenticated"))
    state = await gateway.know("shop")

    answer = await gateway.client.get(f"/api/v1/releases/{state.id}/gate")

    assert answer.status_code == 502
    assert answer.json()["service"] == "policy-eval"


@pytest.mark.parametrize("query", [b"project=\xff", b"project=a\tb", b"x=" + b"y" * 70_000])
async def test_a_query_that_cannot_be_passed_on_is_the_callers_error(gateway: GatewayUnderTest, query: bytes) -> None:
    status = await _raw_status(gateway, "POST", b"/api/v1/sboms", query)

    assert status == 422
    assert gateway.reached() == []


async def _raw_status(gateway: GatewayUnderTest, method: str, path: bytes, query: bytes) -> int:
    """Return the status of a request that no client would send."""
    statuses: list[int] = []
    scope = {
        "type": "http",
        "method": method,
        "path": path.decode(),
        "raw_path": path,
        "query_string": query,
        "headers": [(b"x-api-key", gateway.client.headers["x-api-key"].encode())],
        "server": ("127.0.0.1", 80),
        "scheme": "http",
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    await gateway.app(scope, receive, send)  # type: ignore[arg-type]  # narrower than ASGI's own types
    return statuses[0]


@pytest.mark.parametrize("given", ["their.id-1", "A" * 128])
async def test_a_request_id_goes_all_the_way(gateway: GatewayUnderTest, given: str) -> None:
    state = await gateway.know("shop")

    answer = await gateway.client.get(
        f"/api/v1/releases/{state.id}/gate", headers={"X-Request-ID": given, "traceparent": _TRACE}
    )

    [seen] = gateway.reached()
    assert answer.headers["x-request-id"] == seen.headers["x-request-id"] == given
    assert answer.headers["traceparent"] == seen.headers["traceparent"] == _TRACE


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "a\tb", 'a","level":"error', "тест"])
async def test_an_improper_request_id_is_replaced_by_one_of_ours(gateway: GatewayUnderTest, given: str) -> None:
    state = await gateway.know("shop")
    headers = [(b"x-request-id", given.encode()), (b"traceparent", given.encode())]

    answer = await gateway.client.get(f"/api/v1/releases/{state.id}/gate", headers=headers)

    [seen] = gateway.reached()
    assert answer.headers["x-request-id"] == seen.headers["x-request-id"] != given
    assert answer.headers["traceparent"] == seen.headers["traceparent"] != given
    assert len(answer.headers["x-request-id"]) == 36


async def test_refusals_and_faults_have_a_request_id_too(gateway: GatewayUnderTest) -> None:
    gateway.services["sbom-ingest"].answers(Response(b"no JSON", 202))

    fault = await gateway.client.post("/api/v1/sboms", content=b"{}", headers={"X-Request-ID": "r-1"})
    nowhere = await gateway.client.get("/nowhere")

    assert fault.status_code == 500
    assert fault.json()["type"] == "urn:licet:problem:internal"
    assert "r-1" in fault.json()["detail"]
    assert "Decode" not in fault.text
    assert fault.headers["x-request-id"] == "r-1"
    assert nowhere.headers["x-request-id"]


async def test_a_release_is_asked_for_by_its_id_whatever_it_is_called(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("org/repo", "1/2 ü")

    answer = await gateway.client.get("/api/v1/projects/org%2Frepo/releases/1%2F2%20%C3%BC/notice?format=json")

    [seen] = gateway.services["obligations"].received
    assert answer.status_code == 200
    assert seen.path == f"/api/v1/releases/{state.id}/notice"
    assert seen.query == "format=json"


async def test_an_upload_that_was_stored_before_is_answered_200(gateway: GatewayUnderTest) -> None:
    gateway.services["sbom-ingest"].answers(upload_answer(a_release_state(), status=200))

    answer = await gateway.client.post("/api/v1/sboms", content=b"{}")

    assert answer.status_code == 200
    assert answer.json()["replayed"] is True
    assert answer.headers["location"] == f"/api/v1/releases/{a_release_state().id}"


async def test_a_search_by_component_asks_policy_eval_and_shows_only_what_may_be_seen(
    gateway: GatewayUnderTest,
) -> None:
    own, foreign = await gateway.know("shop"), await gateway.know("bank")
    gateway.services["policy-eval"].answers(JSONResponse([own.id, foreign.id]))
    key = (await gateway.new_key("viewer", projects=("shop",)))["key"]

    async with client_of(gateway.app, key) as client:
        answer = await client.get("/api/v1/releases", params={"purl": "pkg:npm/left-pad"})

    assert [each["id"] for each in answer.json()["items"]] == [own.id]


async def test_a_client_that_is_refused_is_told_in_what_form_every_refusal_is(gateway: GatewayUnderTest) -> None:
    refused = [
        await gateway.client.get("/nowhere"),
        await gateway.client.put("/api/v1/keys"),
        await gateway.client.get("/api/v1/releases?limit=abc"),
        await gateway.client.get("/api/v1/releases/x%00"),
        await gateway.client.post("/api/v1/keys", content=b"{"),
    ]

    for answer in refused:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json().keys() >= {"type", "title", "status", "detail", "instance"}
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["instance"] == answer.request.url.raw_path.decode().partition("?")[0]
