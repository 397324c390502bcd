"""A release goes through its validation steps: who acts next, what is missing, the first that is not done."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.support.api import got, listed, problem, submitted
from tests.support.sboms import a_cyclonedx

_SBOM = a_cyclonedx({"left-pad": "MIT", "copyleft": "GPL-2.0-only"})
_COMPLETE = {"free": "0BSD"}
"""Licences that ask for nothing, so that a NOTICE is final without texts."""
_PUBLIC = "public-oss-eupl"


def _steps(api: httpx.Client, release: str) -> dict[str, Any]:
    return {each["name"]: each for each in got(api, f"/api/v1/releases/{release}/steps")["steps"]}


def _until(api: httpx.Client, release: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The steps once it holds of them; changes by people reach the gateway by an event."""
    for _ in range(100):
        steps = _steps(api, release)
        if holds(steps):
            return steps
        time.sleep(0.1)
    raise AssertionError(steps)


def test_what_keeps_a_step_open_is_answered_and_the_next_one_comes_first(api: httpx.Client, project: str) -> None:
    release = submitted(api, _SBOM, project)["release"]["id"]

    steps = _steps(api, release)
    assert [each["number"] for each in steps.values()] == list(range(11))
    assert got(api, f"/api/v1/releases/{release}")["first_open_step"] == "exploitation"
    assert steps["exploitation"]["next"] == ["project"]
    [missing] = steps["policy"]["missing"]
    assert [each["license"] for each in listed(api, missing["url"].partition("?")[0], step="policy")] == [
        "GPL-2.0-only"
    ]
    [unknown] = steps["exploitation"]["missing"]
    assert len(listed(api, unknown["url"].partition("?")[0], limit=1, lacks="modification")) == unknown["count"] == 2
    assert listed(api, f"/api/v1/releases/{release}/components", lacks="license") == []
    problem(api.get(f"/api/v1/releases/{release}/components", params={"lacks": "x"}), 422, "invalid-input")
    mine = {"project": project, "first_open_step": "exploitation"}
    assert [each["id"] for each in listed(api, "/api/v1/releases", **mine)] == [release]
    assert listed(api, "/api/v1/releases", project=project, first_open_step="none") == []
    problem(api.get("/api/v1/releases", params={"first_open_step": "no step"}), 422, "invalid-input")
    problem(api.get(f"/api/v1/releases/{release}/findings", params={"step": "notice"}), 422, "invalid-input")

    said = {"project": project, "modified": False, "reason": "we build from the releases as they are"}
    assert api.post("/api/v1/contexts", json=said).status_code == 201
    settled = _until(api, release, lambda each: each["exploitation"]["state"] == "done")
    assert (settled["policy"]["next"], settled["exploitation"]["inherited"]) == (["legal"], [])
    assert [each["id"] for each in listed(api, "/api/v1/releases", project=project, first_open_step="policy")] == [
        release
    ]
    later = submitted(api, _SBOM, project, "2")["release"]["id"]
    assert _steps(api, later)["exploitation"]["inherited"] == [{"release": release, "answers": 1}]


def _check(documents: dict[str, str], **points: Any) -> dict[str, Any]:
    names = ("ownership", "third_party_content", "trademarks", "patents", "export")
    return {"documents": documents} | {name: {"result": "cleared", "statement": "looked at"} for name in names} | points


def test_the_last_steps_are_done_by_evidence_an_approval_and_a_check_of_this_very_sbom(
    api: httpx.Client, project: str
) -> None:
    where = f"/api/v1/releases/{submitted(api, a_cyclonedx(_COMPLETE), project, context=_PUBLIC)['release']['id']}"
    release = where.rpartition("/")[2]
    for duty in listed(api, f"{where}/obligations", kind="active", status="open"):
        change = {"status": "fulfilled", "evidence": ["https://example.org/evidence"]}
        headers = {"If-Match": f'"{duty["etag"]}"'}
        assert api.patch(f"{where}/obligations/{duty['id']}", json=change, headers=headers).status_code == 200

    ready = _until(api, release, lambda each: each["obligations"]["state"] != "open")
    assert (ready["notice"]["next"], ready["outbound-ip-check"]["next"]) == (["ospo"], ["ospo", "legal"])
    problem(api.post(f"{where}/notice/approval", json={"sha256": "0" * 64}), 409, "conflict")
    read = got(api, f"{where}/notice/approval")
    assert api.post(f"{where}/notice/approval", json={"sha256": read["sha256"]}).status_code == 201
    problem(api.post(f"{where}/outbound-ip-check", json=_check({"main": "0" * 64})), 409, "conflict")
    documents = got(api, f"{where}/outbound-ip-check")["documents"]
    blocked = _check(documents, patents={"result": "blocked", "statement": "a claim is open"})
    assert api.post(f"{where}/outbound-ip-check", json=blocked).status_code == 201
    stopped = _until(api, release, lambda each: each["outbound-ip-check"]["next"] == ["legal"])
    assert stopped["notice"]["state"] == "done"
    assert api.post(f"{where}/outbound-ip-check", json=_check(documents)).status_code == 201
    _until(api, release, lambda each: each["outbound-ip-check"]["state"] == "done")
    assert got(api, f"{where}/outbound-ip-check")["approval"]["patents"]["result"] == "cleared"

    submitted(api, a_cyclonedx(_COMPLETE | {"another": "MIT-0"}), project, context=_PUBLIC)
    reopened = _steps(api, release)
    assert [reopened[name]["state"] for name in ("notice", "outbound-ip-check")] == ["open", "open"]
    assert "documents" in reopened["outbound-ip-check"]["reopened_by"]
    submitted(api, a_cyclonedx(_COMPLETE), project, context=_PUBLIC)
    assert _steps(api, release)["outbound-ip-check"]["state"] == "done"
    assert api.delete(f"{where}/outbound-ip-check").status_code == 204
    withdrawn = _until(api, release, lambda each: each["outbound-ip-check"]["state"] == "open")
    assert withdrawn["outbound-ip-check"]["reopened_by"] == ["approval"]
    problem(api.delete(f"{where}/outbound-ip-check"), 404, "not-found")
