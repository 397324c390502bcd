"""A POST under an `Idempotency-Key` is done once."""

import asyncio
from pathlib import Path

import pytest
from starlette.responses import JSONResponse, Response

from gateway.application.idempotency import LEASE
from tests.support.gateway import GatewayUnderTest, Received, a_problem, client_of, running_gateway

_KEY = {"Idempotency-Key": "k1"}
_UPLOAD = "/api/v1/sboms?project=shop&version=1"


def _count(gateway: GatewayUnderTest) -> None:
    """Make policy-eval answer each evaluation with a number of its own."""
    service = gateway.services["policy-eval"]

    async def answer(_seen: Received) -> Response:
        return JSONResponse({"evaluation": len(service.received)}, 202, {"ETag": '"1"'})

    service.answer = answer


async def test_a_repetition_gets_the_first_answer(gateway: GatewayUnderTest) -> None:
    _count(gateway)
    path = f"/api/v1/releases/{(await gateway.know('shop')).id}/evaluations"

    first, second = [await gateway.client.post(path, headers=_KEY, content=b"x") for _ in range(2)]

    assert len(gateway.reached()) == 1
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert second.headers["x-request-id"] != first.headers["x-request-id"]


async def test_an_upload_is_passed_on_once(gateway: GatewayUnderTest) -> None:
    first, second = [await gateway.client.post(_UPLOAD, headers=_KEY, content=b"{}" * 9999) for _ in range(2)]

    assert len(gateway.reached()) == 1
    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    assert first.headers["location"] == second.headers["location"]


