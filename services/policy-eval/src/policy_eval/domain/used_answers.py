"""Which decisions of people an evaluation rests on, by the validation step that each answers."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.release_steps import step_of_question
from shared.contracts.steps import StepName

_OF_KIND: Final[Mapping[str, StepName]] = {
    "curation": "licenses-normalized",
    "exclusion": "licenses-normalized",
    "confirmation": "ands-confirmed",
    "context": "exploitation",
    "license-choice": "choices",
    "license-classification": "policy",
}


class UsedAnswer(Struct, frozen=True):
    """A decision by its id, when it was made (RFC 3339), and the step it answers."""

    id: str
    step: StepName
    at: str


def used_answers(evaluation: Evaluation) -> list[UsedAnswer]:
    """Each decision that had an effect, once for each step, in the order of their ids."""
    found = {*_in_traces(evaluation), *_waivers(evaluation)}
    return sorted(found, key=lambda each: (each.id, each.step))


def _in_traces(evaluation: Evaluation) -> Iterator[UsedAnswer]:
    """What traces name as their source and somebody has said: `domain.decisions.Source` as text."""
    for decision in {each for part in evaluation.parts for each in part.decisions}:
        for step in decision.trace:
            if step.author is None or step.source is None:
                continue
            kind, _, id_ = step.source.partition(" ")
            if kind in _OF_KIND and id_:
                yield UsedAnswer(id_, _OF_KIND[kind], step.version or "")


def _waivers(evaluation: Evaluation) -> Iterator[UsedAnswer]:
    for each in evaluation.findings:
        if each.waiver is not None:
            source = each.waiver.source
            yield UsedAnswer(source.id, step_of_question(each.question.rule, each.question.kind), source.at)
