"""A process that is killed while it evaluates again goes on after its restart, and evaluates nothing twice."""

import signal
import time
from typing import Any

import httpx

from tests.support.api import listed, submitted
from tests.support.licet import StandaloneLicet
from tests.support.sboms import a_cyclonedx

_RELEASES = 5
_REEVALUATIONS = "/api/v1/reevaluations"


def test_every_release_is_evaluated_again_once_though_the_process_was_killed(standalone: StandaloneLicet) -> None:
    [service] = standalone.urls
    with standalone.client() as api:
        releases = [
            submitted(api, a_cyclonedx({"lib": "GPL-3.0-only"}), "shop", str(number))["release"]["id"]
            for number in range(_RELEASES)
        ]
        standalone.restart(service, crash_at="reevaluate-before-progress")
        standalone.wait_ready(service)
        statement = {"project": "shop", "screening": {"result": "clear", "list": "2026-03-01"}}
        assert api.post("/api/v1/export-statements", json=statement).status_code == 201
    exit_code = standalone.wait_ended(service)
    standalone.launch(service)
    standalone.wait_ready(service)

    with standalone.client() as api:
        request = _worked_off(api)
        evaluations = [len(listed(api, f"/api/v1/releases/{each}/evaluations")) for each in releases]

    assert exit_code == -signal.SIGKILL
    assert (request["total"], request["done"], request["unchanged"]) == (_RELEASES, _RELEASES, 1)
    assert evaluations == [2] * _RELEASES


def _worked_off(api: httpx.Client) -> dict[str, Any]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        [request] = [each for each in listed(api, _REEVALUATIONS) if "export statement" in each["reason"]]
        if request["state"] == "done":
            return request
        time.sleep(0.2)
    raise AssertionError("the request is not done")
