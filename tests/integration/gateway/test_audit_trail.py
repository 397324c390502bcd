"""The audit trail says who did what and who was turned away; what was changed in it afterwards is found."""

import asyncio
import csv
import hashlib
import hmac
import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.responses import JSONResponse

from gateway.adapters.audit import SqlTrail
from gateway.application.audit_trail import AuditFilter, VerifyAudit
from gateway.domain.audit import Entry, Head
from gateway.entrypoints.audit import harmless
from shared.persistence.engine import Database
from shared.persistence.migrate import migrate
from tests.support.gateway import GatewayUnderTest, a_problem, client_of, running_gateway

_AUDIT = "/api/v1/audit"
_KEY = "the key of the trail, known to the operator"


async def _trail(gateway: GatewayUnderTest, **wanted: str) -> list[dict[str, Any]]:
    answer = await gateway.client.get(_AUDIT, params=wanted)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_change_is_on_record_with_who_what_when_and_the_request(gateway: GatewayUnderTest) -> None:
    body = {"name": "ci", "roles": ["viewer"], "projects": ["shop"]}
    made = await gateway.client.post("/api/v1/keys", json=body, headers={"X-Request-ID": "r-1"})

    [entry] = await _trail(gateway)

    assert entry["action"] == "POST /api/v1/keys"
    assert entry["subject"] == "key:00000000-0000-7000-8000-000000000000"
    assert (entry["outcome"], entry["status"], entry["request_id"]) == ("done", 201, "r-1")
    assert (entry["at"], entry["address"]) == ("2026-03-01T12:00:00.000000Z", "127.0.0.1")
    assert entry["before"] is None
    assert entry["after"]["roles"] == ["viewer"]
    assert made.json()["key"] not in json.dumps(entry)