async def test_without_a_key_everything_is_done_again(gateway: GatewayUnderTest) -> None:
    for _ in range(2):
        await gateway.client.post(_UPLOAD, content=b"{}")

    assert len(gateway.reached()) == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (_UPLOAD, b"another body"),
        (f"{_UPLOAD}&part=x", b"{}"),
        ("/api/v1/sboms?version=1&project=shop", b"{}"),
        ("/api/v1/keys", b"{}"),
    ],
    ids=["body", "query", "order of the query", "path"],
)
async def test_another_request_under_the_key_is_refused(gateway: GatewayUnderTest, path: str, body: bytes) -> None:
    await gateway.client.post(_UPLOAD, headers=_KEY, content=b"{}")

    answer = await gateway.client.post(path, headers=_KEY, content=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "Idempotency-Key"
    assert len(gateway.reached()) == 1


async def test_while_the_first_runs_a_repetition_is_told_to_come_back(gateway: GatewayUnderTest) -> None:
    let_go, arrived = asyncio.Event(), asyncio.Event()

    async def answer(_seen: Received) -> Response:
        arrived.set()
        await let_go.wait()
        return JSONResponse({"done": True}, 202)

    gateway.services["policy-eval"].answer = answer
    path = f"/api/v1/releases/{(await gateway.know('shop')).id}/evaluations"
    first = asyncio.create_task(gateway.client.post(path, headers=_KEY))
    await arrived.wait()

    second = await gateway.client.post(path, headers=_KEY)
    let_go.set()

    assert second.status_code == 409
    assert second.headers["retry-after"] == "1"
    assert (await first).status_code == 202
    assert (await gateway.client.post(path, headers=_KEY)).json() == {"done": True}
    assert len(gateway.reached()) == 1


async def test_of_many_at_once_one_is_done(gateway: GatewayUnderTest) -> None:
    answers = await asyncio.gather(
        *(gateway.client.post(_UPLOAD, headers=_KEY, content=b"{}") for _ in range(8)),
    )

    assert len(gateway.reached()) == 1
    assert {each.status_code for each in answers} <= {202, 409}
    assert 202 in {each.status_code for each in answers}


async def test_a_refusal_is_not_kept(gateway: GatewayUnderTest) -> None:
    service = gateway.services["sbom-ingest"]
    usual = service.answer
    for status in (400, 413, 422, 429, 500, 503):
        service.answers(a_problem(status, "of-its-own"))
        assert (await gateway.client.post(_UPLOAD, headers=_KEY, content=b"{")).status_code == status

    service.answer = usual

    assert (await gateway.client.post(_UPLOAD, headers=_KEY, content=b"{}")).status_code == 202


async def test_a_refusal_at_the_door_is_not_kept(gateway: GatewayUnderTest) -> None:
    assert (await gateway.client.post("/api/v1/keys", headers=_KEY, content=b"{")).status_code == 422

    body = {"name": "x", "roles": ["viewer"]}

    assert (await gateway.client.post("/api/v1/keys", headers=_KEY, json=body)).status_code == 201


async def test_a_new_key_is_shown_once_and_made_once(gateway: GatewayUnderTest) -> None:
    body = {"name": "x", "roles": ["viewer"]}

    first, second = [await gateway.client.post("/api/v1/keys", headers=_KEY, json=body) for _ in range(2)]

    assert first.status_code == 201
    assert second.status_code == 409
    assert "licet_" not in second.text
    listed = (await gateway.client.get("/api/v1/keys")).json()["items"]
    assert [each["name"] for each in listed].count("x") == 1


async def test_two_callers_with_the_same_key_do_not_meet(gateway: GatewayUnderTest) -> None:
    for name in ("one", "other"):
        made = await gateway.new_key("submitter", projects=(name,))
        async with client_of(gateway.app, made["key"]) as client:
            answer = await client.post(_UPLOAD, headers=_KEY, content=name.encode())
        assert answer.status_code == 202

    assert [each.body for each in gateway.reached()] == [b"one", b"other"]


async def test_who_may_not_send_the_request_is_not_shown_its_answer(gateway: GatewayUnderTest) -> None:
    made = await gateway.new_key("submitter")
    async with client_of(gateway.app, made["key"]) as client:
        await client.post(_UPLOAD, headers=_KEY, content=b"{}")
        await gateway.client.delete(f"/api/v1/keys/{made['id']}")

        answer = await client.post(_UPLOAD, headers=_KEY, content=b"{}")

    assert answer.status_code == 401


@pytest.mark.parametrize("key", ["", "x" * 256, "x" * 10_000])
async def test_a_key_that_cannot_be_is_refused(gateway: GatewayUnderTest, key: str) -> None:
    answer = await gateway.client.post(_UPLOAD, headers={"Idempotency-Key": key}, content=b"{}")

    assert answer.status_code == 422
    assert gateway.reached() == []


async def test_a_get_has_no_first_answer(gateway: GatewayUnderTest) -> None:
    await gateway.client.get("/api/v1/version", headers=_KEY)

    assert (await gateway.client.get("/api/v1/releases", headers=_KEY)).status_code == 200


async def test_the_lease_of_a_process_that_died_runs_out(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as dying:
        arrived = asyncio.Event()

        async def never(_seen: Received) -> Response:
            arrived.set()
            await asyncio.Event().wait()
            raise AssertionError("nothing lets go")

        dying.services["sbom-ingest"].answer = never
        first = asyncio.create_task(dying.client.post(_UPLOAD, headers=_KEY, content=b"{}"))
        await arrived.wait()

        async with running_gateway(tmp_path, dying.clock) as other:
            assert (await other.client.post(_UPLOAD, headers=_KEY, content=b"{}")).status_code == 409
            other.clock.moment += LEASE
            other.clock.advance(seconds=1)

            assert (await other.client.post(_UPLOAD, headers=_KEY, content=b"{}")).status_code == 202

            first.cancel()
            await asyncio.wait([first])
            kept = await other.client.post(_UPLOAD, headers=_KEY, content=b"{}")
            assert kept.headers["idempotency-replayed"] == "true"


async def test_first_answers_outlive_the_process(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        first = await gateway.client.post(_UPLOAD, headers=_KEY, content=b"{}")

    async with running_gateway(tmp_path) as gateway:
        second = await gateway.client.post(_UPLOAD, headers=_KEY, content=b"{}")

        assert second.content == first.content
        assert gateway.reached() == []
