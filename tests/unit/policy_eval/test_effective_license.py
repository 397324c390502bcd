"""Which of a document's statements count, and what they come to (domain model §3.3)."""

import hashlib

from policy_eval.domain.mapping import LicenseMapper
from shared.contracts.inventory import ExtractedLicense
from shared.licensing import load_catalogue
from shared.licensing.normalise import normalise
from tests.support.builders import a_claim, a_component, evaluated


def decided(*claims, **facts):
    return evaluated(a_component(*claims), **facts).release.components[0]


def stored(text):
    return {hashlib.sha256(text.encode()).hexdigest(): text}


def test_a_concluded_license_goes_before_a_declared_and_a_declared_before_an_observed_one():
    component = decided(
        a_claim("GPL-2.0-only", "observed"), a_claim("Apache-2.0", "declared"), a_claim("MIT", "concluded")
    )

    assert (component.effective_license, component.license_source) == ("MIT", "concluded")
    assert component.declared == ["Apache-2.0"]


def test_noassertion_never_overrides_a_license():
    component = decided(a_claim("NOASSERTION", "concluded"), a_claim("MIT", "declared"))

    assert (component.effective_license, component.license_source) == ("MIT", "declared")


def test_none_overrides_a_license_and_alarms():
    evaluation = evaluated(a_component(a_claim("NONE", "concluded"), a_claim("MIT", "declared")))

    assert evaluation.release.components[0].category == "none-found"
    assert evaluation.release.components[0].effective_license is None
    assert evaluation.findings[0].question.route == "legal"


def test_a_license_named_none_is_no_spdx_none():
    assert decided(a_claim("none", kind="name")).category != "none-found"


def test_several_licenses_without_an_operator_all_apply_and_ask_to_be_confirmed():
    evaluation = evaluated(a_component("MIT", "GPL-2.0-only"))

    assert evaluation.release.components[0].license == "GPL-2.0-only AND MIT"
    assert [finding.question.rule for finding in evaluation.findings] == [
        "license/strong-copyleft",
        "license/and-unconfirmed",
    ]


def test_the_same_license_stated_twice_needs_no_confirmation():
    evaluation = evaluated(a_component("MIT", a_claim("The MIT License", kind="name")))

    assert evaluation.release.components[0].license == "MIT"
    assert evaluation.findings == ()


def test_a_known_license_beside_an_unreadable_one_still_counts_for_the_verdict():
    component = decided("GPL-2.0-only", a_claim("Our own terms", kind="name"))

    assert component.verdict == "deny"
    assert (component.license, component.effective_license) == (None, None)


def test_an_unreadable_license_name_stays_unknown_with_its_own_words_in_the_finding():
    evaluation = evaluated(a_component(a_claim("Our own terms", kind="name")))

    assert evaluation.release.components[0].category == "unknown"
    assert evaluation.findings[0].question.license == "Our own terms"


def test_a_name_that_several_licenses_go_by_is_ambiguous():
    assert decided(a_claim("BSD", kind="name")).category == "ambiguous"


def test_a_text_tells_what_a_name_does_not():
    text = load_catalogue().text("Zlib")
    (key,) = stored(text)
    component = decided(a_claim("LICENSE.txt", kind="name", text=key), texts=stored(text))

    assert component.effective_license == "Zlib"
    assert [(each.text, each.license) for each in component.texts] == [(key, "Zlib")]


def test_a_text_that_several_licenses_go_by_says_more_than_a_name_that_is_none():
    (key,) = stored("BSD")

    assert (
        decided(a_claim("declared license of 'a'", kind="name", text=key), texts=stored("BSD")).category == "ambiguous"
    )


def test_the_documents_own_license_is_known_by_its_text():
    text = load_catalogue().text("Zlib")
    (key,) = stored(text)
    extracted = [ExtractedLicense("LicenseRef-17", name="something else", text=key)]
    component = decided("MIT AND LicenseRef-17", texts=stored(text), extracted_licenses=extracted)

    assert component.license == "MIT AND Zlib"
    assert component.texts[0].license == "Zlib"


