"""A policy that answers the same to all that an evaluation asked of it comes to the same evaluation (ADR 41)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from policy_eval.adapters.policy_files import default_policy
from policy_eval.application import basis
from policy_eval.application.basis import basis_of, says_the_same
from policy_eval.application.ports import EvaluationRecord, KeptExplanation
from policy_eval.application.rows import rows_of
from policy_eval.domain.conditions import AllOf, Rule
from policy_eval.domain.evaluation import Evaluation, evaluate
from policy_eval.domain.free_rules import FreeRule
from policy_eval.domain.policy import Policy, UnknownContext
from shared.contracts.events import Counts, Gate, PolicyVersion, ReleaseState
from shared.contracts.steps import Step
from tests.support.builders import a_component, a_release, an_inventory, real_knowledge

_KNOWLEDGE = real_knowledge()
_POLICY = default_policy()
_LICENSES = ("MIT OR GPL-2.0-only", "MPL-2.0+", "nobody's licence", "LGPL-2.1-or-later AND ISC", "AGPL-3.0-only")
_RELEASE = a_release(
    main=an_inventory(
        *(a_component(each, name=f"c{number}") for number, each in enumerate(_LICENSES)), edges=[(-1, 0), (0, 1)]
    )
)
_STATE = ReleaseState("r", "shop", "1", _RELEASE.context, 1, "2026-03-01T12:00:00Z")
_INPUTS: Mapping[str, Any] = {"documents": {"main": "d"}, "policy": 1, "decisions": "none"}
_RECORD = EvaluationRecord(
    "e", _STATE, "", PolicyVersion("default", 1), Gate("pass", Counts()), 0, "0", _INPUTS, (Step("intake", "done"),)
)


def by(policy: Policy) -> Evaluation:
    return evaluate(_RELEASE, policy, _KNOWLEDGE)


_BASIS = basis_of(by(_POLICY), _POLICY)


def same(policy: Policy, record: EvaluationRecord = _RECORD, stored: bytes | None = _BASIS, **inputs: Any) -> bool:
    return says_the_same(record, KeptExplanation(b"", None, stored), _STATE, {**_INPUTS, "policy": 2, **inputs}, policy)


def other_on(category: str, context: str | None = None) -> Policy:
    rules = {
        name: (Rule(AllOf(()), "review-legal"),) if context in (None, name) else known
        for name, known in _POLICY.rules[category].items()
    }
    return replace(_POLICY, version=2, rules={**_POLICY.rules, category: rules})


def test_the_rules_of_every_licence_that_might_be_judged_are_asked_for() -> None:
    assert by(_POLICY).categories == sorted(
        {"permissive", "strong-copyleft", "weak-copyleft-file", "weak-copyleft-library", "network-copyleft", "unknown"}
    )


@pytest.mark.parametrize("category", sorted(_POLICY.rules))
def test_a_change_of_rules_matters_where_they_are_asked_for(category: str) -> None:
    changed = other_on(category)

    assert same(changed) == (category not in by(_POLICY).categories)
    if same(changed):
        written = [rows_of(by(policy), "e", "r") for policy in (_POLICY, changed)]
        assert replace(written[0], explanation=b"") == replace(written[1], explanation=b"")


@pytest.mark.parametrize(
    "policy",
    [
        replace(_POLICY, version=2),
        replace(_POLICY, tests=()),
        other_on("permissive", "internal-saas"),
        replace(_POLICY, contexts={_RELEASE.context: _POLICY.contexts[_RELEASE.context]}),
    ],
    ids=["version", "tests", "rules in another context", "other contexts"],
)
def test_what_is_not_asked_for_does_not_matter(policy: Policy) -> None:
    assert same(policy)


@pytest.mark.parametrize(
    "policy",
    [
        replace(_POLICY, name="other"),
        replace(_POLICY, verdict_order=_POLICY.verdict_order[::-1]),
        replace(_POLICY, choice=replace(_POLICY.choice, preferred=("MIT",))),
        replace(_POLICY, not_shipped=replace(_POLICY.not_shipped, default="deny")),
        replace(_POLICY, blocks=_POLICY.blocks ^ {"review-ospo"}),
        replace(_POLICY, linking_exceptions=frozenset()),
        replace(_POLICY, lowest_quality={"error": 9.0}),
        replace(_POLICY, export={}),
        replace(_POLICY, requirement=replace(_POLICY.requirement, at_least="deny")),
        replace(_POLICY, free_rules=(FreeRule("all", "true", None, "deny"),)),  # type: ignore[arg-type]  # not asked
        replace(
            _POLICY,
            contexts={
                **_POLICY.contexts,
                _RELEASE.context: msgspec.structs.replace(_POLICY.contexts[_RELEASE.context], delivery=[]),
            },
        ),
    ],
    ids=lambda policy: "policy",
)
def test_all_else_matters(policy: Policy) -> None:
    assert not same(policy)


def test_other_facts_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    assert same(_POLICY)
    assert not same(_POLICY, decisions="some")
    assert not same(_POLICY, day="2026-03-02")
    assert not same(_POLICY, replace(_RECORD, steps=()))
    assert not same(_POLICY, replace(_RECORD, release=msgspec.structs.replace(_STATE, revision=0)))
    assert not same(_POLICY, stored=None)
    with pytest.raises(UnknownContext):
        same(replace(_POLICY, contexts={}))
    monkeypatch.setattr(basis, "_WORDING", "another version")
    assert not same(_POLICY)
