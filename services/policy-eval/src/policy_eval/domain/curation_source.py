"""Where a curation comes from, who wrote it and who reviewed it, as the last lines of a comment in ORT's file.

ORT's curations have a comment and no fields for these (https://oss-review-toolkit.org/ort/docs/configuration/package-curations).
"""

from typing import Final

from policy_eval.domain.decision_records import CurationSource

_LABELS: Final = {
    "file": "Source file",
    "commit": "Source commit",
    "url": "Source URL",
    "author": "Author",
    "reviewer": "Reviewer",
}
_FIELDS: Final = {label: field for field, label in _LABELS.items()}


def as_comment(reason: str, source: CurationSource) -> str:
    """The reason, and below it a line for each thing that the source names."""
    named = {label: getattr(source, field) for field, label in _LABELS.items()}
    lines = [f"{label}: {' '.join(value.split())}" for label, value in named.items() if value]
    return "\n\n".join(each for each in (reason.strip(), "\n".join(lines)) if each)


def of_comment(comment: str) -> tuple[str, dict[str, str]]:
    """The reason and what the last lines say of the source: a paragraph of such lines alone, else it is all reason."""
    before, _, last = comment.strip().rpartition("\n\n")
    pairs = [line.partition(": ") for line in last.splitlines()]
    if not pairs or not all(label in _FIELDS and value.strip() for label, _, value in pairs):
        return comment.strip(), {}
    return before.strip(), {_FIELDS[label]: value.strip() for label, _, value in pairs}
