"""An AND is settled by a confirmation, and what is not delivered is excluded; each leaves its step in the trace."""

from typing import Any

import pytest

from policy_eval.domain.evaluation import Evaluation
from tests.support.builders import a_component
from tests.support.decisions import a_decision, evaluated_with

_PURL = "pkg:npm/left-pad"


def _rules(evaluation: Evaluation) -> list[str]:
    return [each.question.rule for each in evaluation.findings]


def _steps(evaluation: Evaluation) -> list[str]:
    return [each.step for each in evaluation.parts[0].decisions[0].trace]


def test_several_licences_without_an_operator_are_flagged_until_somebody_confirms_them() -> None:
    confirmation = a_decision("confirmation", purl=_PURL, license="Zlib AND MIT")

    before = evaluated_with([], a_component("MIT", "Zlib"))
    after = evaluated_with([confirmation], a_component("MIT", "Zlib"))

    assert (_rules(before), _rules(after)) == (["license/and-unconfirmed"], [])
    assert after.release.components[0].license == "MIT AND Zlib"
    (step,) = [each for each in after.parts[0].decisions[0].trace if each.step == "confirmed"]
    assert (step.source, step.author) == (f"confirmation {confirmation.id}", "key:ann")


@pytest.mark.parametrize(
    ("confirmed", "stated"),
    [
        ({"purl": _PURL, "license": "MIT AND ISC"}, ("MIT", "Zlib")),
        ({"purl": _PURL, "license": "MIT AND Zlib"}, ("MIT", "Zlib", "ISC")),
        ({"purl": _PURL, "license": "MIT AND Zlib"}, ("MIT", "Zlib", "Some terms")),
        ({"purl": "pkg:npm/right-pad", "license": "MIT AND Zlib"}, ("MIT", "Zlib")),
        ({"purl": _PURL, "versions": "vers:npm/>=2.0.0", "license": "MIT AND Zlib"}, ("MIT", "Zlib")),
    ],
)
def test_a_confirmation_of_something_else_settles_nothing(confirmed: dict[str, Any], stated: tuple[str, ...]) -> None:
    evaluation = evaluated_with([a_decision("confirmation", **confirmed)], a_component(*stated))

    assert "license/and-unconfirmed" in _rules(evaluation)


def test_an_excluded_component_is_judged_as_not_shipped() -> None:
    exclusion = a_decision("exclusion", purl=_PURL, reason="build-tool", comment="only for the build")

    evaluation = evaluated_with([exclusion], a_component("GPL-3.0-only"))

    assert (evaluation.gate.verdict, evaluation.release.components[0].shipped) == ("pass", False)
    (step,) = [each for each in evaluation.parts[0].decisions[0].trace if each.step == "excluded"]
    assert (step.source, step.saw) == (
        f"exclusion {exclusion.id}",
        "no part of what is delivered: build-tool: only for the build",
    )


def test_an_excluded_licence_leaves_the_others() -> None:
    exclusion = a_decision("exclusion", purl=_PURL, license="GPL-3.0-only", reason="test")

    evaluation = evaluated_with([exclusion], a_component("MIT AND GPL-3.0-only AND Zlib"))

    (component,) = evaluation.release.components
    assert (component.license, component.effective_license) == ("MIT AND GPL-3.0-only AND Zlib", "MIT AND Zlib")
    assert (component.shipped, evaluation.gate.verdict, component.chosen_from) == (True, "pass", None)


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "MIT OR GPL-3.0-only", "MIT"])
def test_an_exclusion_of_what_is_no_operand_is_not_applied_and_says_so(licence: str) -> None:
    exclusion = a_decision("exclusion", purl=_PURL, license="GPL-3.0-only", reason="test")

    with_it, without = (evaluated_with(each, a_component(licence)) for each in ([exclusion], []))

    assert "license/exclusion-outdated" in _rules(with_it)
    assert with_it.release.components[0].effective_license == without.release.components[0].effective_license
    assert with_it.release.components[0].verdict == without.release.components[0].verdict


def test_the_steps_are_mapped_curated_confirmed_excluded_and_chosen_in_this_order() -> None:
    decisions = [
        a_decision("license-choice", license="MIT OR ISC", chosen="ISC"),
        a_decision("exclusion", purl=_PURL, license="GPL-3.0-only", reason="test"),
        a_decision("confirmation", purl=_PURL, license="GPL-3.0-only AND (MIT OR ISC)"),
    ]
    stated = a_component("GPL-3.0-only", "MIT OR ISC")
    curation = a_decision("curation", purl=_PURL, license="GPL-3.0-only AND (MIT OR ISC)")

    confirmed, curated = (evaluated_with(each, stated) for each in (decisions, [*decisions, curation]))

    assert _steps(confirmed)[4:7] == ["confirmed", "excluded", "chosen"]
    assert _steps(curated)[4:7] == ["curated", "excluded", "chosen"]
    assert confirmed.release.components[0].effective_license == "ISC"
