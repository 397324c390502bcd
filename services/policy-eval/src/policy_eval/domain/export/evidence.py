"""What must be on file for a verdict to count, and whether it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from policy_eval.domain.export.classification import InEffect
from policy_eval.domain.export.facts import Part, note3_on
from policy_eval.domain.export.situation import Situation
from policy_eval.domain.export.statements import end_uses_of, has_evidence, mentions, of_kind


@dataclass(frozen=True, slots=True)
class OnFile:
    """What evidence is looked for in."""

    situation: Situation
    part: Part
    code: InEffect
    day: date

    def was_sent(self, kind: str) -> bool:
        """Whether a notification of that kind had been sent by the day."""
        return bool(of_kind(self.situation.notifications or (), kind, self.day))

    def has(self, *words: str) -> bool:
        """Whether the classification's basis or evidence names one of the words."""
        known = self.code.classification
        return known is not None and (mentions(known.evidence or "", *words) or mentions(known.basis or "", *words))

    @property
    def has_any(self) -> bool:
        """Whether the classification has any evidence."""
        return self.code.classification is not None and has_evidence(self.code.classification.evidence)


def _stated_standard(file: OnFile) -> bool:
    return file.part.finding is None or file.part.finding.standard is True


def _mail_copy(file: OnFile) -> bool:
    mails = of_kind(file.situation.notifications or (), "publication-mail", file.day)
    return any(has_evidence(each.evidence) for each in mails)


_CHECKS: Final[Mapping[str, Callable[[OnFile], bool]]] = {
    "source-url": lambda file: bool(file.situation.source_url),
    "license": lambda file: bool(file.situation.license),
    "standard-statement": _stated_standard,
    "notification-mail": _mail_copy,
    "note3-checklist": lambda file: note3_on(file.situation, file.day) == "met",
    "classification": lambda file: file.code.code is not None,
    "ccats": lambda file: file.code.is_by_authority,
    "annual-report": lambda file: file.was_sent("annual-report") or file.has_any,
    "semi-annual-report": lambda file: file.was_sent("semi-annual-report") or file.has("semi-annual"),
    "eu-registration": lambda file: file.was_sent("eu-registration") or file.has("regist", "EU00"),
    "destination": lambda file: bool(file.situation.destinations),
    "function-list": lambda file: file.part.finding is not None and file.part.finding.source != "name",
    "reviewer-statement": lambda file: (
        file.code.state == "not-listed"
        or (file.situation.crypto is not None and file.situation.crypto.kind is not None)
    ),
    "end-use-statement": lambda file: end_uses_of(file.situation.end_use) != {"unstated"},
    "licence-number": lambda file: file.has("licence", "license", "authorisation", "authorization"),
}
EVIDENCE: Final = frozenset({*_CHECKS, "officer-decision"})
"""The ids that rules may ask for; a decision of the officer is never known here."""


def missing(wanted: tuple[str, ...], file: OnFile) -> list[str]:
    """The ids of the wanted evidence that is not on file."""
    return [each for each in wanted if each not in _CHECKS or not _CHECKS[each](file)]