def test_a_text_of_the_document_is_read_once_for_all_components():
    read = []
    claims = [[a_claim(f"LicenseRef-1 AND LicenseRef-x{number}", text="own")] for number in range(20)]
    mapper = LicenseMapper(
        {"t": "Some terms.", "own": "Other terms."},
        [ExtractedLicense("LicenseRef-1", text="t"), ExtractedLicense("LicenseRef-2", name="Nobody's")],
        lambda value: read.append(value) or normalise(value),
    )

    for each in claims:
        mapper.map(each)
        mapper.texts_of(each[0])

    assert read.count("Some terms.") == 1
    assert read.count("Other terms.") <= 1


def test_a_text_that_a_license_names_again_and_again_travels_once():
    extracted = [ExtractedLicense("LicenseRef-1", text="t")]
    component = decided("LicenseRef-1 AND MIT AND LicenseRef-1", texts={"t": "Terms."}, extracted_licenses=extracted)

    assert [each.text for each in component.texts] == ["t"]


def test_the_name_of_the_documents_own_license_counts_only_where_it_has_no_text():
    named = [ExtractedLicense("LicenseRef-18", name="Apache License, Version 2.0")]
    with_text = [ExtractedLicense("LicenseRef-18", name="Apache License, Version 2.0", text="key")]

    assert decided("LicenseRef-18", extracted_licenses=named).effective_license == "Apache-2.0"
    other = decided("LicenseRef-18", extracted_licenses=with_text, texts={"key": "All rights reserved."})
    assert (other.effective_license, other.category) == ("LicenseRef-18", "unknown")


def test_the_texts_of_a_component_travel_with_the_decision():
    component = a_component(a_claim("MIT", text="one"), notices=["two"])

    release = evaluated(component, texts={"one": "Permission …", "two": "This product …", "three": "unused"}).release

    assert release.texts == {"one": "Permission …", "two": "This product …"}


def test_a_decision_names_every_step_from_the_statement_to_the_verdict():
    evaluation = evaluated(a_component("MIT OR GPL-2.0-only"))

    trace = evaluation.parts[0].decisions[0].trace

    assert [step.step for step in trace] == ["declared", "mapped", "chosen", "category", "rule", "verdict"]
    assert trace[0].saw == "declared: MIT OR GPL-2.0-only"
    assert trace[2].saw == "MIT of MIT OR GPL-2.0-only"
    assert (trace[4].source, trace[4].version) == ("policy default", "1")


def test_a_license_that_only_another_catalogue_classifies_is_confirmed_before_delivery_alone():
    delivered = evaluated(a_component("OLDAP-2.3"))
    hosted = evaluated(a_component("OLDAP-2.3"), "internal-saas")

    assert delivered.findings[0].question.rule == "license/not-analysed"
    assert hosted.findings == ()


def test_a_permissive_license_that_nobody_approved_is_reviewed():
    evaluation = evaluated(a_component("Abstyles"), "internal-saas")

    assert [finding.question.rule for finding in evaluation.findings] == ["license/not-open-source"]


def test_equal_facts_are_decided_once():
    components = [a_component("MIT OR Apache-2.0", name=f"package-{number}") for number in range(50)]

    decisions = evaluated(components).parts[0].decisions

    assert len({id(decision) for decision in decisions}) == 1


def test_an_ambiguous_license_means_the_one_that_another_statement_of_the_component_names():
    classifier = a_claim("License :: OSI Approved :: BSD License", kind="name")
    evaluation = evaluated(a_component("BSD-3-Clause", classifier))

    assert evaluation.release.components[0].effective_license == "BSD-3-Clause"
    assert evaluation.findings == ()


def test_an_ambiguous_license_stays_one_beside_a_license_that_it_cannot_mean():
    classifier = a_claim("License :: OSI Approved :: Apache Software License", kind="name")

    assert decided(a_claim("MIT"), classifier).category == "ambiguous"


def test_an_ambiguous_license_stays_one_where_two_statements_could_answer_it():
    component = decided(a_claim("BSD-2-Clause"), a_claim("BSD-3-Clause"), a_claim("BSD", kind="name"))

    assert component.category == "ambiguous"
