"""What the gateway writes down: one JSON object a line whatever comes in, and never a key."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from starlette.responses import Response

from shared.observability import configure_logging
from tests.support.gateway import ADMIN_KEY, INTERNAL_KEY, GatewayUnderTest, client_of

_BREAKERS = "%0d%0a%7B%22level%22%3A%22error%22%7D%1b%5B31m%E2%80%A8"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is logged, as it is in operation."""
    root, stream, before = logging.getLogger(), io.StringIO(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logging("DEBUG")
    yield stream
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


def _lines(written: io.StringIO) -> list[dict[str, Any]]:
    """Return the lines; fails for one that is no JSON object, or has anything in it that a terminal would obey."""
    text = written.getvalue()
    assert text.isascii()
    assert all(character.isprintable() or character == "\n" for character in text)
    lines = [json.loads(line) for line in text.splitlines()]
    assert all(isinstance(line, dict) for line in lines)
    return lines


async def test_a_request_is_one_line_whatever_it_says(gateway: GatewayUnderTest, written: io.StringIO) -> None:
    headers = [(b"x-request-id", b'x"}{"a":"\xe2\x80\xa8'), (b"user-agent", b"a\tb"), (b"traceparent", b"\x1b[31m")]

    await gateway.client.get(f"/api/v1/releases/{_BREAKERS}", headers=headers)
    await gateway.client.get(f"/{_BREAKERS}?{_BREAKERS}={_BREAKERS}", headers=headers)
    await gateway.client.post(f"/api/v1/dead-letters/{_BREAKERS}/replay", headers=headers)

    lines = [line for line in _lines(written) if line["event"] == "request"]
    assert [line["method"] for line in lines] == ["GET", "GET", "POST"]
    assert all(len(line["request_id"]) == 36 for line in lines)


async def test_a_fault_is_found_by_the_request_id_that_the_caller_was_told(
    gateway: GatewayUnderTest, written: io.StringIO
) -> None:
    gateway.services["sbom-ingest"].answers(Response(b"no JSON", 202))

    answer = await gateway.client.post("/api/v1/sboms", content=b"{}")

    found = [line for line in _lines(written) if line.get("request_id") == answer.headers["x-request-id"]]
    assert [line["event"] for line in found] == ["request failed", "request"]
    assert "DecodeError" in found[0]["exception"]


async def test_no_key_is_ever_written_down(gateway: GatewayUnderTest, written: io.StringIO) -> None:
    made = await gateway.new_key("viewer", "submitter")
    wrong = "licet_" + "wrong-but-perhaps-somebody's-elsewhere"
    gateway.services["sbom-ingest"].answers(Response(made["key"].encode(), 202))
    for key in (made["key"], wrong, ADMIN_KEY):
        async with client_of(gateway.app, key) as client:
            await client.get("/api/v1/version")
            await client.get("/api/v1/version", params={"api_key": key})
            await client.get(f"/api/v1/keys/{key}")
            await client.delete(f"/api/v1/keys/{key}")
            await client.get("/nowhere", headers={"X-Request-ID": key, "Authorization": f"Bearer {key}"})
            await client.post("/api/v1/sboms", content=key.encode(), headers={"Idempotency-Key": key})
            await client.post("/api/v1/keys", json={"name": key, "roles": [key]})

    text = written.getvalue()

    assert len(_lines(written)) > 20
    for secret in (made["key"], wrong, ADMIN_KEY, INTERNAL_KEY):
        assert secret not in text
