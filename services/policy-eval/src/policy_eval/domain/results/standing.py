"""How findings of a gate count: what stops the release, what is known already, and text that every form can carry."""

import re
from collections.abc import Mapping
from typing import Any, Final

_NOT_PRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""What XML 1.0 has no place for, and what turns the direction of text around or hides in it."""


def is_excused(finding: Mapping[str, Any]) -> bool:
    """Whether it does not count: waived, or known of the baseline."""
    return finding["waived"] is not None or finding.get("baseline") == "unchanged"


def stops(finding: Mapping[str, Any], fail_on: str) -> bool:
    """Whether it is one for which the gate fails; `fail_on` is `error` or `warning`."""
    stopping = ("error", "warning") if fail_on == "warning" else ("error",)
    return finding["severity"] in stopping and not is_excused(finding)


def subject_of(finding: Mapping[str, Any]) -> str:
    """The purl of what the finding is about, or its name and version."""
    subject = finding["subject"]
    named = f"{subject['name']} {subject['version']}" if subject["version"] else str(subject["name"])
    return subject["purl"] or named


def printable(text: str) -> str:
    """The text with a mark in place of what cannot be shown: control and direction characters, halves of pairs."""
    return _NOT_PRINTABLE.sub("\ufffd", text)
