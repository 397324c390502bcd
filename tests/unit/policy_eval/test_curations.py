"""A curation puts the licence that a reviewer found in place of what the document says."""

import sys
from types import FrameType

import msgspec
import pytest

from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.domain.curation_conflicts import contradict
from policy_eval.domain.decision_records import CurationBody
from tests.support.builders import a_component
from tests.support.decisions import a_decision, evaluated_with


def _curation(purl: str = "pkg:npm/left-pad", license_: str = "MIT", **more: object) -> CurationBody:
    return msgspec.convert({"purl": purl, "license": license_, "reason": "seen", **more}, CurationBody)


def test_a_curated_licence_counts_and_the_trace_names_who_found_it() -> None:
    curation = a_decision("curation", purl="pkg:npm/left-pad", license="MIT")

    evaluation = evaluated_with([curation], a_component("GPL-3.0-only"))

    (component,) = evaluation.release.components
    assert (component.license, component.license_source, component.verdict) == ("MIT", "curation", "allow")
    assert component.declared == ["GPL-3.0-only"]
    (step,) = [each for each in evaluation.parts[0].decisions[0].trace if each.step == "curated"]
    assert (step.source, step.author) == (f"curation {curation.id}", "key:ann")
    assert evaluation.findings == ()


@pytest.mark.parametrize(
    ("about", "applies"),
    [
        ({"purl": "pkg:npm/left-pad@1.3.0"}, True),
        ({"purl": "pkg:npm/left-pad@1.3.1"}, False),
        ({"purl": "pkg:npm/right-pad"}, False),
        ({"purl": "pkg:npm/left-pad", "versions": "vers:npm/>=1.0.0|<2.0.0"}, True),
        ({"purl": "pkg:npm/left-pad", "versions": "vers:npm/>=2.0.0"}, False),
        ({"purl": "pkg:npm/left-pad", "declared": "GPL-3.0-only"}, True),
        ({"purl": "pkg:npm/left-pad", "declared": ["GPL-3.0-only"]}, True),
    ],
)
def test_a_curation_is_about_its_package_its_versions_and_what_was_declared(
    about: dict[str, object], applies: bool
) -> None:
    evaluation = evaluated_with([a_decision("curation", license="MIT", **about)], a_component("GPL-3.0-only"))

    assert (evaluation.release.components[0].license == "MIT") is applies


def test_a_curation_for_another_statement_does_not_apply_and_says_so() -> None:
    curation = a_decision("curation", purl="pkg:npm/left-pad", license="Zlib", declared=["BSD"])

    evaluation = evaluated_with([curation], a_component("MIT"))

    (found,) = evaluation.findings
    assert (found.question.rule, found.question.severity) == ("license/curation-outdated", "warning")
    assert curation.id in found.question.message
    assert evaluation.release.components[0].license == "MIT"


def test_curations_that_contradict_each_other_are_not_applied_and_both_are_named() -> None:
    one = a_decision("curation", purl="pkg:npm/left-pad", versions="vers:npm/<2.0.0", license="Zlib")
    other = a_decision("curation", purl="pkg:npm/left-pad", versions="vers:npm/>1.0.0", license="ISC")

    evaluation = evaluated_with([one, other], a_component("MIT"))

    (found,) = evaluation.findings
    assert (found.question.rule, found.question.severity) == ("license/curation-conflict", "error")
    assert one.id in found.question.message
    assert other.id in found.question.message
    assert evaluation.gate.verdict == "fail"


