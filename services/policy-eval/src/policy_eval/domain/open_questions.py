"""What a release asks of people: its findings that wait for somebody, each question once."""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from policy_eval.domain.findings import Finding, FindingKind, Route, Severity

SEVERITY_ORDER: Final[Mapping[Severity, int]] = {"error": 0, "warning": 1, "hint": 2}


class OpenQuestion(Struct, frozen=True, gc=False):
    """A question that waits for somebody; `rank` is the place of its first and worst finding in the evaluation."""

    fingerprint: str
    severity: Severity
    route: Route
    kind: FindingKind
    rank: int


def open_questions(ranked: Iterable[Finding]) -> list[OpenQuestion]:
    """Return the questions of findings that are in the order of their ranks, the worst first; none that is waived."""
    opened: dict[str, OpenQuestion] = {}
    for rank, each in enumerate(ranked):
        asked = each.question
        if asked.route is not None and each.waiver is None and each.fingerprint not in opened:
            question = OpenQuestion(each.fingerprint, asked.severity, asked.route, asked.kind, rank)
            opened[each.fingerprint] = question
    return list(opened.values())
