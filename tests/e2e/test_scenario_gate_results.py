"""The gate for CI servers and reviewers: SARIF, JUnit, a summary, and only what has come since a baseline."""

import json
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog

from tests.support.api import got, new_key, problem, submitted
from tests.support.sboms import a_cyclonedx

_GATE = {
    "release", "evaluation", "verdict", "policy", "counts", "findings", "findings_total", "evaluated_at", "inputs", "url",
}  # fmt: skip
_DENIED = {"left-pad": "MIT", "readline": "GPL-3.0-only"}


def gate_of(api: httpx.Client, project: str, version: str, components: dict[str, str]) -> str:
    """Send the release; return the path of its gate."""
    return f"/api/v1/releases/{submitted(api, a_cyclonedx(components), project, version)['release']['id']}/gate"


def as_form(api: httpx.Client, path: str, form: str, **parameters: str) -> httpx.Response:
    answer = api.get(path, params=parameters, headers={"accept": form})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(form)
    assert answer.headers["vary"] == "Accept"
    return answer


def test_a_gate_has_exactly_the_fields_of_the_api(api: httpx.Client, project: str) -> None:
    gate = got(api, gate_of(api, project, "1", _DENIED))

    assert set(gate) == _GATE
    assert set(gate["policy"]) == {"name", "version"}
    assert {"documents", "policy", "license_catalogue"} <= set(gate["inputs"])
    assert gate["url"].endswith(f"/api/v1/releases/{gate['release']}")


def test_the_gate_is_told_as_sarif_junit_and_markdown(api: httpx.Client, project: str) -> None:
    path = gate_of(api, project, "1", _DENIED)

    log: dict[str, Any] = as_form(api, path, "application/sarif+json").json()
    SarifLog.model_validate(log)
    [result] = log["runs"][0]["results"]
    assert (result["level"], result["ruleId"]) == ("error", "license/strong-copyleft")
    report = ElementTree.fromstring(as_form(api, path, "application/xml").content)
    assert (report.get("tests"), report.get("failures")) == ("1", "1")
    assert "the release fails" in as_form(api, path, "text/markdown").text


def test_a_form_that_there_is_not_gives_json(api: httpx.Client, project: str) -> None:
    path = gate_of(api, project, "1", {"left-pad": "MIT"})

    assert as_form(api, path, "application/json").json() == api.get(path, headers={"accept": "image/png"}).json()


@pytest.mark.parametrize("named", ["latest", "1", "id"])
def test_only_what_has_come_since_the_baseline_counts(api: httpx.Client, project: str, named: str) -> None:
    base = gate_of(api, project, "1", _DENIED).split("/")[-2]
    path = gate_of(api, project, "2", _DENIED | {"right-pad": "MIT"})

    gate = got(api, path, baseline=base if named == "id" else named)

    assert gate["verdict"] == "pass"
    assert gate["counts"] == {"error": 0, "warning": 0, "hint": 0}
    assert [each["baseline"] for each in gate["findings"]] == ["unchanged"]
    assert (gate["baseline"]["release"], gate["baseline"]["version"]) == (base, "1")
    assert set(gate) == _GATE | {"baseline"}
    assert got(api, path)["verdict"] == "fail"


def test_what_is_new_fails_and_comes_first_in_every_form(api: httpx.Client, project: str) -> None:
    gate_of(api, project, "1", _DENIED)
    path = gate_of(api, project, "2", _DENIED | {"z-server": "AGPL-3.0-only"})

    gate = got(api, path, baseline="latest")
    assert gate["verdict"] == "fail"
    assert gate["counts"]["error"] == 1
    assert [(each["license"], each["baseline"]) for each in gate["findings"]] == [
        ("AGPL-3.0-only", "new"),
        ("GPL-3.0-only", "unchanged"),
    ]
    log = json.loads(as_form(api, path, "application/sarif+json", baseline="latest").text)
    assert [each["baselineState"] for each in log["runs"][0]["results"]] == ["new", "unchanged"]
    report = ElementTree.fromstring(as_form(api, path, "application/xml", baseline="latest").content)
    assert (report.get("failures"), len(report.findall(".//skipped"))) == ("1", 1)


def test_a_destination_is_asked_beside_the_baseline(api: httpx.Client, project: str) -> None:
    gate_of(api, project, "1", {"left-pad": "MIT"})
    path = gate_of(api, project, "2", {"left-pad": "MIT"})

    gate = got(api, path, baseline="latest", destination="KP")

    assert (gate["verdict"], gate["findings"][0]["kind"], gate["findings"][0]["baseline"]) == ("fail", "export", "new")


def test_a_baseline_that_is_not_there_or_not_to_be_seen_is_not_found(api: httpx.Client, project: str) -> None:
    path = gate_of(api, project, "1", _DENIED)
    foreign = gate_of(api, f"{project}-other", "9", _DENIED).split("/")[-2]
    key = new_key(api, "viewer", projects=project)["key"]

    for name in ("latest", "7", "01970000-0000-7000-8000-000000000001", "\u202e/.."):
        problem(api.get(path, params={"baseline": name}), 404, "not-found")
    problem(api.get(path, params={"baseline": foreign}, headers={"x-api-key": key}), 404, "not-found")
    assert got(api, path, baseline=foreign)["baseline"]["release"] == foreign


def test_a_baseline_is_one_other_release(api: httpx.Client, project: str) -> None:
    path = gate_of(api, project, "1", _DENIED)

    for query in ("baseline=", "baseline=1", "baseline=latest&baseline=1", f"baseline={path.split('/')[-2]}"):
        problem(api.get(f"{path}?{query}"), 422, "invalid-input")


def test_a_limit_that_there_is_not_is_refused(api: httpx.Client, project: str) -> None:
    path = gate_of(api, project, "1", _DENIED)

    problem(api.get(path, params={"fail_on": "hint"}), 422, "invalid-input")
