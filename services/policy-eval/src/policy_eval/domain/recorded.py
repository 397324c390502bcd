"""What the decisions of people make of a mapped licence, each with its reason.

Decisions that contradict each other are not applied: they are a doubt, which becomes a finding that names them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from policy_eval.domain.answers import Answers
from policy_eval.domain.decisions import Curation, LicenseChoice, Source
from policy_eval.domain.expression_fold import canonical
from policy_eval.domain.mapping import MappedLicense
from policy_eval.domain.trace import Step, TraceStep
from shared.licensing import Expression, parse

DoubtRule = Literal["license/curation-conflict", "license/curation-outdated"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Decisions that could not be applied, and why."""

    rule: DoubtRule
    sources: tuple[Source, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A licence after the decisions of people: the steps taken, and what is in doubt.

    `chosen` is what recorded choices left of the mapped expression, None where there was none.
    """

    mapped: MappedLicense
    steps: tuple[TraceStep, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    chosen: Expression | None = None

    @property
    def expression(self) -> Expression | None:
        """What is left to choose in; None where nothing could be read."""
        return self.mapped.expression if self.chosen is None else self.chosen


def curated(mapped: MappedLicense, answers: Answers) -> Recorded:
    """The licence after curation."""
    doubts = tuple(_outdated(each, mapped) for each in answers.outdated if not _says(each, mapped))
    if not answers.curations:
        return Recorded(mapped, doubts=doubts)
    winner = answers.curations[0]
    expression = parse(winner.license)
    same = canonical(expression)
    if any(canonical(parse(each.license)) != same for each in answers.curations):
        return Recorded(mapped, doubts=(_conflict(answers.curations), *doubts))
    by_people = replace(mapped, origin="curation", expression=expression, unresolved=(), and_unconfirmed=False)
    was = str(mapped.expression) if mapped.is_complete else "; ".join(mapped.values) or "no licence"
    return Recorded(by_people, (step_of("curated", f"{was} → {expression}", winner.source),), doubts)


def with_choice(recorded: Recorded, left: Expression, choice: LicenseChoice) -> Recorded:
    """The licence after a choice that left this of it."""
    step = step_of("chosen", f"{choice.chosen} of {choice.license}", choice.source)
    return replace(recorded, steps=(*recorded.steps, step), chosen=left)


def step_of(step: Step, saw: str, source: Source) -> TraceStep:
    """A step that a decision of somebody is the reason for."""
    return TraceStep(step, f"{saw}: {source.reason}", str(source), source.at, source.by)


def _says(curation: Curation, mapped: MappedLicense) -> bool:
    if mapped.expression is None or mapped.unresolved:
        return False
    return canonical(parse(curation.license)) == canonical(mapped.expression)


def _conflict(curations: Sequence[Curation]) -> Doubt:
    named = " and ".join(f"{each.source.id} ({each.license})" for each in curations[:10])
    message = f"Curations give this component different licences, so that none is applied: {named}."
    return Doubt("license/curation-conflict", tuple(each.source for each in curations[:10]), message)


def _outdated(curation: Curation, mapped: MappedLicense) -> Doubt:
    says = "; ".join(mapped.values) or "no licence"
    message = (
        f"The curation {curation.source.id} ({curation.license}) was made for what the document declared then. It now "
        f"says {says}, so that the curation is not applied."
    )
    return Doubt("license/curation-outdated", (curation.source,), message)
