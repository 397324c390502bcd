"""Obligations get fulfilled: by the NOTICE or by people, with evidence, and are carried to the next release."""

from typing import Any

import httpx
import pytest

from tests.support.api import got, listed, new_key, problem, submitted
from tests.support.licet import Licet
from tests.support.sboms import a_cyclonedx

_SBOM = a_cyclonedx({"left-pad": "MIT", "readline": "GPL-3.0-only"})


def obligations(api: httpx.Client, project: str, version: str = "1", body: bytes = _SBOM) -> tuple[str, list[Any]]:
    release = submitted(api, body, project, version)["release"]["id"]
    path = f"/api/v1/releases/{release}/obligations"
    return path, listed(api, path)


def the(items: list[Any], obligation: str, license_id: str) -> dict[str, Any]:
    [found] = [each for each in items if (each["obligation"], each["license"]) == (obligation, license_id)]
    return dict(found)


def patched(api: httpx.Client, path: str, item: dict[str, Any], **change: Any) -> httpx.Response:
    return api.patch(f"{path}/{item['id']}", json=change, headers={"If-Match": f'"{item["etag"]}"'})


def test_what_the_notice_carries_is_fulfilled_by_it_and_the_rest_is_open(api: httpx.Client, project: str) -> None:
    _, items = obligations(api, project)

    text, source = the(items, "license-text", "MIT"), the(items, "source-with-binary", "GPL-3.0-only")
    assert (text["status"], text["fulfilled_by"]) == ("fulfilled", "notice")
    assert (source["status"], source["fulfilled_by"], source["evidence"]) == ("open", None, [])


def test_the_life_of_an_obligation_leaves_a_trail(api: httpx.Client, project: str) -> None:
    path, items = obligations(api, project)
    item = the(items, "source-with-binary", "GPL-3.0-only")

    planned = patched(api, path, item, status="planned", assignee="ann", due_date="2026-12-24").json()
    wrong = patched(api, path, planned, status="fulfilled", evidence=["x", {"type": "file-hash", "value": "readline"}])
    evidence = [{"type": "url-snapshot", "value": "https://example.org/readline.tar.gz"}]
    fulfilled = patched(api, path, planned, status="fulfilled", evidence=evidence).json()
    answer = patched(api, path, fulfilled, status="verified", comment="rebuilt it")

    assert problem(wrong, 422, "invalid-input")["errors"][0]["pointer"] == "/evidence/1/value"
    assert answer.status_code == 200
    (listed_evidence,) = listed(api, path.replace("/obligations", "/evidence"))
    (item_evidence,) = answer.json()["evidence"]
    assert listed_evidence == item_evidence | {"obligation_ids": [item["id"]]}
    assert item_evidence["verified_by"] == answer.json()["verified_by"] == answer.json()["fulfilment_by"]
    assert answer.headers["etag"] == f'"{answer.json()["etag"]}"'
    assert (answer.json()["status"], answer.json()["assignee"]) == ("verified", "ann")
    audited = got(api, "/api/v1/audit", limit="1", project=project)["items"][0]  # what the answer said
    assert (audited["after"]["changed_from"], audited["after"]["status"]) == ("fulfilled", "verified")
    assert audited["after"]["evidence"] == answer.json()["evidence"]
    assert got(api, f"{path}/{item['id']}") == answer.json()
    changes = listed(api, f"{path}/{item['id']}/changes")
    assert [(each["before"]["status"], each["after"]["status"]) for each in changes] == [
        ("open", "planned"),
        ("planned", "fulfilled"),
        ("fulfilled", "verified"),
    ]
    assert all(each["by"] and each["at"] for each in changes)
    assert [each["id"] for each in listed(api, path, status="verified")] == [item["id"]]
    assert item["id"] not in {each["id"] for each in listed(api, path, status="open")}


def test_a_change_names_what_it_changes(api: httpx.Client, project: str) -> None:
    path, items = obligations(api, project)
    item = the(items, "source-with-binary", "GPL-3.0-only")
    change = {"status": "planned"}

    problem(api.patch(f"{path}/{item['id']}", json=change), 428, "precondition-required")
    problem(patched(api, path, item | {"etag": "stale"}, **change), 412, "precondition-failed")
    assert patched(api, path, item, **change).status_code == 200
    problem(patched(api, path, item, **change), 412, "precondition-failed")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "verified"}, "open cannot become verified"),
        ({"status": "fulfilled"}, "evidence"),
        ({"status": "waived"}, "reason"),
    ],
)
def test_a_move_that_is_not_allowed_is_refused_with_the_reason(
    api: httpx.Client, project: str, change: dict[str, Any], reason: str
) -> None:
    path, items = obligations(api, project)

    refusal = problem(patched(api, path, the(items, "source-with-binary", "GPL-3.0-only"), **change), 409, "conflict")

    assert reason in refusal["detail"]


