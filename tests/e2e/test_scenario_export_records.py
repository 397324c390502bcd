"""Export officers keep classifications, notifications and statements; nobody approves their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.support.api import listed, new_key, problem

_CLASSIFICATIONS = "/api/v1/export-classifications"


@contextmanager
def _officer(api: httpx.Client, *roles: str, projects: str = "*") -> Iterator[httpx.Client]:
    key = new_key(api, *(roles or ("export-officer",)), projects=projects)["key"]
    with httpx.Client(base_url=api.base_url, headers={"X-Api-Key": key}) as client:
        yield client


def _filed(api: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = api.post(path, json=body)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def test_nobody_approves_their_own_classification(api: httpx.Client, project: str) -> None:
    with _officer(api) as first, _officer(api) as second:
        made = _filed(first, _CLASSIFICATIONS, project=project, code="5D992.c", jurisdiction="US", method="self")

        own = first.post(f"{_CLASSIFICATIONS}/{made['id']}/approve")
        approved = second.post(f"{_CLASSIFICATIONS}/{made['id']}/approve")
        again = second.post(f"{_CLASSIFICATIONS}/{made['id']}/approve")

        problem(own, 409, "conflict")
        assert made["state"] == "proposed"
        assert approved.json()["state"] == "in-effect"
        assert approved.json()["approved_by"] != approved.json()["created_by"]
        problem(again, 409, "conflict")


def test_a_record_is_withdrawn_and_stays_on_file(api: httpx.Client, project: str) -> None:
    made = _filed(api, _CLASSIFICATIONS, project=project, code="EAR99", jurisdiction="US")

    withdrawn = api.delete(f"{_CLASSIFICATIONS}/{made['id']}")
    again = api.delete(f"{_CLASSIFICATIONS}/{made['id']}")

    assert withdrawn.json()["state"] == "withdrawn"
    problem(again, 409, "conflict")
    (kept,) = listed(api, _CLASSIFICATIONS, project=project)
    assert (kept["id"], kept["state"], kept["code"]) == (made["id"], "withdrawn", "EAR99")


def test_what_contradicts_itself_is_not_put_on_file(api: httpx.Client, project: str) -> None:
    unknown = api.post(_CLASSIFICATIONS, json={"project": project, "code": "5D999", "jurisdiction": "US"})
    order = {"project": project, "code": "5D002", "valid_from": "2026-02-01", "valid_to": "2026-01-01"}
    no_project = api.post(_CLASSIFICATIONS, json={"code": "5D002"})
    nul = api.post(_CLASSIFICATIONS, json={"code": "5D002", "project": "a\0b"})
    deep = api.post(_CLASSIFICATIONS, content=b'{"evidence": ' + b"[" * 100_000)

    assert "5D999" in problem(unknown, 422, "invalid-input")["detail"]
    assert "valid_to" in problem(api.post(_CLASSIFICATIONS, json=order), 422, "invalid-input")["detail"]
    assert problem(no_project, 422, "invalid-input")["errors"][0]["pointer"] == "/project"
    problem(nul, 422, "invalid-input")
    problem(deep, 422, "invalid-input")
    assert listed(api, _CLASSIFICATIONS, project=project) == []


def test_a_notification_comes_with_its_mail_and_is_due_again_when_the_source_moves(
    api: httpx.Client, project: str
) -> None:
    crypto = {"kind": "implements", "functions": ["confidentiality"], "algorithms": ["our cipher"], "standard": False}
    statement = {"project": project, "published": True, "source_url": "https://example.org/a", "crypto": crypto}
    _filed(api, "/api/v1/export-statements", **statement)

    made = _filed(api, "/api/v1/notifications", project=project, type="742.15(b)", sent_at="2026-01-02")
    _filed(api, "/api/v1/export-statements", **statement | {"source_url": "https://example.org/b"})

    (shown,) = listed(api, "/api/v1/notifications", project=project)
    assert made["mail"]["to"] == ["crypt@bis.doc.gov", "enc@nsa.gov"]
    assert "https://example.org/a" in made["mail"]["text"]
    assert "our cipher" in made["mail"]["text"]
    assert (made["due_again"], shown["due_again"]) == ([], ["the source is now at https://example.org/b"])


def test_a_verified_table_is_not_warned_of(api: httpx.Client) -> None:
    verifications = "/api/v1/export-verifications"

    def warned_of() -> str:
        answer = api.post("/api/v1/export/classify", json={"jurisdictions": ["US"]}).json()
        return str(answer["verdicts"]["US"]["why"]).partition("Not verified")[2]

    before = warned_of()
    _filed(api, verifications, table="E:2", verified_at="2000-01-01")
    long_ago = warned_of()
    _filed(api, verifications, table="E:2", verified_at=datetime.now(UTC).date().isoformat())
    now = warned_of()

    (table,) = [each for each in listed(api, "/api/v1/export-tables") if each["table"] == "E:2"]
    assert (table["members"], table["owner"], table["stale"]) == (["CU"], "export officer", False)
    assert ["E:2" in each for each in (before, long_ago, now)] == [True, True, False]
    for wrong in ({"table": "E:9", "verified_at": "2026-01-01"}, {"table": "E:1", "verified_at": "2999-01-01"}):
        problem(api.post(verifications, json=wrong), 422, "invalid-input")


def test_records_are_seen_and_made_by_those_who_may(api: httpx.Client, project: str) -> None:
    made = _filed(api, _CLASSIFICATIONS, project=project, code="EAR99", jurisdiction="US")

    with _officer(api, projects="other-*") as elsewhere, _officer(api, "viewer") as viewer:
        foreign = elsewhere.post(_CLASSIFICATIONS, json={"project": project, "code": "EAR99"})
        problem(foreign, 404, "not-found")
        problem(elsewhere.post(f"{_CLASSIFICATIONS}/{made['id']}/approve"), 404, "not-found")
        problem(elsewhere.delete(f"{_CLASSIFICATIONS}/{made['id']}"), 404, "not-found")
        assert listed(elsewhere, _CLASSIFICATIONS) == []
        assert [each["id"] for each in listed(viewer, _CLASSIFICATIONS, project=project)] == [made["id"]]
        problem(viewer.post(_CLASSIFICATIONS, json={"project": project, "code": "EAR99"}), 403, "forbidden")
