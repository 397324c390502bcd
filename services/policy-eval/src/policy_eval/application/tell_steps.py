"""What the validation steps of a release are after an evaluation, in the light of the one before and the release before."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, structs

from policy_eval.application.ports import EvaluationRecord, Evaluations
from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.policy import Policy
from policy_eval.domain.release_steps import steps_of_evaluation
from policy_eval.domain.used_answers import UsedAnswer, used_answers
from shared.contracts.steps import Step, continued

_SAID_BY_ANOTHER: Final = frozenset({"inventories"})
"""Inputs that change with another that is told: an inventory is that of a document."""


class FoundSteps(Struct, frozen=True):
    """The steps as an evaluation found them, and the decisions of people that it rests on."""

    steps: list[Step]
    answers: list[UsedAnswer]


def found_steps(evaluation: Evaluation, release_id: str, policy: Policy) -> FoundSteps:
    """How the steps stand after the evaluation of the release with this id by the policy, seen by itself."""
    looks_at_export = policy.looks_at_export_in(evaluation.context.name)
    return FoundSteps(steps_of_evaluation(evaluation, release_id, looks_at_export), used_answers(evaluation))


async def steps_told(evaluations: Evaluations, record: EvaluationRecord, found: FoundSteps) -> tuple[Step, ...]:
    """The steps that an evaluation found, with what reopened them and what was inherited; its release is locked."""
    before, steps = await evaluations.current(record.release.id), found.steps
    if before is not None:
        steps = continued(steps, before.steps, changed_inputs(before.inputs, record.inputs))
    inherited = await evaluations.inherit(record.release, found.answers)
    return tuple(structs.replace(each, inherited=inherited.get(each.name, [])) for each in steps)


def changed_inputs(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names of inputs that differ, in their order: `documents`, `policy`, `decisions` and so on."""
    named = sorted((before.keys() | now.keys()) - _SAID_BY_ANOTHER)
    return [name for name in named if before.get(name) != now.get(name)]
