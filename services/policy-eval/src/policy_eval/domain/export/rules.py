"""Rules as data: of a jurisdiction's rules that are in force on a day, the first whose facts all hold decides.

The rules of the last stage, `destination`, come on top: they can make what was decided stricter, never milder, and
nothing of what is not subject to the law.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from policy_eval.domain.export.periods import Period
from policy_eval.domain.export.places import WORLDWIDE
from policy_eval.domain.export.terms import ExportVerdict, severity

Stage = Literal["screening", "end-use", "publication", "function", "classification", "authorisation", "destination"]
STAGES: Final[tuple[Stage, ...]] = (
    "screening", "end-use", "publication", "function", "classification", "authorisation", "destination",
)  # fmt: skip
Facts = Mapping[str, frozenset[str]]
"""For each fact the values that it has in a situation, such as `{"publication": {"source"}}`."""


@dataclass(frozen=True, slots=True)
class ExportRule:
    """One rule. `conditions`: for each fact the values of which one must hold; `unless`: of which none may.

    `evidence` are ids of what must be on file for the verdict to count, `conditional` whether the verdict's exception
    depends on it; `says` is the rule in a sentence. `checked`: on which day the row was compared with which text of the
    law, None = with none.
    """

    id: str
    jurisdiction: str
    stage: Stage
    conditions: Mapping[str, frozenset[str]]
    unless: Mapping[str, frozenset[str]]
    verdict: ExportVerdict
    reference: str
    says: str
    evidence: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    checked: str | None = None

    def in_force(self, day: date) -> bool:
        """Whether the rule is the law of that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def holds(self, facts: Facts) -> bool:
        """Whether all conditions hold and no exception does."""
        return all(facts[name] & wanted for name, wanted in self.conditions.items()) and not any(
            facts[name] & unwanted for name, unwanted in self.unless.items()
        )


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules, in the order in which they are tried, and the day on which they were last worked on."""

    rules: tuple[ExportRule, ...]
    data_date: date

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """The jurisdictions that have rules, in their order."""
        return tuple(dict.fromkeys(each.jurisdiction for each in self.rules))

    def periods(self) -> Iterator[Period]:
        """When each rule is in force."""
        return ((each.valid_from, each.valid_to) for each in self.rules)

    def decide(self, jurisdiction: str, facts: Facts, day: date) -> ExportRule:
        """The rule that decides; raises LookupError when none does, which the last rule of each jurisdiction prevents."""
        in_force = [each for each in self.rules if each.jurisdiction == jurisdiction and each.in_force(day)]
        base = _first([each for each in in_force if each.stage != "destination"], facts)
        if base is None:
            raise LookupError(f"no rule of {jurisdiction} holds on {day}")
        # What goes to everybody at once is published, and the rules of publication alone say whether it may be.
        is_publication = base.stage == "publication" and WORLDWIDE in facts["destination"]
        if base.verdict == "published-not-subject" or is_publication:
            return base
        is_published = not facts["publication"] & {"none"}
        so_far = {base.verdict, f"{base.verdict}, published"} if is_published else {base.verdict}
        facts = {**facts, "so-far": frozenset(so_far)}
        stricter = _first([each for each in in_force if each.stage == "destination"], facts)
        return stricter if stricter and severity(stricter.verdict) > severity(base.verdict) else base


def _first(rules: Sequence[ExportRule], facts: Facts) -> ExportRule | None:
    return next((each for each in rules if each.holds(facts)), None)
