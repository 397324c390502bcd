"""What a finding says, whom it asks, and by what it is recognised again."""

from dataclasses import replace

import pytest

from policy_eval.adapters.policy_files import default_policy
from policy_eval.domain.findings import identity_of, severity_of
from tests.support.builders import a_component, evaluated


def the_finding(component, **facts):
    (finding,) = evaluated(component, **facts).findings
    return finding


@pytest.mark.parametrize(
    ("verdict", "severity"),
    [
        ("allow", None),
        ("allow-with-conditions", "hint"),
        ("review-ospo", "error"),
        ("review-legal", "error"),
        ("deny", "error"),
    ],
)
def test_a_verdict_gives_its_severity_under_the_default_policy(verdict, severity):
    assert severity_of(verdict, "permissive", default_policy()) == severity


def test_a_policy_may_relax_a_review_to_a_warning_but_not_a_denial():
    relaxed = replace(default_policy(), blocks=frozenset({"unknown"}))

    assert severity_of("review-ospo", "permissive-conditional", relaxed) == "warning"
    assert severity_of("review-ospo", "unknown", relaxed) == "error"
    assert severity_of("review-legal", "proprietary", relaxed) == "error"
    assert severity_of("deny", "non-commercial", relaxed) == "error"


@pytest.mark.parametrize(
    ("expression", "route"),
    [
        ("MPL-2.0", "project"),
        ("Ruby", "ospo"),
        ("EUPL-1.2", "legal"),
        ("GPL-2.0-only", "legal"),
        ("NOASSERTION", "ospo"),
    ],
)
def test_a_finding_is_routed_to_those_who_may_answer_it(expression, route):
    assert the_finding(a_component(expression)).question.route == route


def test_a_finding_says_what_it_saw_and_what_to_do_next():
    question = the_finding(a_component("GPL-2.0-only")).question

    for seen in ("GPL-2.0-only", "strong-copyleft", "package", "proprietary-distributed", "denied"):
        assert seen in question.message
    for step in ("Replace", "process of its own", "commercial licence", "legal"):
        assert step in question.how_to_fix


def test_a_missing_license_is_told_apart_from_an_unreadable_one():
    assert "states no licence" in the_finding(a_component()).question.message
    assert "'Our own terms'" in the_finding(a_component("Our own terms")).question.message


def test_the_fingerprint_survives_a_new_version_and_another_order_of_operands():
    before = the_finding(a_component("Ruby OR Artistic-2.0", version="1.0.0"))
    after = the_finding(a_component("Artistic-2.0 OR Ruby", version="2.0.0"))

    assert before.fingerprint == after.fingerprint
    assert before.question.license != after.question.license


def test_the_fingerprint_regards_no_grouping_of_operands():
    flat = the_finding(a_component("NOASSERTION", "EPL-2.0 AND MPL-2.0 AND MIT"))
    nested = the_finding(a_component("NOASSERTION", "MIT AND ((EPL-2.0 AND MPL-2.0) OR AGPL-3.0-only)"))

    assert flat.fingerprint == nested.fingerprint


def test_the_fingerprint_survives_a_policy_that_is_more_lenient_about_severity():
    relaxed = replace(default_policy(), blocks=frozenset())
    strict, lenient = the_finding(a_component("Ruby")), the_finding(a_component("Ruby"), policy=relaxed)

    assert (strict.question.severity, lenient.question.severity) == ("error", "warning")
    assert strict.fingerprint == lenient.fingerprint


def test_the_fingerprint_is_another_for_another_component_license_or_rule():
    findings = [
        the_finding(a_component("Ruby")),
        the_finding(a_component("Ruby", name="right-pad")),
        the_finding(a_component("Artistic-2.0")),
        the_finding(a_component("NONE")),
    ]

    assert len({finding.fingerprint for finding in findings}) == 4


def test_the_fingerprint_of_today_is_the_one_that_waivers_were_given_for():
    assert the_finding(a_component("GPL-2.0-only")).fingerprint == (
        "5050a0cc900a924dddd3f89739076467705b551565a147701429589a7d9f7dc9"
    )


@pytest.mark.parametrize(
    ("facts", "identity"),
    [
        ({"purl": "pkg:npm/%40babel/core@7.1.0"}, "pkg:npm/%40babel/core"),
        ({"purl": "pkg:npm/@babel/core"}, "pkg:npm/%40babel/core"),
        ({"purl": "pkg:npm/@babel/core@7.1.0"}, "pkg:npm/%40babel/core"),
        ({"purl": "pkg:deb/debian/bash@5.2?distro=debian-12#usr"}, "pkg:deb/debian/bash"),
        ({"purl": "pkg:pypi/Zope_Interface@5"}, "pkg:pypi/zope-interface"),
        ({"purl": "no purl"}, "no purl"),
        ({"purl": None, "group": "org.example"}, "org.example/left-pad"),
        ({"purl": None}, "left-pad"),
    ],
)
def test_a_component_is_recognised_without_its_version(facts, identity):
    assert identity_of(a_component(**facts)) == identity
