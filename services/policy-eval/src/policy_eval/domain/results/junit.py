"""The gate as a JUnit report, which CI servers show: a test case for each finding."""

from collections.abc import Mapping
from typing import Any, Final
from xml.etree import ElementTree

from policy_eval.domain.results.standing import is_excused, printable, stops, subject_of

MEDIA_TYPE: Final = "application/xml"


def as_junit(gate: Mapping[str, Any], fail_on: str) -> bytes:
    """The report as UTF-8: what stops the release has failed, what is waived or known of the baseline is skipped, and
    the rest has passed with what there is to say in its output. Without findings there is one case that has passed."""
    findings = gate["findings"]
    counts = {
        "tests": str(len(findings) or 1),
        "failures": str(sum(stops(each, fail_on) for each in findings)),
        "errors": "0",
    }
    root = ElementTree.Element("testsuites", {"name": "Licet", **counts, "time": "0"})
    suite = ElementTree.SubElement(root, "testsuite", _suite(gate, counts))
    properties = ElementTree.SubElement(suite, "properties")
    for name in ("verdict", "findings_total", "url"):
        ElementTree.SubElement(properties, "property", {"name": name, "value": printable(str(gate[name]))})
    for finding in findings:
        _case(suite, finding, fail_on)
    if not findings:
        ElementTree.SubElement(suite, "testcase", {"classname": "licet", "name": "gate", "time": "0"})
    text: str = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _suite(gate: Mapping[str, Any], counts: Mapping[str, str]) -> dict[str, str]:
    skipped = str(sum(map(is_excused, gate["findings"])))
    timestamp = gate["evaluated_at"].removesuffix("Z")
    return {"name": f"release {gate['release']}", **counts, "skipped": skipped, "timestamp": timestamp, "time": "0"}


def _case(suite: ElementTree.Element, finding: Mapping[str, Any], fail_on: str) -> None:
    name = printable(f"{subject_of(finding)} ({finding['license']})" if finding["license"] else subject_of(finding))
    case = ElementTree.SubElement(suite, "testcase", {"classname": finding["rule"], "name": name, "time": "0"})
    message, told = printable(finding["message"]), printable(finding["how_to_fix"])
    if is_excused(finding):
        why = "waived" if finding["waived"] is not None else "known of the baseline"
        ElementTree.SubElement(case, "skipped", {"message": f"{why}: {message}"})
    elif stops(finding, fail_on):
        failure = ElementTree.SubElement(case, "failure", {"type": finding["rule"], "message": message})
        failure.text = told
    else:
        ElementTree.SubElement(case, "system-out").text = f"{finding['severity']}: {message} {told}"