def test_a_malformed_change_and_an_unknown_obligation_are_refused(api: httpx.Client, project: str) -> None:
    path, items = obligations(api, project)
    item = the(items, "source-with-binary", "GPL-3.0-only")

    problem(patched(api, path, item, status="done"), 422, "invalid-input")
    problem(patched(api, path, item, colour="red"), 422, "invalid-input")
    problem(patched(api, path, item, due_date="some day"), 422, "invalid-input")
    problem(api.get(path, params={"status": "done"}), 422, "invalid-input")
    problem(patched(api, path, item | {"id": "nothing"}, status="planned"), 404, "not-found")


def test_a_viewer_cannot_change_and_a_submitter_cannot_verify(api: httpx.Client, project: str) -> None:
    path, items = obligations(api, project)
    item = the(items, "license-text", "MIT")

    for role in ("viewer", "submitter"):
        key = {"X-Api-Key": new_key(api, role)["key"], "If-Match": item["etag"]}
        problem(api.patch(f"{path}/{item['id']}", json={"status": "verified"}, headers=key), 403, "forbidden")


def test_what_was_decided_is_carried_to_the_next_release_while_its_facts_are_the_same(
    api: httpx.Client, project: str
) -> None:
    path, items = obligations(api, project, "1")
    item = the(items, "source-with-binary", "GPL-3.0-only")
    patched(api, path, item, status="fulfilled", evidence=["archive 7"])

    _, same = obligations(api, project, "2")
    _, other = obligations(api, project, "3", a_cyclonedx({"left-pad": "MIT", "bash": "GPL-3.0-only"}))

    carried, new = (the(each, "source-with-binary", "GPL-3.0-only") for each in (same, other))
    assert (carried["status"], carried["inherited_from"]) == ("fulfilled", path.split("/")[4])
    assert [each["value"] for each in carried["evidence"]] == ["archive 7"]
    assert (new["status"], new["inherited_from"], new["evidence"]) == ("open", None, [])


def test_the_obligations_of_a_component_are_found_by_its_purl(api: httpx.Client, project: str) -> None:
    path, items = obligations(api, project)
    purl = the(items, "license-text", "MIT")["components"][0]["purl"]

    assert {each["license"] for each in listed(api, path, purl=purl)} == {"MIT"}


def test_a_request_for_source_is_acknowledged_and_answered_with_the_list_of_sources(
    licet: Licet, api: httpx.Client, project: str
) -> None:
    release = obligations(api, project)[0].split("/")[4]
    request = {"kind": "source-request", "from": "Ada <ada@example.org>", "subject": "readline", "release": release}

    received = api.post("/api/v1/inquiries", json=request)
    item, path = received.json(), "/api/v1/inquiries"
    acknowledged = patched(api, path, item, status="acknowledged", assignee="ann").json()
    answered = patched(api, path, acknowledged, status="answered", answer="They are listed here.")

    assert (received.status_code, received.headers["location"]) == (201, f"{path}/{item['id']}")
    assert (item["project"], item["status"], item["overdue"]) == (project, "received", False)
    assert item["received_at"] < item["acknowledge_by"] < item["answer_by"]
    assert answered.json() == got(api, f"{path}/{item['id']}")
    assert answered.headers["etag"] == f'"{answered.json()["etag"]}"'
    assert (answered.json()["due_at"], answered.json()["answered_by"]) == (None, item["recorded_by"])
    assert [each["name"] for each in got(api, answered.json()["sources"])["items"]] == ["readline"]
    assert "?evaluation=" in answered.json()["sources"]
    assert [each["id"] for each in listed(api, path, project=project, status="answered")] == [item["id"]]
    audited = got(api, "/api/v1/audit", limit="1", action="PATCH /api/v1/inquiries/{inquiry_id}")["items"][0]
    assert (audited["after"]["changed_from"], audited["after"]["answer"]) == ("acknowledged", "They are listed here.")
    problem(patched(api, path, item, comment="late"), 412, "precondition-failed")
    problem(api.patch(f"{path}/{item['id']}", json={"comment": "blind"}), 428, "precondition-required")
    problem(patched(api, path, answered.json(), status="received"), 409, "conflict")
    problem(api.post(path, json={**request, "project": f"{project}-other"}), 422, "invalid-input")
    problem(api.get(path, params={"status": "open"}), 422, "invalid-input")
    with licet.client(new_key(api, "viewer")["key"]) as client:
        problem(client.get(path), 403, "forbidden")
