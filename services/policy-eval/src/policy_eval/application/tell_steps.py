"""What the validation steps of a release are after an evaluation, in the light of the one before."""

from collections.abc import Mapping
from typing import Any, Final

from policy_eval.application.ports import EvaluationRecord
from shared.contracts.steps import Step, continued

_SAID_BY_ANOTHER: Final = frozenset({"inventories"})
"""Inputs that change with another that is told: an inventory is that of a document."""


def steps_after(steps: list[Step], inputs: Mapping[str, Any], before: EvaluationRecord | None) -> tuple[Step, ...]:
    """The steps that an evaluation by these inputs found, with what reopened them since the one before."""
    if before is None:
        return tuple(steps)
    return tuple(continued(steps, before.steps, changed_inputs(before.inputs, inputs)))


def changed_inputs(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names of inputs that differ, in their order: `documents`, `policy`, `decisions` and so on."""
    named = sorted((before.keys() | now.keys()) - _SAID_BY_ANOTHER)
    return [name for name in named if before.get(name) != now.get(name)]
