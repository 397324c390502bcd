"""An evaluation of the same documents shares the rows of components with the one before, and tells them as it decided."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from policy_eval.adapters.policy_files import default_policy
from policy_eval.application.difference import NOTHING_SHARED, Base, Shared, base_of, shared_with
from policy_eval.application.explanations import FORM, explained, packed, unpacked_outcomes
from policy_eval.application.ports import EvaluationRecord, KeptExplanation
from policy_eval.application.rows import rows_of
from policy_eval.domain.conditions import AllOf, Rule
from policy_eval.domain.decisions import NO_DECISIONS
from policy_eval.domain.evaluation import Evaluation, evaluate
from policy_eval.domain.outcome import Outcome
from policy_eval.domain.policy import Policy
from shared.contracts.decisions import OrganizationFacts, Verdict
from shared.contracts.events import Counts, Gate, PolicyVersion, ReleaseState
from tests.support.builders import a_claim, a_component, a_release, an_inventory, evaluated, real_knowledge

_INPUTS: Mapping[str, Any] = {"documents": {"main": "d"}, "inventories": {"main": "i"}, "license_catalogue": "3.27"}
_KNOWLEDGE = real_knowledge()
_RELEASE = a_release(
    back=an_inventory(
        a_component("MIT OR GPL-3.0-only", name="a", hashes={"sha1": "1"}),
        a_component("MPL-2.0", name="b", scope="test"),
        a_component("nobody's licence", name="c", copyright=["© C"]),
        edges=[(-1, 0), (0, 1), (1, 2), (-1, 2)],
    ),
    front=an_inventory(
        a_component("MPL-2.0 AND MIT", name="d"), a_component("GPL-3.0-only", name="e"), edges=[(-1, 0), (0, 1)]
    ),
)


def by(policy: Policy, **decided: Any) -> Evaluation:
    return evaluate(_RELEASE, policy, _KNOWLEDGE, replace(NO_DECISIONS, **decided))


def other_on(category: str, verdict: Verdict = "deny") -> Policy:
    policy = default_policy()
    rules = dict.fromkeys(policy.rules[category], (Rule(AllOf(()), verdict),))
    return replace(policy, version=2, rules={**policy.rules, category: rules})


def a_base(evaluation: Evaluation) -> Base:
    return Base("before", "sha of before", packed(explained(evaluation)))


def shared_between(before: Evaluation, now: Evaluation) -> Shared:
    return shared_with(a_base(before), explained(now))


def as_told(shown: bytes, outcome: Outcome) -> bytes:
    """The row of a component as lists show it under an evaluation with this outcome."""
    return msgspec.json.encode(msgspec.json.decode(shown) | outcome.shown())


@pytest.mark.parametrize(
    "policy",
    [
        replace(default_policy(), version=2),
        other_on("weak-copyleft-file"),
        other_on("permissive", "review-ospo"),
        other_on("unknown"),
        replace(other_on("strong-copyleft", "allow"), choice=replace(default_policy().choice, preferred=())),
    ],
    ids=["its version", "MPL", "permissive", "unknown", "strong copyleft"],
)
def test_shared_rows_are_told_as_those_of_a_full_evaluation(policy: Policy) -> None:
    before, now = by(default_policy()), by(policy)

    rows = rows_of(now, "now", "r", None, shared_between(before, now))

    full, shared = rows_of(by(policy), "now", "r"), rows_of(before, "before", "r").components
    outcomes = unpacked_outcomes(rows.explanation)
    assert [as_told(row[-1], outcomes.at(row[1])) for row in shared] == [row[-1] for row in full.components]
    assert replace(rows, components=full.components, components_of=None) == full
    assert rows.components_of == "before"


def test_rows_that_are_shared_already_are_shared_on() -> None:
    evaluation = by(default_policy())
    base = replace(a_base(evaluation), components_of="first")

    assert shared_with(base, explained(evaluation)) == Shared("first", "sha of before")


def test_rows_that_say_of_modification_what_people_say_are_not_shared() -> None:
    explanations = explained(by(default_policy()))
    [first, *others] = explanations.outcomes
    said = msgspec.structs.replace(first, modified=True)
    base = Base("before", "sha", packed(msgspec.structs.replace(explanations, outcomes=[said, *others])))

    assert shared_with(base, explanations).components_of is None


def test_decisions_that_are_the_same_are_those_of_before() -> None:
    before, now = by(default_policy()), by(replace(default_policy(), version=2))

    assert shared_between(before, now).decisions_sha256 == "sha of before"
    assert msgspec.json.encode(now.release) == msgspec.json.encode(before.release)


@pytest.mark.parametrize(
    "now",
    [
        by(other_on("weak-copyleft-file")),
        by(default_policy(), organization=OrganizationFacts("Ours")),
        replace(by(default_policy()), crypto_notice="AES"),
    ],
    ids=["a verdict", "the organisation", "the notice on cryptography"],
)
def test_decisions_are_told_anew_where_anything_in_them_is_otherwise(now: Evaluation) -> None:
    assert shared_between(by(default_policy()), now).decisions_sha256 is None


@pytest.mark.parametrize(
    "changes", [{"outcomes": [], "form": 0}, {"form": FORM + 1}, {"of": [0]}], ids=["before outcomes", "form", "size"]
)
def test_what_was_written_in_another_form_is_no_base(changes: dict[str, Any]) -> None:
    explanations = explained(by(default_policy()))
    base = Base("before", "sha", packed(msgspec.structs.replace(explanations, **changes)))

    assert shared_with(base, explanations) == NOTHING_SHARED


@pytest.mark.parametrize("name", ["documents", "inventories", "license_catalogue"])
def test_an_evaluation_of_other_documents_or_by_another_catalogue_is_no_base(name: str) -> None:
    state = ReleaseState("r", "shop", "1", "proprietary-distributed", 1, "2026-03-01T12:00:00Z")
    identity, gate = PolicyVersion("default", 1), Gate("pass", Counts())
    record = EvaluationRecord("before", state, "2026-03-01T12:00:00Z", identity, gate, 0, "sha", _INPUTS)

    kept = KeptExplanation(b"packed", "first")
    assert base_of(record, kept, {**_INPUTS, "policy": 2}) == Base("before", "sha", b"packed", "first")
    assert base_of(record, kept, {**_INPUTS, name: "another"}) is None
    assert base_of(record, None, _INPUTS) is None
    assert base_of(None, None, _INPUTS) is None


def test_the_form_is_raised_when_components_are_written_otherwise() -> None:
    claim = a_claim("MIT", text="t")
    told = {"group": "g", "hashes": {"SHA-1": "1"}, "copyright": ["© A"], "notices": ["n"], "supplier": "S"}
    component = a_component(claim, name="a", source_url="https://example.org/a", occurrences=2, **told)
    texts = {"t": "Permission is hereby granted", "n": "Thanks"}
    evaluation = evaluated(component, edges=[(-1, 0)], texts=texts)

    written = repr(rows_of(evaluation, "e", "r").components).encode() + msgspec.json.encode(evaluation.release)

    assert (FORM, hashlib.sha256(written).hexdigest()[:16]) == (3, "f1770e37a275d9d2")
