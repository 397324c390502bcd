"""Clients of Dependency-Track send a document, in base64 or in a form, and wait for their token."""

import base64
import json
import tracemalloc
import uuid
from typing import Any

import httpx
import pytest
from starlette.responses import Response

from shared.clock import uuid7
from tests.support.gateway import (
    GatewayUnderTest,
    Received,
    a_problem,
    a_release_state,
    client_of,
    derived,
    document_id,
    evaluated,
    ingested,
    upload_answer,
)

_BOM = "/api/v1/bom"
_DOCUMENT = b'{"bomFormat": "CycloneDX"} ~~ \xff>>??'
_NAMES = {"projectName": "uploaded", "projectVersion": "1", "autoCreate": True}


def _json(bom: str, **fields: Any) -> bytes:
    return json.dumps({**_NAMES, **fields, "bom": bom}).encode()


def _encoded(document: bytes = _DOCUMENT) -> str:
    return base64.b64encode(document).decode()


async def _sent(gateway: GatewayUnderTest, body: bytes, method: str = "PUT") -> httpx.Response:
    return await gateway.client.request(method, _BOM, content=body, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_a_document_in_base64_reaches_sbom_ingest_as_it_was(gateway: GatewayUnderTest, method: str) -> None:
    answer = await _sent(gateway, _json(_encoded()), method)

    assert answer.status_code == 200
    assert answer.json() == {"token": document_id(a_release_state("uploaded"))}
    [seen] = gateway.services["sbom-ingest"].received
    assert (seen.method, seen.path, seen.query) == ("POST", "/api/v1/sboms", "project=uploaded&version=1")
    assert seen.body == _DOCUMENT


@pytest.mark.parametrize("as_file", [True, False])
async def test_a_document_in_a_form_does_too(gateway: GatewayUnderTest, as_file: bool) -> None:
    text = {"projectName": "org/shop & co", "autoCreate": "true"}
    files: dict[str, Any] = {name: (None, value) for name, value in text.items()}
    files["bom"] = ("bom.json", b"{}", "application/json") if as_file else (None, "{}")

    answer = await gateway.client.post(_BOM, files=files)

    assert answer.status_code == 200, answer.text
    [seen] = gateway.services["sbom-ingest"].received
    assert (seen.query, seen.body) == ("project=org%2Fshop+%26+co", b"{}")


@pytest.mark.parametrize(
    "bom",
    [
        _encoded().replace("/", "\\/").replace("+", "\\u002B").replace("=", "\\u003d"),
        _encoded().rstrip("="),
        _encoded().replace("+", "-").replace("/", "_"),
        "\\r\\n".join(_encoded()[at : at + 8] for at in range(0, 99, 8)),
    ],
    ids=["escaped", "without padding", "of the alphabet for addresses", "in lines"],
)
async def test_base64_is_taken_in_every_form_that_clients_write(gateway: GatewayUnderTest, bom: str) -> None:
    body = _json("?").replace(b'"?"', f'"{bom}"'.encode())

    assert (await _sent(gateway, body)).status_code == 200
    assert gateway.services["sbom-ingest"].received[0].body == _DOCUMENT


@pytest.mark.parametrize("length", [1_048_575, 1_048_576, 1_048_577, 3_000_001])
async def test_a_long_document_is_put_together_of_its_pieces(gateway: GatewayUnderTest, length: int) -> None:
    document = bytes(range(256)) * (length // 256 + 1)

    await _sent(gateway, _json(_encoded(document[:length]).replace("/", "\\/"), **{"x": 1}).replace(b"\\\\", b"\\"))

    assert gateway.services["sbom-ingest"].received[0].body == document[:length]


async def test_the_place_of_the_document_among_the_fields_does_not_matter(gateway: GatewayUnderTest) -> None:
    body = f'{{"bom" :\n"{_encoded()}", "projectName": "a \\"bom\\": \\"b\\"", "autoCreate": "true", "tags": []}}'

    assert (await _sent(gateway, body.encode())).status_code == 200
    assert gateway.services["sbom-ingest"].received[0].query == "project=a+%22bom%22%3A+%22b%22"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{}", 422),
        (b"[]", 422),
        (b'{"bom": null}', 422),
        (b'{"bom": 7}', 422),
        (b'{"parent": {"bom": "e30="}}', 422),
        (b'{"bom": "e30=", "bom": "e30="}', 422),
        (b'{"bom": "e30="', 422),
        (b'{"bom": "e30=', 422),
        (b'{"bom": "e30=", "projectName": {}}', 422),
        (_json("!!!!"), 400),
        (_json("e30=e30="), 400),
        (_json("a"), 400),
        (_json("\u00e9"), 400),
        (_json(_encoded(), tags="x" * 70_000), 413),
    ],
)
async def test_what_is_no_upload_is_refused_and_reaches_nobody(
    gateway: GatewayUnderTest, body: bytes, status: int
) -> None:
    answer = await _sent(gateway, body)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert gateway.reached() == []