def test_curations_that_agree_are_one() -> None:
    one = a_decision("curation", purl="pkg:npm/left-pad", license="MIT OR Zlib")
    other = a_decision("curation", purl="pkg:npm/left-pad@1.3.0", license="Zlib OR MIT")

    assert evaluated_with([one, other], a_component("NONE")).findings == ()


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        (_curation(), _curation(license_="Zlib"), True),
        (_curation(), _curation(), False),
        (_curation(), _curation("pkg:npm/left-pad@1.0.0", "Zlib"), True),
        (_curation("pkg:npm/left-pad@1.0.0"), _curation("pkg:npm/left-pad@2.0.0", "Zlib"), False),
        (_curation(versions="vers:npm/<2.0.0"), _curation("pkg:npm/left-pad@1.0.0", "Zlib"), True),
        (_curation(versions="vers:npm/<2.0.0"), _curation("pkg:npm/left-pad@2.0.0", "Zlib"), False),
        (_curation(versions="vers:npm/<2.0.0"), _curation(license_="Zlib", versions="vers:npm/<2.0.0"), True),
        (_curation(versions="vers:npm/<2.0.0"), _curation(license_="Zlib", versions="vers:npm/>1.0.0"), False),
        (_curation(versions="vers:npm/<2.0.0"), _curation(license_="Zlib"), True),
        (_curation(declared=["A"]), _curation(license_="Zlib", declared=["B"]), False),
        (_curation(declared=["A"]), _curation(license_="Zlib", declared="A"), True),
    ],
)
def test_a_contradiction_is_refused_where_it_is_certain(one: CurationBody, other: CurationBody, certain: bool) -> None:
    assert contradict(one, other, read_version_range) is certain
    assert contradict(other, one, read_version_range) is certain


def test_thousands_of_curations_of_thousands_of_components_are_found_one_by_one() -> None:
    few, many = _calls_for(200), _calls_for(2_000)

    assert many < 15 * few  # every curation against every component would be a hundred times as many


def _calls_for(count: int) -> int:
    """How many functions are called to evaluate so many components, each with a curation of its own."""
    components = [a_component("NOASSERTION", name=f"package-{number}") for number in range(count)]
    curations = [a_decision("curation", purl=f"pkg:npm/package-{number}", license="MIT") for number in range(count)]
    calls = 0

    def count_call(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count_call)
    try:
        evaluation = evaluated_with(curations, *components)
    finally:
        sys.setprofile(None)
    assert {each.license for each in evaluation.release.components} == {"MIT"}
    return calls


def test_a_mapping_says_what_single_declared_strings_mean() -> None:
    mapping = a_decision(
        "curation", purl="pkg:npm/left-pad", mapping={"Our terms": "MIT", "Copyright Somebody": "NONE"}
    )

    evaluation = evaluated_with([mapping], a_component("Our  terms", "Copyright Somebody", "Zlib"))

    (component,) = evaluation.release.components
    assert (component.license, component.license_source) == ("MIT AND Zlib", "declared")
    steps = [each for each in evaluation.parts[0].decisions[0].trace if each.source == f"curation {mapping.id}"]
    assert [each.step for each in steps] == ["mapped", "mapped"]


def test_a_mapping_of_all_that_is_declared_to_nothing_leaves_no_licence() -> None:
    mapping = a_decision("curation", purl="pkg:npm/left-pad", mapping={"Copyright Somebody": "NONE"})

    evaluation = evaluated_with([mapping], a_component("Copyright Somebody"))

    assert (evaluation.release.components[0].license, evaluation.gate.verdict) == (None, "fail")


def test_mappings_that_contradict_each_other_are_not_applied_and_named() -> None:
    mappings = [
        a_decision("curation", purl="pkg:npm/left-pad", mapping={"Our terms": each}) for each in ("MIT", "Zlib")
    ]

    evaluation = evaluated_with(mappings, a_component("Our terms"))

    (found,) = [each for each in evaluation.findings if each.question.rule == "license/curation-conflict"]
    assert all(each.id in found.question.message for each in mappings)
    assert evaluation.release.components[0].license is None


def test_a_curation_of_the_package_goes_before_a_mapping_of_its_strings() -> None:
    mapping = a_decision("curation", purl="pkg:npm/left-pad", mapping={"Our terms": "MIT"})
    curation = a_decision("curation", purl="pkg:npm/left-pad", license="ISC")

    evaluation = evaluated_with([mapping, curation], a_component("Our terms"))

    assert evaluation.release.components[0].license == "ISC"


@pytest.mark.parametrize(("license_", "category"), [("LicenseRef-ours", "permissive"), ("MIT", "strong-copyleft")])
def test_an_organisation_puts_a_licence_in_a_category_of_its_own(license_: str, category: str) -> None:
    classification = a_decision("license-classification", license=license_, category=category)

    evaluation = evaluated_with([classification], a_component(license_))

    assert evaluation.release.components[0].category == category
    (step,) = [each for each in evaluation.parts[0].decisions[0].trace if each.step == "category"]
    assert (step.source, step.author) == (f"license-classification {classification.id}", "key:ann")
    assert evaluation.gate.verdict == ("pass" if category == "permissive" else "fail")
