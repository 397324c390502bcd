"""The gate as SARIF, JUnit and Markdown, and which form `Accept` asks for."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog

from policy_eval.domain.results.junit import as_junit
from policy_eval.domain.results.sarif import as_sarif
from policy_eval.domain.results.summary import as_summary
from policy_eval.entrypoints.gate import preferred

_HOSTILE = "<script>]]>&\x00\u202e | @all `x` [a](http://b) \ud800"


def a_finding(severity: str = "error", name: str = "readline", **more: Any) -> dict[str, Any]:
    return {
        "id": "0b0f3c1e-7f35-5d3c-9d56-3f2d1f0f2a10",
        "fingerprint": "ab" * 32,
        "rule": "license/strong-copyleft",
        "severity": severity,
        "kind": "license",
        "subject": {"purl": f"pkg:npm/{name}@1", "name": name, "version": "1"},
        "license": "GPL-3.0-only",
        "route": "legal",
        "message": f"{name} is denied.",
        "how_to_fix": "Replace the component.",
        "paths": [[name]],
        "waived": None,
        "inherited_from": None,
    } | more


def a_gate(*findings: dict[str, Any], verdict: str = "fail", **more: Any) -> dict[str, Any]:
    counts = {each: sum(found["severity"] == each for found in findings) for each in ("error", "warning", "hint")}
    return {
        "release": "01970000-0000-7000-8000-000000000001",
        "evaluation": "01970000-0000-7000-8000-000000000002",
        "verdict": verdict,
        "policy": {"name": "default", "version": 1},
        "counts": counts,
        "findings": list(findings),
        "findings_total": len(findings),
        "evaluated_at": "2026-03-01T12:00:00Z",
        "inputs": {},
        "url": "/api/v1/releases/01970000-0000-7000-8000-000000000001",
    } | more


def test_sarif_is_valid_and_tells_level_place_and_fingerprint() -> None:
    log = as_sarif(a_gate(a_finding(), a_finding("warning"), a_finding("hint")), "1.0")

    SarifLog.model_validate(log)
    [run] = log["runs"]
    assert [each["level"] for each in run["results"]] == ["error", "warning", "note"]
    [rule] = run["tool"]["driver"]["rules"]
    assert {each["ruleId"] for each in run["results"]} == {rule["id"]} == {"license/strong-copyleft"}
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == "pkg:npm/readline@1"
    assert run["results"][0]["partialFingerprints"] == {"licet/v1": "ab" * 32}


def test_sarif_tells_what_the_baseline_knows_and_what_is_waived() -> None:
    gate = a_gate(a_finding(baseline="new"), a_finding(baseline="unchanged", waived={"reason": "agreed"}))

    log = as_sarif(gate, "1.0")

    SarifLog.model_validate(log)
    new, known = log["runs"][0]["results"]
    assert (new["baselineState"], known["baselineState"]) == ("new", "unchanged")
    assert "suppressions" not in new
    assert known["suppressions"] == [{"kind": "external", "justification": "agreed"}]


def test_sarif_without_findings_is_valid_and_has_none() -> None:
    log = as_sarif(a_gate(verdict="pass"), "1.0")

    SarifLog.model_validate(log)
    assert log["runs"][0]["results"] == []


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 1), ("warning", 2)])
def test_junit_fails_for_what_stops_the_release(fail_on: str, failures: int) -> None:
    findings = (a_finding(), a_finding("warning"), a_finding("hint"), a_finding(baseline="unchanged"))

    root = ElementTree.fromstring(as_junit(a_gate(*findings), fail_on))

    [suite] = root.findall("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", str(failures), "1")
    assert len(suite.findall("testcase/failure")) == failures
    assert len(suite.findall("testcase/skipped")) == 1


def test_junit_without_findings_has_a_case_that_has_passed() -> None:
    root = ElementTree.fromstring(as_junit(a_gate(verdict="pass"), "error"))

    [case] = root.findall("testsuite/testcase")
    assert len(case) == 0


def test_the_summary_tells_verdict_counts_and_findings() -> None:
    text = as_summary(a_gate(a_finding(), a_finding("hint", "left-pad", baseline="unchanged")))

    assert text.startswith("# Licet: the release fails\n")
    assert "Errors: 1, warnings: 0, hints: 1." in text
    assert "| error | `pkg:npm/readline@1` | `GPL-3.0-only` | readline is denied. | Replace the component. |" in text
    assert "left-pad" not in text
    assert "0 more, and 1 that are waived or known of the baseline" in text


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("x|y<b>", r"x\|y\<b\>"),
        ("a\\|b", r"a\\\|b"),
        ("`@team` #1", r"\`\@team\` \#1"),
        ("![x](http://evil.example/a.png)", r"\!\[x\](http\://evil.example/a.png)"),
        ("see WWW.evil.example!", r"see WWW\.evil.example\!"),
        ("one\n\n# two\u202e", "one \\# two\ufffd"),
        ("&lt;script&gt;", r"\&lt;script\&gt;"),
    ],
)
def test_the_summary_escapes_what_is_foreign(hostile: str, shown: str) -> None:
    finding = a_finding(message=hostile, subject={"purl": None, "name": f"é{hostile}", "version": None})

    [row] = [line for line in as_summary(a_gate(finding)).splitlines() if line.startswith("| error")]
    assert row == f"| error | é{shown} | `GPL-3.0-only` | {shown} | Replace the component. |"


def test_the_summary_fits_a_comment_however_many_findings_there_are() -> None:
    findings = [a_finding(name="*" * 5000, message="|" * 5000, how_to_fix="<" * 5000) for _ in range(1000)]

    text = as_summary(a_gate(*findings, findings_total=2500))

    assert len(text) < 65_536
    assert "Not shown here: 2470 more" in text


@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_can_be_told_in_every_form(text: str) -> None:
    gate = a_gate(a_finding(name=text + _HOSTILE, message=text + _HOSTILE, how_to_fix=text, license=text or None))

    ElementTree.fromstring(as_junit(gate, "error"))
    as_summary(gate).encode()
    SarifLog.model_validate(json.loads(json.dumps(as_sarif(gate, "1.0"))))


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ([], "application/json"),
        (["*/*"], "application/json"),
        (["application/sarif+json"], "application/sarif+json"),
        (["Application/XML; charset=utf-8"], "application/xml"),
        (["text/*"], "text/markdown"),
        (["application/json;q=0.5, text/markdown"], "text/markdown"),
        (["application/json;q=0, */*"], "application/sarif+json"),
        (["text/markdown;q=none"], "application/json"),
        (["image/png"], "application/json"),
        (["", ",,;"], "application/json"),
    ],
)
def test_the_form_is_the_one_that_the_caller_likes_best(accept: list[str], form: str) -> None:
    assert preferred(accept) == form
