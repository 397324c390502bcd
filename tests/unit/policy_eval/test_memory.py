"""What evaluations remember for the next ones changes no answer, and stays small."""

import gc
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from policy_eval.adapters.policy_files import default_policy
from policy_eval.application.rows import rows_of
from policy_eval.domain import effective_license, memory
from policy_eval.domain.evaluation import evaluate
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.mapping import MappedLicense
from policy_eval.domain.policy import ChoiceRule, Policy
from shared.contracts.inventory import ExtractedLicense, Inventory
from tests.support.builders import a_claim, a_component, a_release, an_inventory, evaluated, real_knowledge

_STRINGS = ("MIT", "ISC AND MIT", "MIT AND ISC", "MIT OR GPL-3.0-only", "GPL", "nobody's licence", "NONE")


def told(
    inventory: Inventory,
    knowledge: LicenseKnowledge,
    context: str = "proprietary-distributed",
    policy: Policy | None = None,
) -> tuple[Any, ...]:
    """All that an evaluation comes to: its rows, its traces and what other services get."""
    evaluation = evaluate(a_release(context, main=inventory), policy or default_policy(), knowledge)
    return rows_of(evaluation, "e", "r"), msgspec.json.encode(evaluation.release)


def test_what_was_evaluated_before_changes_no_answer() -> None:
    inventory = an_inventory(*(a_component(each, name=f"c{number}") for number, each in enumerate(_STRINGS)))
    knowledge = real_knowledge()
    reversed_claims = an_inventory(
        a_component("ISC", "MIT"), a_component("MIT", "ISC"), a_component("MIT", scope="test")
    )
    told(reversed_claims, knowledge)
    told(inventory, knowledge, "internal-saas")

    assert told(inventory, knowledge) == told(inventory, real_knowledge())
    assert told(reversed_claims, knowledge) == told(reversed_claims, real_knowledge())


def test_what_a_document_defines_itself_is_not_remembered() -> None:
    def defined(name: str) -> Inventory:
        return an_inventory(a_component("LicenseRef-1"), extracted_licenses=[ExtractedLicense("LicenseRef-1", name)])

    knowledge = real_knowledge()

    licenses = [
        evaluate(a_release(main=defined(name)), default_policy(), knowledge).release.components[0].license
        for name in ("MIT", "Apache-2.0")
    ]

    assert licenses == ["MIT", "Apache-2.0"]


def test_another_policy_object_decides_anew() -> None:
    knowledge, policy = real_knowledge(), default_policy()
    release = a_release(main=an_inventory(a_component("GPL-3.0-only")))
    before = evaluate(release, policy, knowledge)
    rules = {**policy.rules, "strong-copyleft": policy.rules["permissive"]}

    after = evaluate(release, replace(policy, rules=rules), knowledge)

    assert [each.release.components[0].verdict for each in (before, after)] == ["deny", "allow"]


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"rules": {**default_policy().rules, "permissive": default_policy().rules["network-copyleft"]}},
        {"choice": ChoiceRule(preferred=("GPL-3.0-only",), auto_record=frozenset({"allow", "deny"}))},
    ],
    ids=["its version", "verdicts on a category", "how it chooses"],
)
def test_choices_under_another_policy_are_those_of_one_who_has_chosen_nothing_before(changes: dict[str, Any]) -> None:
    written = (*_STRINGS, "GPL-3.0-only OR MIT", "(MIT OR GPL-3.0-only) AND ISC", "MIT OR ISC")
    inventory = an_inventory(*(a_component(each, name=f"c{number}") for number, each in enumerate(written)))
    knowledge, policy = real_knowledge(), replace(default_policy(), **changes)
    told(inventory, knowledge)

    assert told(inventory, knowledge, policy=policy) == told(inventory, real_knowledge(), policy=policy)


def test_it_forgets_at_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_REMEMBERED", 10)
    knowledge, policy = real_knowledge(), default_policy()
    sizes = []
    for number in range(20):
        strings = [a_claim(f"strange {number} {each}") for each in range(5)]
        release = a_release(main=an_inventory(*(a_component(each) for each in strings)))
        evaluate(release, policy, knowledge)
        sizes.append(len(knowledge.memory.mapped()))

    assert max(sizes) <= 10


def test_it_forgets_long_expressions_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_REMEMBERED", 200)
    knowledge, policy = real_knowledge(), default_policy()
    sizes = []
    for number in range(10):
        long = [" AND ".join(f"LicenseRef-{number}-{each}-{operand}" for operand in range(100)) for each in range(5)]
        release = a_release(main=an_inventory(*(a_component(each, name=each[:20]) for each in long)))
        evaluate(release, policy, knowledge)
        sizes.append((len(knowledge.memory.mapped()), *(each.weight for _, _, each in knowledge.memory._deciders)))

    assert max(count for count, _ in sizes) <= 10
    assert max(weight for _, weight in sizes) <= 700


def test_a_licence_stays_as_its_document_spells_it() -> None:
    spelt = ["LicenseRef-Ours", "LicenseRef-ours OR LicenseRef-Theirs"]

    evaluation = evaluated([a_component(each, name=f"c{number}") for number, each in enumerate(spelt)])

    assert [each.effective_license for each in evaluation.release.components] == spelt


def test_documents_that_say_the_same_in_definitions_of_their_own_fill_no_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(effective_license, "MOST_SEEN", 10)
    knowledge, policy = real_knowledge(), default_policy()
    defined = [ExtractedLicense("LicenseRef-1", "MIT")]
    release = a_release(main=an_inventory(a_component("LicenseRef-1"), a_component("ISC"), extracted_licenses=defined))
    before = _mapped_licenses()

    for _ in range(50):
        evaluate(release, policy, knowledge)

    # Those seen last, and one for each of the two distinct facts.
    assert _mapped_licenses() - before <= 12


def _mapped_licenses() -> int:
    gc.collect()
    return sum(isinstance(each, MappedLicense) for each in gc.get_objects())
