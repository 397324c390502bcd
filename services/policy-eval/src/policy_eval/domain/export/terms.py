"""The words of export control (domain model, section 4), and how severe each verdict is."""

from typing import Final, Literal

ExportVerdict = Literal[
    "not-controlled",
    "published-not-subject",
    "exception-available",
    "review",
    "notification-first",
    "unclassified",
    "needs-classification",
    "licence-required",
    "prohibited",
]
CryptoKind = Literal["implements", "uses", "calls-os", "none"]
CryptoFunction = Literal[
    "confidentiality", "authentication", "signature", "integrity", "hash", "password-hashing", "drm", "random"
]
FindingSource = Literal["reviewer", "supplier", "cbom", "scanner", "knowledge-base", "inherited", "name"]
Confidence = Literal["high", "medium", "low", "suspect"]

SEVERITY: Final[tuple[ExportVerdict, ...]] = (
    "not-controlled",
    "published-not-subject",
    "exception-available",
    "review",
    "notification-first",
    "unclassified",
    "needs-classification",
    "licence-required",
    "prohibited",
)
"""From the mildest to the most severe; a release has that of its most severe part."""

TRUST: Final[tuple[FindingSource, ...]] = (
    "reviewer",
    "supplier",
    "cbom",
    "scanner",
    "knowledge-base",
    "inherited",
    "name",
)
"""From the most trusted source to the least."""


def severity(verdict: ExportVerdict) -> int:
    """The place of a verdict from the mildest, 0, to the most severe."""
    return SEVERITY.index(verdict)
