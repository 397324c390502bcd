"""Findings as GitLab's code quality report: a JSON list in the format of Code Climate issues, as GitLab documents it."""

from collections.abc import Iterable
from typing import Any, Final

from licet.library.answers import Finding

_SEVERITY: Final = {"error": "critical", "warning": "major", "hint": "minor"}


def as_code_quality(findings: Iterable[Finding], path: str) -> list[dict[str, Any]]:
    """Return the findings that count; all lie in the file `path`, the SBOM, since GitLab asks for a place."""
    return [_issue(each, path) for each in findings if each.counts]


def _issue(finding: Finding, path: str) -> dict[str, Any]:
    return {
        "description": f"{finding.subject.title}: {finding.message} {finding.how_to_fix}",
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITY[finding.severity],
        "location": {"path": path, "lines": {"begin": 1}},
    }
