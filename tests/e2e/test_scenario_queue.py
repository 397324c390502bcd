"""What waits for reviewers, over all releases."""

import time
from typing import Any

import httpx

from tests.support.api import got, listed, new_key, problem, submitted
from tests.support.licet import Licet
from tests.support.sboms import a_cyclonedx

_QUEUE, _REEVALUATIONS = "/api/v1/findings", "/api/v1/reevaluations"


def test_the_queue_asks_each_question_once_and_forgets_what_was_replaced(api: httpx.Client, project: str) -> None:
    first = submitted(api, a_cyclonedx({"readline": "GPL-3.0-only", "libpq": "LGPL-2.1-only"}), project, "1")
    second = submitted(api, a_cyclonedx({"readline": "GPL-3.0-only"}), project, "2")

    items = listed(api, _QUEUE, limit=1, project=project)

    assert [(each["license"], each["releases"]) for each in items] == [("GPL-3.0-only", 2), ("LGPL-2.1-only", 1)]
    worst = items[0]
    [finding] = got(api, f"/api/v1/releases/{second['release']['id']}/gate")["findings"]
    assert worst["fingerprint"] == finding["fingerprint"]
    assert worst["example"]["release"] == second["release"]["id"]
    assert worst["example"]["subject"] == finding["subject"]
    assert listed(api, _QUEUE, project=project, route="project", severity="hint", kind="license") == items[1:]
    in_time = listed(api, _QUEUE, limit=1, project=project, sort="due_at", overdue="false")
    assert in_time == items  # legal's, then the project's, which has no deadline
    assert listed(api, _QUEUE, project=project, overdue="true") == []
    assert worst["waiting_since"] < worst["due_at"]
    assert not worst["overdue"]

    submitted(api, a_cyclonedx({"readline": "MIT"}), project, first["release"]["version"])

    assert [(each["license"], each["releases"]) for each in listed(api, _QUEUE, project=project)] == [
        ("GPL-3.0-only", 1)
    ]


def test_the_queue_shows_and_counts_the_projects_of_the_key_only(licet: Licet, api: httpx.Client, project: str) -> None:
    other = f"{project}-other"
    component = a_cyclonedx({f"{project}-lib": "GPL-3.0-only"})
    for name in (project, other):
        submitted(api, component, name)
    everything = [each["releases"] for each in listed(api, _QUEUE) if f"{project}-lib" in str(each["example"])]

    with licet.client(new_key(api, "reviewer", projects=other)["key"]) as client:
        [item] = listed(client, _QUEUE)
        assert (item["releases"], item["example"]["project"]) == (1, other)
        assert listed(client, _QUEUE, project=project) == []

    assert everything == [2]
    problem(api.get(_QUEUE, params={"severity": "fatal"}), 422, "invalid-input")
    problem(api.get(_QUEUE, params={"page_token": "x"}), 422, "invalid-input")
    problem(api.get(_QUEUE, params={"rout": "legal"}), 422, "invalid-input")
    problem(api.get(_QUEUE, params={"sort": "age"}), 422, "invalid-input")
    token = got(api, _QUEUE, limit="1")["next_page_token"]
    problem(api.get(_QUEUE, params={"sort": "due_at", "page_token": token}), 422, "invalid-input")


def test_response_times_are_set_by_reviewers_of_all_projects(licet: Licet, api: httpx.Client) -> None:
    times = "/api/v1/response-times"
    before = got(api, times)
    with licet.client(new_key(api, "reviewer")["key"]) as client:
        kept = client.put(times, json={**before, "holidays": ["2026-12-25"]})
        problem(client.put(times, json={"ospo": 0}), 422, "invalid-input")
        problem(client.put(times, json={"osp": 3}), 422, "invalid-input")
    with licet.client(new_key(api, "viewer")["key"]) as client:
        problem(client.put(times, json={}), 403, "forbidden")

    assert (before["ospo"], before["legal"], before["export"]) == (3, 10, 10)
    assert kept.json() == got(api, times) == {**before, "holidays": ["2026-12-25"]}
    api.put(times, json=before)


def test_a_request_evaluates_again_what_a_new_fact_touches_and_older_evaluations_stay(
    licet: Licet, api: httpx.Client, project: str
) -> None:
    for earlier in listed(api, _REEVALUATIONS):  # they would see the new fact first
        _worked_off(api, earlier["id"])
    touched = submitted(api, a_cyclonedx({"readline": "GPL-3.0-only"}), project)["release"]["id"]
    before = got(api, f"/api/v1/releases/{touched}/gate")
    statement = {"project": project, "reason": "screened", "screening": {"result": "clear", "list": "2026-03-01"}}
    assert api.post("/api/v1/export-statements", json=statement).status_code == 201

    asked = api.post(_REEVALUATIONS, json={"reason": "to be sure", "project": project})
    by_itself = [each["id"] for each in listed(api, _REEVALUATIONS) if each["reason"].startswith("export statement")]
    done = [_worked_off(api, each) for each in dict.fromkeys((by_itself[0], asked.json()["id"]))]

    assert asked.status_code == 202
    assert [(each["total"], each["failed"]) for each in done] == [(1, 0)] * len(done)
    assert sum(each["done"] - each["unchanged"] for each in done) == 1
    after = got(api, f"/api/v1/releases/{touched}/gate", wait="60")
    assert after["evaluation"] != before["evaluation"]
    assert after["inputs"]["export_records"] != before["inputs"]["export_records"]
    assert got(api, f"/api/v1/releases/{touched}/gate", evaluation=before["evaluation"]) == before
    assert [each["releases"] for each in listed(api, _QUEUE, project=project, kind="license")] == [1]
    with licet.client(new_key(api, "reviewer")["key"]) as client:
        problem(client.post(_REEVALUATIONS, json={"reason": "x"}), 403, "forbidden")
    with licet.client(new_key(api, "policy-admin", projects="other-*")["key"]) as client:
        problem(client.post(_REEVALUATIONS, json={"reason": "x"}), 403, "forbidden")
        problem(client.post(_REEVALUATIONS, json={"reason": ""}), 422, "invalid-input")
        assert project not in {each["project"] for each in listed(client, _REEVALUATIONS)}


def _worked_off(api: httpx.Client, request: str) -> dict[str, Any]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        [found] = [each for each in listed(api, _REEVALUATIONS) if each["id"] == request]
        if found["state"] == "done":
            return found
        time.sleep(0.2)
    raise AssertionError(f"the request {request} is not done")


def test_archived_releases_leave_the_queue_and_return_to_it(api: httpx.Client, project: str) -> None:
    sbom = a_cyclonedx({"readline": "GPL-3.0-only"})
    release = submitted(api, sbom, project, "1")["release"]["id"]
    submitted(api, sbom, project, "2")

    def waits_until(releases: list[int]) -> None:
        until = time.monotonic() + 60
        while [each["releases"] for each in listed(api, _QUEUE, project=project)] != releases:
            assert time.monotonic() < until, f"not {releases} in a minute"
            time.sleep(0.1)

    waits_until([2])
    api.delete(f"/api/v1/releases/{release}")
    waits_until([1])
    api.post(f"/api/v1/releases/{release}/restore")
    waits_until([2])
    api.delete(f"/api/v1/releases/{release}")
    waits_until([1])
    submitted(api, sbom, project, "1")
    waits_until([2])
