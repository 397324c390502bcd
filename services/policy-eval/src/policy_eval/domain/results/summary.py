"""The gate as a summary in Markdown for a pull request; all text of documents in it is made harmless.

Names of the usual characters stand in code spans, where nothing is read as Markdown. Everything else is escaped: HTML,
links, images, mentions, issue numbers, and the addresses that GitHub and GitLab would link by themselves.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from policy_eval.domain.results.standing import is_excused, printable, subject_of

MEDIA_TYPE: Final = "text/markdown"
_MOST_ROWS: Final = 30
"""A comment on a pull request holds 65,536 characters at the most; escaped, a row takes up to 1,300."""
_SAID: Final = {"pass": "passes", "warn": "passes with warnings", "fail": "fails"}
_USUAL: Final = re.compile(r"[A-Za-z0-9 .,:;@/%+_()#?=~-]+")
_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]<>#|~&!@$]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_HEAD: Final = "| Severity | Component | Licence | What | What to do |\n| --- | --- | --- | --- | --- |"


def as_summary(gate: Mapping[str, Any]) -> str:
    """The verdict with the worst findings; those that do not count are only counted."""
    findings = gate["findings"]
    counted = [each for each in findings if not is_excused(each)]
    shown, excused = counted[:_MOST_ROWS], len(findings) - len(counted)
    counts = gate["counts"]
    blocks = [
        f"# Licet: the release {_SAID[gate['verdict']]}",
        f"Errors: {counts['error']}, warnings: {counts['warning']}, hints: {counts['hint']}.",
    ]
    if "baseline" in gate:
        version = _short(gate["baseline"]["version"], 100)
        blocks.append(f"Only what the baseline {version} does not have counts.")
    if shown:
        blocks.append("\n".join((_HEAD, *map(_row, shown))))
    blocks += _left_out(gate["findings_total"] - excused - len(shown), excused)
    blocks.append(f"Release {gate['release']}, policy {_short(gate['policy']['name'], 100)}: {gate['url']}")
    return "\n\n".join(blocks) + "\n"


def _left_out(left: int, excused: int) -> Sequence[str]:
    if left <= 0 and not excused:
        return ()
    return (f"Not shown here: {max(left, 0)} more, and {excused} that are waived or known of the baseline.",)


def _row(finding: Mapping[str, Any]) -> str:
    cells = (
        finding["severity"],
        _short(subject_of(finding), 100),
        _short(finding["license"] or "none known", 100),
        _short(finding["message"], 240, is_name=False),
        _short(finding["how_to_fix"], 160, is_name=False),
    )
    return f"| {' | '.join(cells)} |"


def _short(text: str, most: int, is_name: bool = True) -> str:
    """The beginning of the text on one line: a name of usual characters as code, all else escaped."""
    line = " ".join(printable(text).split())
    cut = line if len(line) <= most else f"{line[: most - 1]}…"
    if is_name and _USUAL.fullmatch(cut):
        return f"`{cut}`"
    return _MARKDOWN.sub(r"\\\g<0>", cut)
