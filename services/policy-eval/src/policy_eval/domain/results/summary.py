"""The gate as a summary in Markdown for a pull request; all text of documents in it is escaped."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from policy_eval.domain.export.pages import Block, Grid, Page, Paragraph
from policy_eval.domain.results.standing import is_excused, printable, subject_of

MEDIA_TYPE: Final = "text/markdown"
_MOST_ROWS: Final = 30
"""A comment on a pull request holds 65,536 characters at the most; escaped, a row takes up to 1,300."""
_SAID: Final = {"pass": "passes", "warn": "passes with warnings", "fail": "fails"}


def gate_page(gate: Mapping[str, Any]) -> Page:
    """The verdict with the worst findings; those that do not count are only counted."""
    findings = gate["findings"]
    counted = [each for each in findings if not is_excused(each)]
    excused = len(findings) - len(counted)
    blocks: list[Block] = [Paragraph(_counts(gate))]
    if "baseline" in gate:
        blocks.append(Paragraph("Only what the baseline does not have counts."))
    if counted:
        blocks.append(_table(counted[:_MOST_ROWS]))
    left = gate["findings_total"] - excused - min(len(counted), _MOST_ROWS)
    if left > 0 or excused:
        blocks.append(Paragraph(f"{left} more are not shown here; {excused} are waived or known of the baseline."))
    blocks.append(Paragraph(f"Release {gate['release']}, policy {gate['policy']['name']}: {gate['url']}"))
    return Page(f"Licet: the release {_SAID[gate['verdict']]}", blocks)


def _counts(gate: Mapping[str, Any]) -> str:
    counts = gate["counts"]
    return f"Errors: {counts['error']}, warnings: {counts['warning']}, hints: {counts['hint']}."


def _table(findings: Sequence[Mapping[str, Any]]) -> Grid:
    rows = [
        (
            each["severity"],
            _short(subject_of(each), 100),
            _short(each["license"] or "none known", 100),
            _short(each["message"], 240),
            _short(each["how_to_fix"], 160),
        )
        for each in findings
    ]
    return Grid(("Severity", "Component", "Licence", "What", "What to do"), rows)


def _short(text: str, most: int) -> str:
    shown = printable(text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
