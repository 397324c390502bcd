"""Webhooks: told of each event at least once, signed, at public addresses only, and none in the way of another."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from gateway.adapters.safe_connections import RefusedAddress, SafeAddresses, SafeBackend, networks
from gateway.adapters.webhook_sender import WebhookSender
from gateway.adapters.webhooks import SqlWebhooks
from gateway.application import deliver_webhooks
from gateway.domain.webhooks import signature
from shared.errors import InvalidInput
from shared.persistence.engine import Database
from tests.support.gateway import GatewayUnderTest, client_of, derived, evaluated, failed, ingested, running_gateway
from tests.support.gateway import a_release_state as a_state


@dataclass
class Receiver:
    """Something that listens on loopback: what it got, and how it answers."""

    url: str
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    body: bytes = b"thank you"
    location: str | None = None
    go_on: Event = field(default_factory=Event)


@contextmanager
def a_receiver(hangs: bool = False) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            receiver.go_on.wait(60)
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", str(len(receiver.body)))
            self.end_headers()
            self.wfile.write(receiver.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    if not hangs:
        receiver.go_on.set()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as running:
        yield running


@pytest.fixture
async def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GatewayUnderTest]:
    """A gateway that looks for due messages all the time, since its clock is moved by hand."""
    monkeypatch.setattr(deliver_webhooks, "_LOOK_SECONDS", 0.05)
    async with running_gateway(tmp_path, webhook_networks="127.0.0.0/8") as running:
        yield running


async def _made(gateway: GatewayUnderTest, url: str, **more: Any) -> dict[str, Any]:
    body = {"url": url, "events": ["release.evaluated", "release.failed", "obligations.derived"]} | more
    answer = await gateway.client.post("/api/v1/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_message_goes_out_when_it_is_written_down_and_not_when_somebody_looks(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver_webhooks, "_LOOK_SECONDS", 3600.0)
    async with running_gateway(tmp_path, webhook_networks="127.0.0.0/8") as gateway:
        hook = await _made(gateway, receiver.url)
        await asyncio.sleep(0.1)  # it has looked once

        await gateway.know("shop")
        await gateway.client.post(f"/api/v1/webhooks/{hook['id']}/ping")

        await _until(lambda: len(receiver.got) == 3)


async def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "not within 20 s"
        await asyncio.sleep(0.02)


async def _deliveries(gateway: GatewayUnderTest, hook: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await gateway.client.get(f"/api/v1/webhooks/{hook['id']}/deliveries")
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def _until_tried(gateway: GatewayUnderTest, hook: dict[str, Any], attempts: int = 1) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while True:
        (first, *_) = await _deliveries(gateway, hook) or [{"attempts": 0}]
        if first["attempts"] >= attempts:
            return first
        assert time.monotonic() < deadline, "not tried within 20 s"
        await asyncio.sleep(0.02)


async def test_a_verdict_is_told_with_a_signature_that_the_receiver_can_check(
    gateway: GatewayUnderTest, receiver: Receiver
) -> None:
    hook = await _made(gateway, receiver.url)

    release = await gateway.know("shop")
    await _until(lambda: len(receiver.got) == 2)

    told = {headers["licet-event"]: (headers, body) for headers, body in receiver.got}
    assert set(told) == {"release.evaluated", "obligations.derived"}
    headers, body = told["release.evaluated"]
    at, mac = (part.partition("=")[2] for part in headers["licet-signature"].split(","))
    assert mac == hmac.new(hook["secret"].encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert int(at) == int(gateway.clock.now().timestamp())
    assert f'"id":"{release.id}"'.encode() in body
    assert b'"verdict":"pass"' in body


async def test_what_is_known_already_is_not_told_again(gateway: GatewayUnderTest, receiver: Receiver) -> None:
    hook = await _made(gateway, receiver.url)
    state = a_state("shop")

    await gateway.tell(ingested(state), evaluated(state), evaluated(state, evaluation="e0"))
    await gateway.tell(derived(state))
    await _until(lambda: len(receiver.got) == 2)

    assert len(await _deliveries(gateway, hook)) == 2


async def test_only_wanted_events_of_wanted_projects_are_told(gateway: GatewayUnderTest, receiver: Receiver) -> None:
    hook = await _made(gateway, receiver.url, events=["release.failed"], projects=["shop*"])

    await gateway.know("other")
    await gateway.know("shop-a")
    state = a_state("shop-b", id="01950000-0000-7000-8000-00000000000b")
    await gateway.tell(ingested(state), failed(state))
    await _until(lambda: len(receiver.got) == 1)

    assert [each["event"] for each in await _deliveries(gateway, hook)] == ["release.failed"]
    assert b"shop-b" in receiver.got[0][1]


async def test_a_message_that_is_refused_is_tried_again_later(gateway: GatewayUnderTest, receiver: Receiver) -> None:
    receiver.status = 500
    hook = await _made(gateway, receiver.url, events=["release.evaluated"])
    await gateway.know("shop")
    first = await _until_tried(gateway, hook)

    receiver.status = 204
    receiver.body = b""
    gateway.clock.advance(seconds=11)
    second = await _until_tried(gateway, hook, attempts=2)

    assert (first["status"], first["answer_status"], first["error"]) == ("pending", 500, "answered 500")
    assert (second["status"], second["answer_status"], second["error"]) == ("delivered", 204, None)
    assert len({headers["licet-delivery"] for headers, _ in receiver.got}) == 1


@pytest.mark.long
async def test_a_clock_that_is_set_back_holds_up_no_message(gateway: GatewayUnderTest, receiver: Receiver) -> None:
    hook = await _made(gateway, receiver.url, events=["release.evaluated"])
    receiver.status = 500
    await gateway.know("shop")
    tried = await _until_tried(gateway, hook)
    await asyncio.sleep(0.1)
    assert len(receiver.got) == tried["attempts"] == 1, "the next try is in ten seconds"

    gateway.clock.advance(seconds=-30)
    await asyncio.sleep(0.1)
    assert len(receiver.got) == 1, "so little is no sign of a clock that was set back"

    gateway.clock.advance(hours=-2)
    await _until_tried(gateway, hook, attempts=2)


async def test_nobody_there_ends_after_nine_tries_and_disables_the_webhook_after_ten_messages(
    gateway: GatewayUnderTest, receiver: Receiver
) -> None:
    receiver.status = 503
    hook = await _made(gateway, receiver.url, events=["release.evaluated"])
    for number in range(10):
        await gateway.know(f"shop-{number}")
    for attempts in range(1, 10):
        await _until_all_tried(gateway, hook, attempts)
        gateway.clock.advance(hours=19)

    shown = await _until_disabled(gateway, hook)
    rows = await _deliveries(gateway, hook)
    rotated = (await gateway.client.post(f"/api/v1/webhooks/{hook['id']}/rotate")).json()

    assert {each["status"] for each in rows} == {"failed"}
    assert "10 deliveries in a row failed" in shown["disabled_reason"]
    assert rotated["disabled_at"] is None


async def _until_disabled(gateway: GatewayUnderTest, hook: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while True:
        shown: dict[str, Any] = (await gateway.client.get(f"/api/v1/webhooks/{hook['id']}")).json()
        if shown["disabled_at"]:
            return shown
        assert time.monotonic() < deadline, "not disabled within 30 s"
        await asyncio.sleep(0.05)


async def _until_all_tried(gateway: GatewayUnderTest, hook: dict[str, Any], attempts: int) -> None:
    deadline = time.monotonic() + 30
    while any(each["attempts"] < attempts for each in await _deliveries(gateway, hook)):
        assert time.monotonic() < deadline, "not tried within 30 s"
        await asyncio.sleep(0.05)


async def test_one_that_hangs_is_not_in_the_way_of_another(gateway: GatewayUnderTest, receiver: Receiver) -> None:
    with a_receiver(hangs=True) as hanging:
        await _made(gateway, hanging.url, events=["release.evaluated"])
        await _made(gateway, receiver.url, events=["release.evaluated"])

        for number in range(20):
            await gateway.know(f"shop-{number}")
        await _until(lambda: len(receiver.got) == 20)

        assert len(hanging.got) <= 2


async def test_a_ping_shows_what_came_of_it_and_a_message_can_be_sent_again(
    gateway: GatewayUnderTest, receiver: Receiver
) -> None:
    hook = await _made(gateway, receiver.url)

    pinged = await gateway.client.post(f"/api/v1/webhooks/{hook['id']}/ping")
    await _until_tried(gateway, hook)
    again = f"/api/v1/webhooks/{hook['id']}/deliveries/{pinged.json()['id']}/redeliver"
    resent = await gateway.client.post(again)
    await _until(lambda: len(receiver.got) == 2)

    assert (pinged.status_code, resent.status_code) == (202, 202)
    assert [headers["licet-event"] for headers, _ in receiver.got] == ["ping", "ping"]
    assert receiver.got[0][1] == receiver.got[1][1]


async def test_after_a_rotation_both_secrets_sign_for_a_day(gateway: GatewayUnderTest, receiver: Receiver) -> None:
    hook = await _made(gateway, receiver.url)
    after = (await gateway.client.post(f"/api/v1/webhooks/{hook['id']}/rotate")).json()

    await gateway.client.post(f"/api/v1/webhooks/{hook['id']}/ping")
    await _until(lambda: len(receiver.got) == 1)
    gateway.clock.advance(days=2)
    await gateway.client.post(f"/api/v1/webhooks/{hook['id']}/ping")
    await _until(lambda: len(receiver.got) == 2)

    (early, body), (late, later) = receiver.got
    at = int(gateway.clock.now().timestamp())
    assert early["licet-signature"] == signature((after["secret"], hook["secret"]), at - 2 * 86_400, body)
    assert late["licet-signature"] == signature((after["secret"],), at, later)


async def test_a_redirect_is_not_followed(gateway: GatewayUnderTest, receiver: Receiver) -> None:
    with a_receiver() as elsewhere:
        receiver.status, receiver.location = 307, elsewhere.url
        hook = await _made(gateway, receiver.url)
        await gateway.client.post(f"/api/v1/webhooks/{hook['id']}/ping")
        tried = await _until_tried(gateway, hook)

    assert tried["error"] == "answered 307"
    assert elsewhere.got == []


async def test_an_endless_answer_is_not_read(gateway: GatewayUnderTest, receiver: Receiver) -> None:
    receiver.body = b"x" * 100_000_000
    hook = await _made(gateway, receiver.url)
    await gateway.client.post(f"/api/v1/webhooks/{hook['id']}/ping")

    assert (await _until_tried(gateway, hook))["status"] == "delivered"


async def test_deliveries_are_kept_for_thirty_days(gateway: GatewayUnderTest, receiver: Receiver) -> None:
    hook = await _made(gateway, receiver.url)
    await gateway.client.post(f"/api/v1/webhooks/{hook['id']}/ping")
    await _until_tried(gateway, hook)
    database = Database(f"sqlite+aiosqlite:///{gateway.database_file}")
    store = SqlWebhooks(database)

    await store.sweep("2026-03-01T11:59:59.000000Z")
    kept = await _deliveries(gateway, hook)
    await store.sweep("2026-03-02T00:00:00.000000Z")
    await database.close()

    assert (len(kept), len(await _deliveries(gateway, hook))) == (1, 0)


async def test_who_sees_fewer_projects_neither_sees_nor_makes_a_wider_webhook(gateway: GatewayUnderTest) -> None:
    hook = await _made(gateway, "http://127.0.0.1:9999/hook")
    key = (await gateway.new_key("admin", projects=("shop*",)))["key"]
    async with client_of(gateway.app, key) as client:
        seen = await client.get(f"/api/v1/webhooks/{hook['id']}")
        wider = {"url": "http://127.0.0.1:9999/hook", "events": ["release.failed"], "projects": ["*"]}
        refused = await client.post("/api/v1/webhooks", json=wider)
        own = await client.post("/api/v1/webhooks", json=wider | {"projects": ["shop-a"]})
        listed = (await client.get("/api/v1/webhooks")).json()["items"]

    assert (seen.status_code, refused.status_code, own.status_code) == (404, 403, 201)
    assert [each["id"] for each in listed] == [own.json()["id"]]
    assert "secret" not in listed[0]


_REFUSED = [
    "http://127.0.0.1/", "http://localhost:8080/", "https://[::1]/", "https://0.0.0.0/", "https://[::ffff:127.0.0.1]/",
    "https://2130706433/", "https://0177.0.0.1/", "https://0x7f.1/", "https://10.0.0.8/", "https://169.254.169.254/latest",
    "https://[fd00::1]/", "https://[fe80::1%25eth0]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://224.0.0.1/", "https://255.255.255.255/", "https://100.64.0.1/", "https://192.0.2.1/", "http://8.8.8.8/",
    "https://user@8.8.8.8/", "https://user:word@8.8.8.8/", "https://8.8.8.8:22/", "https://8.8.8.8:99999/",
    "file:///etc/passwd", "ftp://8.8.8.8/", "gopher://8.8.8.8/", "//8.8.8.8/", "", "https://", "https:///path",
    "https://8.8.8.8/a b", "https://8.8.8.8/\r\nHost: x", "https://8.8.8.8/\x00", "https://" + "a" * 64 + ".example/",
    "https://8.8.8.8/" + "x" * 3000,
]  # fmt: skip


async def test_no_webhook_leads_inside(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        for url in _REFUSED:
            answer = await gateway.client.post("/api/v1/webhooks", json={"url": url, "events": ["release.failed"]})

            assert answer.status_code == 422, (url, answer.text)
            assert answer.json()["errors"][0]["pointer"] == "url"


async def test_a_name_that_leads_elsewhere_between_check_and_connection_is_refused() -> None:
    answers = iter([["93.184.216.34"], ["93.184.216.34"], ["127.0.0.1"]])

    async def rebinding(_host: str, _port: int) -> list[str]:
        return next(answers)

    sender = WebhookSender(SafeAddresses((), rebinding))
    await sender.check("https://rebinding.example/")
    sent = await sender.send("https://rebinding.example/", {"Content-Length": "2"}, b"{}")
    await sender.close()

    assert sent.status is None
    assert "127.0.0.1, which is no public address" in (sent.error or "")


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    async def both(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    with pytest.raises(InvalidInput, match=r"10\.0\.0\.1"):
        await WebhookSender(SafeAddresses((), both)).check("https://two.example/")


async def test_sockets_of_the_machine_are_not_opened() -> None:
    with pytest.raises(RefusedAddress):
        await SafeBackend(SafeAddresses(networks(""), _nowhere)).connect_unix_socket("/run/docker.sock")


async def _nowhere(_host: str, _port: int) -> list[str]:
    return []