async def test_questions_leave_no_trace(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("shop")
    for path in ("/api/v1/releases", f"/api/v1/releases/{state.id}", f"/api/v1/releases/{state.id}/gate", _AUDIT):
        assert (await gateway.client.get(path)).status_code == 200

    assert await _trail(gateway) == []


async def test_who_is_turned_away_is_on_record_for_questions_too(gateway: GatewayUnderTest) -> None:
    foreign = await gateway.know("bank")
    viewer = await gateway.new_key("viewer", projects=("shop",))
    async with client_of(gateway.app, viewer["key"]) as client:
        await client.get("/api/v1/keys")
        await client.get(f"/api/v1/releases/{foreign.id}")
        await client.get("/api/v1/releases/not-there")
    async with client_of(gateway.app, "licet_wrong") as stranger:
        await stranger.get("/api/v1/releases")

    denied = await _trail(gateway, outcome="denied")

    assert [(each["subject"], each["status"]) for each in denied] == [
        ("anonymous", 401),
        (f"key:{viewer['id']}", 404),
        (f"key:{viewer['id']}", 404),
        (f"key:{viewer['id']}", 403),
    ]


async def test_who_comes_without_a_key_or_too_often_cannot_fill_the_trail(tmp_path: Path) -> None:
    async with running_gateway(tmp_path, rate_limit=60) as gateway:
        async with client_of(gateway.app) as nobody, client_of(gateway.app, "licet_wrong") as guesser:
            for _ in range(30):
                await nobody.post("/api/v1/keys")
                await guesser.post("/api/v1/keys")

        assert len(await _trail(gateway)) == 10


async def test_a_decision_is_on_record_with_its_reason_what_was_before_and_the_versions(
    gateway: GatewayUnderTest,
) -> None:
    told = {"versions": {"policies": {"default": {"version": 3}}}, "before": {"state": "proposed"}}
    record = {"id": "w1", "state": "in-effect", "reason": "risk-accepted", "comment": "until 2.0"}
    headers = {"X-Licet-Basis": json.dumps(told)}
    gateway.services["policy-eval"].answers(JSONResponse(record, headers=headers))

    answer = await gateway.client.post("/api/v1/waivers/w1/approve")
    await gateway.client.delete("/api/v1/waivers/w1?reason=the+contract+ended")

    ended, approved = await _trail(gateway)
    assert "x-licet-basis" not in answer.headers
    assert approved["reason"] == "risk-accepted: until 2.0"
    assert (approved["before"], approved["after"]) == (told["before"], record)
    assert (approved["versions"], ended["reason"]) == (told["versions"], "the contract ended")
    exported = (await gateway.client.get(_AUDIT, params={"format": "csv"})).text
    assert [row["reason"] for row in csv.DictReader(io.StringIO(exported))] == [approved["reason"], ended["reason"]]


async def test_an_upload_is_on_record_with_its_project_and_document(gateway: GatewayUnderTest) -> None:
    await gateway.client.post("/api/v1/sboms?project=uploaded&version=1", content=b"{}")

    [entry] = await _trail(gateway, project="uploaded")

    assert entry["after"]["document"]["sha256"] == "0" * 64
    assert entry["after"]["release"] == "01950000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(("status", "outcome"), [(422, "refused"), (403, "denied"), (503, "failed")])
async def test_what_a_service_refuses_is_on_record(gateway: GatewayUnderTest, status: int, outcome: str) -> None:
    gateway.services["sbom-ingest"].answers(a_problem(status, "of-a-service"))

    await gateway.client.post("/api/v1/sboms", content=b"{}")

    [entry] = await _trail(gateway)
    assert (entry["outcome"], entry["status"]) == (outcome, status)


async def test_the_trail_is_paged_and_filtered_by_time(gateway: GatewayUnderTest) -> None:
    for _ in range(5):
        gateway.clock.advance(minutes=1)
        await gateway.new_key("viewer")

    first = (await gateway.client.get(_AUDIT, params={"limit": "2"})).json()
    second = (await gateway.client.get(_AUDIT, params={"limit": "9", "page_token": first["next_page_token"]})).json()
    some = await _trail(gateway, since="2026-03-01T13:02:00+01:00", until="2026-03-01T12:04:00Z")

    assert [each["seq"] for each in first["items"] + second["items"]] == [5, 4, 3, 2, 1]
    assert second["next_page_token"] is None
    assert [each["seq"] for each in some] == [3, 2]


@pytest.mark.parametrize("query", ["since=yesterday", "format=xml", "who=me", "limit=x", "page_token=x", "until=2026"])
async def test_a_question_that_makes_no_sense_is_refused(gateway: GatewayUnderTest, query: str) -> None:
    assert (await gateway.client.get(f"{_AUDIT}?{query}")).status_code == 422


async def test_an_auditor_of_some_projects_sees_the_entries_of_these(gateway: GatewayUnderTest) -> None:
    auditor = await gateway.new_key("auditor", projects=("shop/*",))
    await gateway.client.post("/api/v1/sboms", content=b"{}")
    own = await gateway.know("shop/eu")
    await gateway.client.post(f"/api/v1/releases/{own.id}/evaluations")

    async with client_of(gateway.app, auditor["key"]) as client:
        seen = (await client.get(_AUDIT, params={"limit": "1"})).json()["items"]
        exported = (await client.get(_AUDIT, params={"format": "jsonl"})).text.splitlines()

    assert [each["project"] for each in seen] == ["shop/eu"]
    assert [json.loads(each)["project"] for each in exported] == ["shop/eu"]


async def test_all_of_it_comes_as_json_lines_and_as_csv_in_its_order(gateway: GatewayUnderTest) -> None:
    for _ in range(3):
        await gateway.new_key("viewer")

    lines = (await gateway.client.get(_AUDIT, params={"format": "jsonl"})).text.splitlines()
    table = (await gateway.client.get(_AUDIT, params={"format": "csv"})).text

    assert [json.loads(each)["seq"] for each in lines] == [1, 2, 3]
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["seq"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["hash"] == json.loads(lines[0])["hash"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n=1", "＝1", "  ＋1"])
def test_a_cell_that_a_spreadsheet_would_calculate_is_made_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(("cell", "shown"), [("shop", "shop"), (7, "7"), (None, ""), ("a=b", "a=b")])
def test_a_cell_that_is_no_formula_stays_as_it_is(cell: Any, shown: str) -> None:
    assert harmless(cell) == shown


async def _verified(file: Path, noted: Head | None = None, key: str = _KEY) -> tuple[Head, str | None]:
    database = Database(f"sqlite+aiosqlite:///{file}")
    try:
        return await VerifyAudit(SqlTrail(database, key.encode()), key.encode())(noted)
    finally:
        await database.close()


def _commanded(file: Path, *arguments: str) -> tuple[int, str]:
    environment = os.environ | {"LICET_DATABASE_URL": f"sqlite+aiosqlite:///{file}", "LICET_AUDIT_KEY": _KEY}
    command = [sys.executable, "-m", "gateway", "audit", "verify", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


async def _with_entries(folder: Path) -> Path:
    async with running_gateway(folder, audit_key=_KEY) as gateway:
        for _ in range(4):
            await gateway.new_key("viewer")
        return gateway.database_file


def _tampered(file: Path, *statements: str) -> None:
    """Run the statements as who owns the database may: without the triggers that stand in the way."""
    with closing(sqlite3.connect(file)) as connection:
        for change in ("update", "delete"):
            connection.execute(f"DROP TRIGGER audit_entry_no_{change}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


async def test_the_command_says_whether_the_trail_is_unbroken(tmp_path: Path) -> None:
    file = await _with_entries(tmp_path)

    code, printed = _commanded(file)
    noted = printed.splitlines()[1].removeprefix("head ")
    _tampered(file, "UPDATE audit_entry SET subject = 'key:another' WHERE seq = 2")

    assert (code, noted[:2]) == (0, "4:")
    changed, told = _commanded(file, "--head", noted)
    assert changed == 1
    assert "BROKEN: entry 2" in told


async def test_a_trail_that_nobody_has_touched_is_unbroken(tmp_path: Path) -> None:
    file = await _with_entries(tmp_path)

    head, fault = await _verified(file)

    assert (head.seq, fault) == (4, None)
    assert await _verified(file, noted=head) == (head, None)


async def test_a_trail_of_before_reasons_and_versions_still_verifies_and_goes_on(tmp_path: Path) -> None:
    file, fields = tmp_path / "old.sqlite", [name for name in Entry.__slots__ if name not in ("reason", "versions")]
    migrate("gateway", f"sqlite+aiosqlite:///{file}")
    head = Head()
    with closing(sqlite3.connect(file)) as connection:
        for number in range(3):  # as the version before linked them
            values = [getattr(_an_entry(number), name) for name in fields]
            content = json.dumps([head.hash, head.seq + 1, *values], ensure_ascii=True, separators=(",", ":")).encode()
            head = Head(head.seq + 1, hmac.new(_KEY.encode(), content, hashlib.sha256).hexdigest())
            marks = ", ".join("?" * (len(fields) + 2))
            row = [head.seq, head.hash, *values]
            connection.execute(f"INSERT INTO audit_entry (seq, hash, {', '.join(fields)}) VALUES ({marks})", row)
        connection.execute("UPDATE audit_head SET seq = ?, hash = ?", (head.seq, head.hash))
        connection.commit()
    database = Database(f"sqlite+aiosqlite:///{file}")
    await SqlTrail(database, _KEY.encode()).append(replace(_an_entry(4), reason="seen", versions="{}"))
    await database.close()

    unbroken = await _verified(file, noted=head)
    _tampered(file, "UPDATE audit_entry SET reason = NULL, versions = NULL WHERE seq = 4")

    assert (unbroken[0].seq, unbroken[1]) == (4, None)
    assert "entry 4" in ((await _verified(file))[1] or "")


_CHANGES: dict[str, tuple[str, ...]] = {
    "a row is changed": ("UPDATE audit_entry SET subject = 'key:another' WHERE seq = 2",),
    "a reason is put in": ("UPDATE audit_entry SET reason = 'seen' WHERE seq = 2",),
    "a null becomes something": ("UPDATE audit_entry SET before = '{}' WHERE seq = 1",),
    "the last is removed": ("DELETE FROM audit_entry WHERE seq = 4",),
    "one in the middle is removed": ("DELETE FROM audit_entry WHERE seq = 2",),
    "the first is removed": ("DELETE FROM audit_entry WHERE seq = 1",),
    "all are removed": ("DELETE FROM audit_entry",),
    "two change places": (
        "UPDATE audit_entry SET seq = 99 WHERE seq = 2",
        "UPDATE audit_entry SET seq = 2 WHERE seq = 3",
        "UPDATE audit_entry SET seq = 3 WHERE seq = 99",
    ),
    "one is put in": (
        "INSERT INTO audit_entry SELECT 5, at, subject, address, action, path, project, outcome, status, request_id, "
        "before, after, hash, reason, versions FROM audit_entry WHERE seq = 4",
    ),
}


@pytest.mark.parametrize("statements", _CHANGES.values(), ids=_CHANGES)
async def test_a_trail_that_was_changed_is_broken(tmp_path: Path, statements: tuple[str, ...]) -> None:
    file = await _with_entries(tmp_path)

    _tampered(file, *statements)

    assert (await _verified(file))[1] is not None


async def test_the_last_entries_and_the_head_cannot_be_removed_together_unseen_by_who_noted_a_head(
    tmp_path: Path,
) -> None:
    file = await _with_entries(tmp_path)
    head, _ = await _verified(file)

    _tampered(
        file,
        "DELETE FROM audit_entry WHERE seq > 2",
        "UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit_entry WHERE seq = 2)",
    )

    assert (await _verified(file))[1] is None
    assert (await _verified(file, noted=head))[1] is not None


async def test_a_trail_cannot_be_written_anew_without_its_key(tmp_path: Path) -> None:
    file = await _with_entries(tmp_path)

    assert (await _verified(file, key="another key than that of the trail"))[1] is not None


def _an_entry(number: int) -> Entry:
    return Entry("2026-03-01T12:00:00Z", "key:x", "::1", "POST /x", f"/x/{number}", None, "done", 200, "r", None, '"é"')


async def test_replicas_that_write_at_the_same_time_make_one_chain(gateway_database: Database) -> None:
    replicas = [SqlTrail(gateway_database, b"key") for _ in range(3)]

    await asyncio.gather(*(replicas[number % 3].append(_an_entry(number)) for number in range(15)))

    head, fault = await VerifyAudit(replicas[0], b"key")()
    assert (head.seq, fault) == (15, None)
    written = [link.entry.path for link in await replicas[1].oldest(AuditFilter(), 0, 99)]
    assert sorted(written) == sorted(f"/x/{number}" for number in range(15))


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET subject = 'x'", "DELETE FROM audit_entry"])
async def test_each_database_refuses_to_change_the_trail(gateway_database: Database, statement: str) -> None:
    await SqlTrail(gateway_database, b"").append(_an_entry(1))

    with pytest.raises(DBAPIError, match="only added to"):
        async with gateway_database.write() as connection:
            await connection.execute(text(statement))
