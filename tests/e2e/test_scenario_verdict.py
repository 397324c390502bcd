"""An SBOM goes in; a verdict, findings and obligations come out."""

from pathlib import Path

import httpx
import pytest

from tests.support.api import got, listed, problem, submitted
from tests.support.sboms import a_cyclonedx

_REAL = sorted((Path(__file__).parents[1] / "data" / "sboms").glob("*.json"))
_COMPONENT = {
    "purl", "name", "version", "type", "scope", "occurrences", "declared", "license", "effective_license",
    "license_source", "category", "copyright", "hashes", "direct", "paths",
}  # fmt: skip
_FINDING = {
    "id", "fingerprint", "rule", "severity", "kind", "subject", "license", "route", "message", "how_to_fix", "paths",
    "waived", "inherited_from",
}  # fmt: skip
_OBLIGATION = {
    "id", "etag", "obligation", "title", "what_to_do", "kind", "license", "clause", "trigger", "scope", "components",
    "status", "evidence", "fulfilled_by", "inherited_from",
}  # fmt: skip


@pytest.mark.parametrize("file", _REAL, ids=lambda file: file.name)
def test_the_sbom_of_a_real_scanner_gets_a_verdict_components_and_a_notice(
    api: httpx.Client, project: str, file: Path
) -> None:
    upload = submitted(api, file.read_bytes(), project)

    release, buckets = upload["release"]["id"], upload["document"]["buckets"]
    components = listed(api, f"/api/v1/releases/{release}/components")
    assert len(components) == buckets["components"] > 0
    assert buckets["elements"] == buckets["components"] + buckets["duplicates"] + buckets["ignored"]
    assert got(api, f"/api/v1/releases/{release}/gate")["verdict"] == upload["gate"]["verdict"]
    notice = api.get(f"/api/v1/releases/{release}/notice")
    assert all(each["name"] in notice.text for each in components if each["scope"] == "runtime")


def test_the_answer_to_an_upload_tells_release_document_stages_and_gate(api: httpx.Client, project: str) -> None:
    upload = submitted(api, a_cyclonedx({"left-pad": "MIT"}), project, "2.0")

    release, document = upload["release"], upload["document"]
    assert (release["project"], release["version"]) == (project, "2.0")
    assert release["context"] == "proprietary-distributed"
    assert release["url"].endswith(f"/api/v1/releases/{release['id']}")
    assert (document["format"], document["spec_version"], document["serialization"]) == ("cyclonedx", "1.6", "json")
    assert document["part"] == "main"
    assert upload["stages"] == {"ingested": "done", "evaluated": "done", "obligations": "done"}
    assert upload["gate"] == {"verdict": "pass", "counts": {"error": 0, "warning": 0, "hint": 0}}
    assert upload["replayed"] is False


def test_an_upload_without_wait_is_accepted_with_the_place_to_look_at(api: httpx.Client, project: str) -> None:
    answer = api.post("/api/v1/sboms", params={"project": project, "version": "1"}, content=a_cyclonedx())

    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/v1/releases/{answer.json()['release']['id']}"
    assert int(answer.headers["retry-after"]) >= 1
    gate = got(api, f"{answer.headers['location']}/gate", wait="60")
    assert gate["verdict"] == "pass"


def test_a_denied_license_fails_the_gate_and_the_finding_says_how_to_fix_it(api: httpx.Client, project: str) -> None:
    upload = submitted(api, a_cyclonedx({"left-pad": "MIT", "readline": "GPL-3.0-only"}), project)

    gate = got(api, f"/api/v1/releases/{upload['release']['id']}/gate")
    assert gate["verdict"] == upload["gate"]["verdict"] == "fail"
    assert gate["counts"] == {"error": 1, "warning": 0, "hint": 0}
    assert gate["findings_total"] == 1
    [finding] = gate["findings"]
    assert set(finding) >= _FINDING
    assert (finding["severity"], finding["kind"], finding["license"]) == ("error", "license", "GPL-3.0-only")
    assert finding["subject"] == {"purl": "pkg:npm/readline@1.0.0", "name": "readline", "version": "1.0.0"}
    assert "Replace the component" in finding["how_to_fix"]
    assert listed(api, f"/api/v1/releases/{upload['release']['id']}/findings") == gate["findings"]


def test_a_hint_neither_fails_nor_warns_even_if_warnings_fail(api: httpx.Client, project: str) -> None:
    upload = submitted(api, a_cyclonedx({"libpq": "LGPL-2.1-only"}), project)

    path = f"/api/v1/releases/{upload['release']['id']}/gate"
    assert upload["gate"] == {"verdict": "pass", "counts": {"error": 0, "warning": 0, "hint": 1}}
    assert got(api, path, fail_on="warning")["verdict"] == "pass"
    problem(api.get(path, params={"fail_on": "hint"}), 422, "invalid-input")


def test_the_gate_names_all_that_it_depended_on(api: httpx.Client, project: str) -> None:
    upload = submitted(api, a_cyclonedx(), project)

    gate = got(api, f"/api/v1/releases/{upload['release']['id']}/gate")
    assert gate["release"] == upload["release"]["id"]
    assert gate["policy"] == {"name": "default", "version": 1}
    assert gate["inputs"]["documents"] == {"main": upload["document"]["sha256"]}
    assert gate["url"].startswith("http")


def test_a_component_is_shown_with_its_license_and_where_that_comes_from(api: httpx.Client, project: str) -> None:
    upload = submitted(api, a_cyclonedx({"left-pad": "MIT OR GPL-2.0-only"}), project)

    [component] = listed(api, f"/api/v1/releases/{upload['release']['id']}/components")
    assert set(component) >= _COMPONENT
    assert component["purl"] == "pkg:npm/left-pad@1.0.0"
    assert component["declared"] == ["MIT OR GPL-2.0-only"]
    assert (component["effective_license"], component["category"]) == ("MIT", "permissive")
    assert component["copyright"] == ["Copyright 2020 the authors of left-pad"]
    assert component["direct"] is True


def test_obligations_name_license_clause_and_components(api: httpx.Client, project: str) -> None:
    upload = submitted(api, a_cyclonedx({"left-pad": "MIT", "requests": "Apache-2.0"}), project)

    obligations = listed(api, f"/api/v1/releases/{upload['release']['id']}/obligations")
    assert all(set(each) >= _OBLIGATION for each in obligations)
    assert {each["license"] for each in obligations} == {"MIT", "Apache-2.0"}
    by_notice = {each["obligation"] for each in obligations if each["fulfilled_by"] == "notice"}
    assert {"license-text", "copyright-notices"} <= by_notice
    assert {each["status"] for each in obligations if each["fulfilled_by"] is None} == {"open"}
    of_mit = listed(api, f"/api/v1/releases/{upload['release']['id']}/obligations", license="MIT")
    assert of_mit == [each for each in obligations if each["license"] == "MIT"]
    assert {part["name"] for each in of_mit for part in each["components"]} == {"left-pad"}
