"""A branch that people chose is taken, and the most specific choice counts."""

import pytest

from policy_eval.adapters.policy_files import default_policy
from policy_eval.domain.branches import narrowed
from policy_eval.domain.decisions import Decisions
from policy_eval.domain.evaluation import evaluate
from shared.licensing import parse
from tests.support.builders import a_component, a_release, an_inventory, real_knowledge
from tests.support.decisions import a_decision, evaluated_with

_DUAL = "GPL-3.0-only OR LicenseRef-Commercial"


@pytest.mark.parametrize(
    ("given", "chosen", "left"),
    [
        ("MIT OR Zlib", "Zlib", "Zlib"),
        ("(MIT OR Zlib) AND ISC", "Zlib", "Zlib AND ISC"),
        ("(MIT OR Zlib) AND ISC", "ISC AND Zlib", "Zlib AND ISC"),
        ("MIT OR Zlib OR ISC", "ISC OR MIT", "MIT OR ISC"),
        ("MIT OR (Zlib AND ISC)", "ISC AND Zlib", "Zlib AND ISC"),
        ("MIT OR (Zlib AND ISC)", "Zlib", None),
        ("MIT OR Zlib", "Zlib OR MIT", None),
        ("MIT OR Zlib", "Apache-2.0", None),
        ("MIT", "MIT", None),
        ("MIT AND Zlib", "MIT", None),
    ],
)
def test_a_branch_is_what_dropping_operands_of_ors_leaves(given: str, chosen: str, left: str | None) -> None:
    found = narrowed(parse(given), parse(chosen))

    assert (None if found is None else str(found)) == left


def test_a_recorded_choice_goes_before_the_order_of_the_policy() -> None:
    choice = a_decision("license-choice", license="GPL-3.0-only OR MIT", chosen="GPL-3.0-only")

    evaluation = evaluated_with([choice], a_component("(MIT OR GPL-3.0-only) AND ISC"))

    (component,) = evaluation.release.components
    assert component.effective_license == "GPL-3.0-only AND ISC"
    assert component.chosen_from == "(MIT OR GPL-3.0-only) AND ISC"
    assert component.verdict == "deny"
    (step,) = [each for each in evaluation.parts[0].decisions[0].trace if each.step == "chosen"]
    assert (step.source, step.author) == (f"license-choice {choice.id}", "key:ann")


def test_what_is_said_of_a_package_goes_before_a_project_and_that_before_all() -> None:
    def chosen(*bodies: dict[str, str]) -> str | None:
        decisions = [a_decision("license-choice", license="MIT OR Zlib OR ISC", **body) for body in bodies]
        return evaluated_with(decisions, a_component("ISC OR MIT OR Zlib")).release.components[0].effective_license

    everywhere, in_project = {"chosen": "MIT"}, {"chosen": "Zlib", "project": "shop"}
    of_package = {"chosen": "ISC", "purl": "pkg:npm/left-pad"}
    of_version = {"chosen": "MIT", "purl": "pkg:npm/left-pad@1.3.0"}

    assert chosen(everywhere) == "MIT"
    assert chosen(in_project, everywhere) == "Zlib"
    assert chosen(of_package, in_project, everywhere) == "ISC"
    assert chosen(of_version, of_package, in_project) == "MIT"
    assert chosen({**of_package, "purl": "pkg:npm/right-pad"}, everywhere) == "MIT"
    assert chosen({"chosen": "ISC"}, {"chosen": "Zlib"}) == "Zlib"  # the newer one


def test_a_choice_answers_an_open_question() -> None:
    choice = a_decision("license-choice", license=_DUAL, chosen="LicenseRef-Commercial")

    before = evaluated_with([], a_component(_DUAL))
    after = evaluated_with([choice], a_component(_DUAL))

    assert [each.question.rule for each in before.findings] == ["license/open-choice"]
    assert "license/open-choice" not in {each.question.rule for each in after.findings}
    assert after.release.components[0].effective_license == "LicenseRef-Commercial"


def test_the_order_of_the_organisation_goes_before_that_of_the_policy() -> None:
    component, release = a_component("MIT OR Zlib OR ISC"), a_release(main=an_inventory(a_component("MIT OR Zlib")))

    by_policy = evaluated_with([], component).release.components[0]
    preferring = evaluate(release, default_policy(), real_knowledge(), Decisions(preferred=("Zlib",)))

    assert by_policy.effective_license == "MIT"
    assert preferring.release.components[0].effective_license == "Zlib"
