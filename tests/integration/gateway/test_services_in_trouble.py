"""A service that is away, silent, or breaks off: the caller is told which one, and in time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from gateway.application import ask_services
from gateway.entrypoints import relay
from tests.support.gateway import SERVICES, GatewayUnderTest, running_gateway
from tests.support.ports import free_port

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _gateway_before(folder: Path, behaviour: Behaviour | None) -> AsyncIterator[GatewayUnderTest]:
    """Run a gateway before services that all behave like this; None: nobody listens."""
    port = free_port()
    urls = dict.fromkeys(SERVICES, f"http://127.0.0.1:{port}")
    if behaviour is None:
        async with running_gateway(folder, urls=urls) as gateway:
            yield gateway
        return

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await behaviour(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    try:
        async with running_gateway(folder, urls=urls) as gateway:
            yield gateway
    finally:
        server.close()


async def _silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    while await reader.read(1000):
        pass


async def _silent_in_the_middle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    writer.write(b"HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{")
    await _silent(reader, writer)


async def _breaks_off(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)


async def _breaks_off_in_the_middle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    writer.write(b"HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{")
    await writer.drain()


async def _speaks_something_else(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    await writer.drain()


async def _sends_elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    writer.write(b"HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")
    await writer.drain()


async def _asked(gateway: GatewayUnderTest) -> list[tuple[httpx.Response, str]]:
    """Ask in each of the ways in which the gateway reads answers; return the answers with the service asked."""
    state = await gateway.know("shop")
    return [
        (await gateway.client.post("/api/v1/sboms", content=b"{}"), "sbom-ingest"),
        (await gateway.client.get("/api/v1/releases?purl=pkg:npm/x"), "policy-eval"),
        (await gateway.client.get("/api/v1/dead-letters"), "policy-eval"),
        (await gateway.client.post(f"/api/v1/releases/{state.id}/evaluations", content=b"{}"), "policy-eval"),
    ]


@pytest.mark.parametrize(
    ("behaviour", "status", "kind"),
    [
        (None, 503, "unavailable"),
        (_breaks_off, 503, "unavailable"),
        (_breaks_off_in_the_middle, 502, "bad-answer"),
        (_speaks_something_else, 502, "bad-answer"),
    ],
)
async def test_a_service_that_fails_is_named(
    tmp_path: Path, behaviour: Behaviour | None, status: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask_services, "SECONDS_TO_START", 0.0)
    async with _gateway_before(tmp_path, behaviour) as gateway:
        answers = await _asked(gateway)

    for answer, service in answers[:3]:
        assert answer.status_code == status, answer.text
        assert answer.json()["service"] == service
        assert answer.json()["type"] == f"urn:licet:problem:{kind}"
        assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize("behaviour", [_silent, _silent_in_the_middle])
async def test_a_service_that_hangs_is_named_in_time(
    tmp_path: Path, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "seconds_for", lambda _method, _path: 0.5)
    async with _gateway_before(tmp_path, behaviour) as gateway:
        answers = await _asked(gateway)

    for answer, service in answers[:3]:
        assert answer.status_code == 504, answer.text
        assert answer.json()["service"] == service
        assert answer.json()["type"] == "urn:licet:problem:timed-out"


async def test_a_service_that_sends_elsewhere_is_not_followed_by_anybody(tmp_path: Path) -> None:
    async with _gateway_before(tmp_path, _sends_elsewhere) as gateway:
        answers = await _asked(gateway)

    for answer, service in answers:
        assert (answer.status_code, answer.json()["service"]) == (502, service)
        assert "location" not in answer.headers


async def test_without_any_service_the_gateway_still_knows_its_releases(tmp_path: Path) -> None:
    async with _gateway_before(tmp_path, None) as gateway:
        state = await gateway.know("shop")

        assert (await gateway.client.get(f"/api/v1/releases/{state.id}")).json()["gate"]["verdict"] == "pass"
        assert (await gateway.client.get("/readyz")).json() == {"status": "ok"}


async def test_a_request_under_an_idempotency_key_that_met_trouble_may_be_sent_again(tmp_path: Path) -> None:
    async with _gateway_before(tmp_path, _breaks_off_in_the_middle) as gateway:
        state = await gateway.know("shop")
        path = f"/api/v1/releases/{state.id}/evaluations"

        answers = [await gateway.client.post(path, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert [each.status_code for each in answers] == [502, 502]
