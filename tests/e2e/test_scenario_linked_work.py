"""Two components that the dependency graph links into one work, and whose licences contradict each other."""

from typing import Any

import httpx
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog

from tests.support.api import got, listed, new_key, submitted
from tests.support.sboms import a_cyclonedx

_RULE = "compatibility/linked"
_CONFLICT = {"readline": "GPL-2.0-only", "http": "Apache-2.0"}


def _judged(api: httpx.Client, project: str, components: dict[str, str], version: str = "1") -> str:
    release: str = submitted(api, a_cyclonedx(components), project, version)["release"]["id"]
    return release


def _linked(gate: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in gate["findings"] if each["rule"] == _RULE]


def test_a_conflict_is_in_the_gate_the_sarif_log_the_explanation_and_the_queue(api: httpx.Client, project: str) -> None:
    release = _judged(api, project, _CONFLICT)

    path = f"/api/v1/releases/{release}"
    [finding] = _linked(got(api, f"{path}/gate"))
    assert (finding["kind"], finding["severity"], finding["route"]) == ("compatibility", "error", "legal")
    assert finding["subject"]["name"] == "readline"
    assert "readline under GPL-2.0-only and http under Apache-2.0" in finding["message"]
    assert "shop → readline; shop → http" in finding["message"].replace(project, "shop")
    log = api.get(f"{path}/gate", headers={"accept": "application/sarif+json"}).json()
    SarifLog.model_validate(log)
    assert _RULE in {each["ruleId"] for each in log["runs"][0]["results"]}
    [explained] = got(api, f"{path}/explain", name="readline")["items"]
    assert _RULE in {each["rule"] for each in explained["findings"]}
    assert _RULE in {each["rule"] for each in listed(api, "/api/v1/findings", project=project)}


def test_a_waiver_settles_the_conflict_in_this_release_and_the_next_and_another_licence_asks_anew(
    api: httpx.Client, project: str
) -> None:
    release = _judged(api, project, _CONFLICT)
    wanted = {"rule": _RULE, "license": "GPL-2.0-only", "project": project, "reason": "risk-accepted"}
    made = api.post("/api/v1/waivers", json=wanted).json()
    with httpx.Client(base_url=api.base_url, headers={"X-Api-Key": new_key(api, "legal")["key"]}) as legal:
        assert legal.post(f"/api/v1/waivers/{made['id']}/approve").status_code == 200

    again = api.post(f"/api/v1/releases/{release}/evaluations").json()["evaluation"]
    later = _judged(api, project, _CONFLICT | {"left-pad": "MIT"}, "2")

    [settled] = _linked(got(api, f"/api/v1/releases/{release}/gate", evaluation=again))
    [inherited] = _linked(got(api, f"/api/v1/releases/{later}/gate"))
    assert settled["waived"]["id"] == inherited["waived"]["id"] == made["id"]
    assert settled["fingerprint"] == inherited["fingerprint"]
    [other] = _linked(got(api, f"/api/v1/releases/{_judged(api, project, {**_CONFLICT, 'http': 'EPL-2.0'}, '3')}/gate"))
    assert other["fingerprint"] != settled["fingerprint"]
