"""What the policy asks of the quality of the documents that a release is known by."""

from collections.abc import Iterator, Mapping
from typing import Final

from policy_eval.domain.findings import Finding, Question, Severity, Subject, fingerprint
from policy_eval.domain.guidance import how_to_fix
from policy_eval.domain.release import ReleaseInventory

_RULE: Final = "quality/low-score"
_FROM_THE_STRICTEST: Final[tuple[Severity, ...]] = ("error", "warning", "hint")

LowestScores = Mapping[Severity, float]
"""The score below which a document brings a finding of this severity."""


def quality_findings(release: ReleaseInventory, lowest: LowestScores) -> Iterator[Finding]:
    """A finding for each part whose document scores too low; the score is sbom-ingest's, from 0 to 1."""
    for name, part in release.sorted_parts():
        score = part.quality
        severity = None if score is None else _severity(score, lowest)
        if severity is not None:
            message = f"The SBOM of the part {name!r} has a quality score of {score:.2f}, below {lowest[severity]:.2f}."
            fix = how_to_fix(_RULE, "", "allow")
            question = Question(_RULE, severity, "quality", None, "", "project", message, fix)
            yield Finding(fingerprint(question, name), question, Subject(None, name), None)


def _severity(score: float, lowest: LowestScores) -> Severity | None:
    return next((each for each in _FROM_THE_STRICTEST if score < lowest.get(each, 0.0)), None)