async def test_a_form_without_a_document_is_refused(gateway: GatewayUnderTest) -> None:
    answer = await gateway.client.post(_BOM, files={"projectName": (None, "shop")})

    assert answer.status_code == 422


async def test_without_auto_create_the_release_must_be_there(gateway: GatewayUnderTest) -> None:
    await gateway.know("shop")

    unknown = await _sent(gateway, _json(_encoded(), autoCreate=False))
    known = await _sent(gateway, _json(_encoded(), autoCreate=False, projectName="shop"))
    any_version = await _sent(gateway, _json(_encoded(), autoCreate=False, projectName="shop", projectVersion=None))

    assert (unknown.status_code, known.status_code, any_version.status_code) == (404, 200, 200)


async def test_a_release_may_be_named_by_its_id(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("shop", "2.0")

    named = await _sent(gateway, json.dumps({"project": state.id, "bom": _encoded()}).encode())
    unknown = await _sent(gateway, json.dumps({"project": document_id(state), "bom": _encoded()}).encode())

    assert (named.status_code, unknown.status_code) == (200, 404)
    assert gateway.services["sbom-ingest"].received[0].query == "project=shop&version=2.0"


async def test_a_release_of_a_foreign_project_is_not_there(gateway: GatewayUnderTest) -> None:
    foreign = await gateway.know("bank")
    key = (await gateway.new_key("submitter", projects=("shop",)))["key"]
    async with client_of(gateway.app, key) as client:
        by_id = await client.put(_BOM, json={"project": foreign.id, "bom": _encoded()})
        by_name = await client.put(_BOM, json={"projectName": "bank", "projectVersion": "1", "bom": _encoded()})
        looked_up = await client.get("/api/v1/project/lookup", params={"name": "bank", "version": "1"})
        token = await client.get(f"/api/v1/bom/token/{document_id(foreign)}")

    assert {each.status_code for each in (by_id, by_name, looked_up, token)} == {404}
    assert gateway.reached() == []


async def test_what_sbom_ingest_refuses_is_refused(gateway: GatewayUnderTest) -> None:
    gateway.services["sbom-ingest"].answers(a_problem(403, "forbidden"))

    assert (await _sent(gateway, _json(_encoded()))).status_code == 403


@pytest.mark.parametrize("kind", ["bom", "event"])
async def test_a_token_tells_whether_its_document_is_still_worked_on(gateway: GatewayUnderTest, kind: str) -> None:
    state = a_release_state("uploaded", id=uuid7(gateway.clock))
    gateway.services["sbom-ingest"].answers(upload_answer(state))
    token = (await _sent(gateway, _json(_encoded()))).json()["token"]
    path = f"/api/v1/{kind}/token/{token}"

    before = (await gateway.client.get(path)).json()
    await gateway.tell(ingested(state), evaluated(state), derived(state))
    after = (await gateway.client.get(path)).json()

    assert before == {"processing": True, "status": "processing"}
    assert after == {"processing": False, "status": "done"}
    assert (await gateway.client.get(f"/api/v1/{kind}/token/{uuid.uuid4()}")).status_code == 404


async def test_a_client_that_looks_its_release_up_finds_it_with_the_time_of_its_document(
    gateway: GatewayUnderTest,
) -> None:
    state = await gateway.know("shop")

    found = (await gateway.client.get("/api/v1/project/lookup?name=shop&version=1")).json()

    assert (await gateway.client.get(f"/api/v1/project/{state.id}")).json() == found
    assert (found["uuid"], found["name"], found["version"]) == (state.id, "shop", "1")
    assert found["lastBomImport"] == int(document_id(state).replace("-", "")[:12], 16)


async def test_a_large_document_is_never_held_whole_in_memory(gateway: GatewayUnderTest) -> None:
    piece = b"A" * (1 << 20)
    lengths: list[int] = []

    async def count(seen: Received) -> Response:
        lengths.append(len(seen.body))
        return upload_answer(a_release_state("uploaded"))

    async def body() -> Any:
        yield b'{"autoCreate": true, "projectName": "uploaded", "bom": "'
        for _ in range(32):
            yield piece
        yield b'"}'

    gateway.services["sbom-ingest"].answer = count
    from gateway.entrypoints.bom_body import read_bom

    class _Streamed:
        headers = httpx.Headers({"content-type": "application/json"})

        def stream(self) -> Any:
            return body()

    tracemalloc.start()
    bom = await read_bom(_Streamed())  # type: ignore[arg-type]  # all that is read of a request
    size = sum([len(each) async for each in bom.pieces()])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    bom.document.close()

    assert size == 24 << 20
    assert peak < 12 << 20
