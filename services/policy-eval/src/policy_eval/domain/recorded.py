"""What the decisions of people make of a mapped licence, each with its reason.

Decisions that contradict each other are not applied: they are a doubt, which becomes a finding that names them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from policy_eval.domain.answers import Answers
from policy_eval.domain.decisions import Curation, LicenseChoice, NameMapping, Source
from policy_eval.domain.expression_fold import canonical
from policy_eval.domain.mapping import NOTHING_STATED, MappedLicense, joined_claims
from policy_eval.domain.trace import Step, TraceStep
from shared.licensing import Expression, parse

NOTHING: Final = "NONE"
"""What a declared string is mapped to that says nothing of a licence."""

DoubtRule = Literal["license/curation-conflict", "license/curation-outdated", "license/exclusion-outdated"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Decisions that could not be applied, and why."""

    rule: DoubtRule
    sources: tuple[Source, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A licence after the decisions of people: the steps taken, and what is in doubt.

    `left` is what exclusions left of the mapped expression, and `chosen` what recorded choices left of that; None where
    there was none. `modified`: whether people say that the component is modified.
    """

    mapped: MappedLicense
    steps: tuple[TraceStep, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    modified: bool | None = None
    left: Expression | None = None
    chosen: Expression | None = None

    @property
    def expression(self) -> Expression | None:
        """What is left to choose in; None where nothing could be read."""
        return self.chosen or self.left or self.mapped.expression


def curated(mapped: MappedLicense, answers: Answers) -> Recorded:
    """The licence after curation: first what people say of its declared strings, then what they say of the package."""
    named = _renamed(mapped, answers.mappings)
    whole = _concluded(named.mapped, answers)
    return replace(whole, steps=(*named.steps, *whole.steps), doubts=(*named.doubts, *whole.doubts))


def _renamed(mapped: MappedLicense, mappings: Sequence[NameMapping]) -> Recorded:
    """The licence with the meanings that people gave to its declared strings; two different ones are not applied."""
    if mapped.origin != "declared":
        return Recorded(mapped)
    given = {name: [each for each in mappings if name in each.meanings] for name, _ in mapped.read}
    if not any(given.values()):
        return Recorded(mapped)
    clashing = [name for name, found in given.items() if len({_meaning(each, name) for each in found}) > 1]
    used = {name: found[0] for name, found in given.items() if found and name not in clashing}
    steps = tuple(
        step_of("mapped", f"{name} → {each.meanings[name]}", each.source) for name, each in sorted(used.items())
    )
    doubts = tuple(_mapping_conflict(name, given[name]) for name in clashing)
    return Recorded(_with_meanings(mapped, used), steps, doubts)


def _with_meanings(mapped: MappedLicense, used: Mapping[str, NameMapping]) -> MappedLicense:
    read = [
        (name, parse(used[name].meanings[name]) if name in used else meant)
        for name, meant in mapped.read
        if name not in used or used[name].meanings[name] != NOTHING
    ]
    if not read:
        return replace(NOTHING_STATED, trace=mapped.trace)
    return joined_claims(mapped, read)


def _meaning(mapping: NameMapping, name: str) -> str:
    meaning = mapping.meanings[name]
    return meaning if meaning == NOTHING else canonical(parse(meaning))


def _mapping_conflict(name: str, mappings: Sequence[NameMapping]) -> Doubt:
    named = " and ".join(f"{each.source.id} ({each.meanings[name]})" for each in mappings[:10])
    message = f"Curations give {name[:120]!r} different meanings, so that none is applied: {named}."
    return Doubt("license/curation-conflict", tuple(each.source for each in mappings[:10]), message)


def _concluded(mapped: MappedLicense, answers: Answers) -> Recorded:
    doubts = tuple(_outdated(each, mapped) for each in answers.outdated if not _says(each, mapped))
    if not answers.curations:
        return Recorded(mapped, doubts=doubts)
    winner = answers.curations[0]
    expression = parse(winner.license)
    same = canonical(expression)
    if any(canonical(parse(each.license)) != same for each in answers.curations):
        return Recorded(mapped, doubts=(_conflict(answers.curations), *doubts))
    settled = replace(mapped, unresolved=(), and_unconfirmed=False, undeclared=())
    by_people = replace(settled, origin="curation", expression=expression)
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
