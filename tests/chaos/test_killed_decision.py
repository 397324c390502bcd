"""A process that is killed while it files a decision has filed it with what follows from it, or not at all."""

import signal
import time

import httpx
import pytest

from tests.support.api import got, listed, submitted
from tests.support.licet import StandaloneLicet
from tests.support.sboms import a_cyclonedx

_CONTEXTS = "/api/v1/contexts"


@pytest.mark.parametrize(
    ("point", "filed", "verdict"),
    [pytest.param("decide-before-request", 0, "fail", marks=pytest.mark.long), ("decide-after-commit", 1, "pass")],
)
def test_a_decision_is_heeded_though_the_process_was_killed_once_it_was_stored(
    standalone: StandaloneLicet, point: str, filed: int, verdict: str
) -> None:
    [service] = standalone.urls
    with standalone.client() as api:
        release = submitted(api, a_cyclonedx({"lib": "GPL-2.0-only"}), "shop")["release"]["id"]
        before = got(api, f"/api/v1/releases/{release}/gate")["verdict"]
    standalone.restart(service, crash_at=point)
    standalone.wait_ready(service)
    with standalone.client() as api, pytest.raises(httpx.TransportError):
        api.post(_CONTEXTS, json={"project": "shop", "reason": "a process of its own", "linkage": "separate"})
    exit_code = standalone.wait_ended(service)
    standalone.launch(service)
    standalone.wait_ready(service)

    with standalone.client() as api:
        kept = listed(api, _CONTEXTS)
        requests = _worked_off(api)
        after = got(api, f"/api/v1/releases/{release}/gate")["verdict"]

    assert (before, exit_code) == ("fail", -signal.SIGKILL)
    assert (len(kept), len(requests), after) == (filed, filed, verdict)


def _worked_off(api: httpx.Client) -> list[str]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        requests = [each for each in listed(api, "/api/v1/reevaluations") if each["reason"].startswith("context ")]
        if all(each["state"] == "done" for each in requests):
            return [each["id"] for each in requests]
        time.sleep(0.2)
    raise AssertionError("the requests are not done")
