"""Decisions of people as they lie on file, and evaluations that rest on them."""

import itertools
from typing import Any

import msgspec

from policy_eval.adapters.policy_files import default_policy
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.domain.decision_records import DecisionKind, DecisionRecord
from policy_eval.domain.decisions import decisions_of
from policy_eval.domain.evaluation import Evaluation, evaluate
from policy_eval.domain.waivers import waived
from shared.contracts.inventory import Component
from tests.support.builders import a_release, an_inventory, real_knowledge

_numbers = itertools.count(1)


def a_decision(kind: DecisionKind, **body: Any) -> DecisionRecord:
    """A decision in effect everywhere, made by ann."""
    return DecisionRecord(
        id=f"{kind}-{next(_numbers):06}",
        kind=kind,
        state="in-effect",
        scope=["*"],
        created_at="2026-01-01T00:00:00Z",
        created_by="key:ann",
        body=msgspec.Raw(msgspec.json.encode({"reason": "seen in LICENSE", **body})),
    )


def evaluated_with(decisions: list[DecisionRecord], *components: Component) -> Evaluation:
    """The evaluation of these components by the default policy and these decisions."""
    release = a_release(main=an_inventory(*components))
    return evaluate(release, default_policy(), real_knowledge(), decisions_of(decisions, read_version_range))


def waived_with(decisions: list[DecisionRecord], *components: Component) -> Evaluation:
    """The same, with the waivers among the decisions applied."""
    read = decisions_of(decisions, read_version_range)
    return waived(evaluated_with(decisions, *components), read.waivers)
