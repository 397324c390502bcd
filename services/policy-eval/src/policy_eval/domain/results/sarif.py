"""The gate as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format, with Errata 01)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from policy_eval.domain.results.standing import subject_of

MEDIA_TYPE: Final = "application/sarif+json"
_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {"error": "error", "warning": "warning", "hint": "note"}
_BARE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


def as_sarif(gate: Mapping[str, Any], version: str) -> dict[str, Any]:
    """The log with one run of Licet in this version; a result for each finding that the gate shows.

    Guids are left out where SARIF §3.5.3 wants RFC 4122 and Licet's ids are of version 7 (RFC 9562).
    """
    rules = sorted({each["rule"] for each in gate["findings"]})
    driver = {"name": "Licet", "version": version, "rules": [_rule(each, gate["findings"]) for each in rules]}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"licet/{gate['release']}/{gate['evaluation']}"},
        "invocations": [{"executionSuccessful": True, "endTimeUtc": gate["evaluated_at"]}],
        "results": [_result(each, rules) for each in gate["findings"]],
        "columnKind": "unicodeCodePoints",
        "properties": {
            name: gate[name]
            for name in ("verdict", "counts", "findings_total", "policy", "url", "baseline")
            if name in gate
        },
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: str, findings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    first = next(each for each in findings if each["rule"] == rule)
    return {
        "id": rule,
        "shortDescription": {"text": rule.replace("/", ": ").replace("-", " ")},
        "help": {"text": first["how_to_fix"] or rule},
        "defaultConfiguration": {"level": _LEVELS[first["severity"]]},
        "properties": {"tags": [first["kind"]]},
    }


def _result(finding: Mapping[str, Any], rules: Sequence[str]) -> dict[str, Any]:
    subject = subject_of(finding)
    result: dict[str, Any] = {
        "ruleId": finding["rule"],
        "ruleIndex": rules.index(finding["rule"]),
        "level": _LEVELS[finding["severity"]],
        "message": {"text": f"{subject}: {finding['message']} {finding['how_to_fix']}".strip()},
        "locations": [_location(subject, finding)],
        "guid": finding["id"],
        "partialFingerprints": {"licet/v1": finding["fingerprint"]},
        "properties": {name: finding[name] for name in ("license", "route", "paths")},
    }
    if "baseline" in finding:
        result["baselineState"] = finding["baseline"]
    if finding["waived"] is not None:
        result["suppressions"] = [_suppression(finding["waived"])]
    return result


def _suppression(waived: Mapping[str, Any]) -> dict[str, Any]:
    """A suppression without a status is an accepted one (SARIF §3.35.3)."""
    return {"kind": "external", "justification": str(waived.get("reason") or "waived")}


def _location(subject: str, finding: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "physicalLocation": {"artifactLocation": {"uri": _uri(subject)}},
        "logicalLocations": [{"name": finding["subject"]["name"], "fullyQualifiedName": subject, "kind": "module"}],
    }


def _uri(text: str) -> str:
    """The purl as a URI; a name is a reference relative to nothing, and neither holds what RFC 3986 forbids."""
    return quote(_BARE_PERCENT.sub("%25", text), safe=":/@?&=%+,;!$'()*~", errors="replace")
