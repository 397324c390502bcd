"""A release goes through its validation steps: who acts next, what is missing, the first that is not done."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.support.api import got, listed, problem, submitted
from tests.support.sboms import a_cyclonedx

_SBOM = a_cyclonedx({"left-pad": "MIT", "copyleft": "GPL-2.0-only"})


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
    mine = {"project": project, "first_open_step": "exploitation"}
    assert [each["id"] for each in listed(api, "/api/v1/releases", **mine)] == [release]
    assert listed(api, "/api/v1/releases", project=project, first_open_step="none") == []
    problem(api.get("/api/v1/releases", params={"first_open_step": "no step"}), 422, "invalid-input")
    problem(api.get(f"/api/v1/releases/{release}/findings", params={"step": "notice"}), 422, "invalid-input")

    said = {"project": project, "modified": False, "reason": "we build from the releases as they are"}
    assert api.post("/api/v1/contexts", json=said).status_code == 201
    settled = _until(api, release, lambda each: each["exploitation"]["state"] == "done")
    assert settled["policy"]["next"] == ["legal"]
    assert [each["id"] for each in listed(api, "/api/v1/releases", project=project, first_open_step="policy")] == [
        release
    ]
