"""From decided components to obligations: by licence family and context, choices, exceptions, and who causes what."""

from random import Random

import pytest

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain.derive import Obligation, derive
from obligations.domain.duties import duties_of
from obligations.domain.triggers import Usage
from shared.contracts.decisions import DecidedComponent, DecidedRelease, OwnContext
from shared.licensing import parse
from tests.support.decided import a_component, a_context, a_release

CATALOGUE = load_obligation_catalogue()


def obligations_of(*components: DecidedComponent, release: DecidedRelease | None = None) -> list[Obligation]:
    return derive(release or a_release(*components), CATALOGUE)


def ids(found: list[Obligation]) -> set[str]:
    return {each.obligation for each in found}


BINARY, NETWORK, SOURCE = a_context("binary"), a_context("network"), a_context("source")
DEVICE = a_context("binary", user_product=True, medium="physical")
TEXT = {"license-text", "copyright-notices", "disclaimer"}


@pytest.mark.parametrize(
    ("license_expression", "context", "linkage", "modified", "expected"),
    [
        ("MIT", BINARY, "package", False, TEXT),
        ("MIT", NETWORK, "package", False, set()),
        ("BSD-3-Clause", NETWORK, "package", False, {"no-endorsement"}),
        ("0BSD", SOURCE, "copied", True, set()),
        ("CC0-1.0", SOURCE, "copied", True, set()),
        ("Zlib", BINARY, "static", True, {"no-misrepresentation"}),
        ("BSL-1.0", BINARY, "static", False, set()),
        ("BSL-1.0", SOURCE, "static", False, TEXT),
        ("PSF-2.0", BINARY, "package", True, {"license-text", "copyright-notices", "change-summary", "no-trademark"}),
        (
            "Apache-2.0",
            BINARY,
            "package",
            False,
            {"license-text", "no-trademark", "patent-termination", "indemnify-contributors"},
        ),
        (
            "MPL-2.0",
            BINARY,
            "package",
            False,
            {
                "source-location",
                "copyleft-file",
                "no-further-restrictions",
                "no-trademark",
                "patent-termination",
                "indemnify-contributors",
            },
        ),
        (
            "LGPL-2.1-only",
            BINARY,
            "dynamic",
            False,
            {
                *TEXT,
                "library-use-notice",
                "source-with-binary",
                "written-offer",
                "reverse-engineering",
                "ui-legal-notices",
                "no-further-restrictions",
            },
        ),
        ("LGPL-2.1-only", BINARY, "separate", False, {*TEXT, "source-with-binary", "no-further-restrictions"}),
        (
            "GPL-2.0-only",
            BINARY,
            "separate",
            False,
            {*TEXT, "source-with-binary", "written-offer", "no-further-restrictions"},
        ),
        (
            "GPL-3.0-only",
            BINARY,
            "dynamic",
            False,
            {
                *TEXT,
                "source-with-binary",
                "copyleft-work",
                "no-further-restrictions",
                "no-technical-measures",
                "patent-termination",
            },
        ),
        (
            "GPL-3.0-only",
            DEVICE,
            "separate",
            False,
            {
                *TEXT,
                "source-with-binary",
                "written-offer",
                "installation-information",
                "no-further-restrictions",
                "no-technical-measures",
                "patent-termination",
            },
        ),
        (
            "AGPL-3.0-only",
            NETWORK,
            "separate",
            False,
            {"no-further-restrictions", "no-technical-measures", "patent-termination"},
        ),
        (
            "AGPL-3.0-only",
            NETWORK,
            "dynamic",
            False,
            {
                "network-source",
                "copyleft-network",
                "no-further-restrictions",
                "no-technical-measures",
                "patent-termination",
            },
        ),
        (
            "OFL-1.1",
            BINARY,
            "separate",
            False,
            {"license-text", "copyright-notices", "no-standalone-sale", "no-endorsement", "share-alike-content"},
        ),
        (
            "CC-BY-4.0",
            NETWORK,
            "separate",
            False,
            {
                "cc-attribution",
                "license-reference",
                "no-technical-measures",
                "no-endorsement",
                "no-further-restrictions",
            },
        ),
    ],
)
def test_a_licence_brings_the_duties_of_its_context(
    license_expression: str, context: object, linkage: object, modified: bool, expected: set[str]
) -> None:
    component = a_component(license_expression, linkage=linkage, modified=modified)

    assert ids(obligations_of(release=a_release(component, context=context))) == expected


def test_static_linking_brings_relinking_with_the_lgpl_and_dynamic_linking_does_not() -> None:
    static = obligations_of(a_component("LGPL-3.0-or-later", linkage="static"))
    dynamic = obligations_of(a_component("LGPL-3.0-or-later", linkage="dynamic"))

    assert ids(static) - ids(dynamic) == {"relinking"}


def test_commercial_indemnity_of_the_epl_is_not_due_outside_commerce() -> None:
    component = a_component("EPL-2.0")

    assert "indemnify-contributors" in ids(obligations_of(component))
    assert "indemnify-contributors" not in ids(
        obligations_of(release=a_release(component, context=a_context(commercial=False)))
    )


def test_the_information_duty_of_the_eupl_is_about_electronic_channels() -> None:
    component = a_component("EUPL-1.2", linkage="separate")

    on_paper = obligations_of(release=a_release(component, context=a_context(medium="physical")))

    assert "licence-information-public" in ids(obligations_of(component))
    assert "licence-information-public" not in ids(on_paper)


def test_an_obligation_stands_once_with_all_components_that_cause_it() -> None:
    found = obligations_of(
        a_component("MIT", name="zod"),
        a_component("MIT AND Apache-2.0", name="axios", linkage="static"),
        a_component("ISC", name="glob"),
    )

    [text] = [each for each in found if (each.obligation, each.license) == ("license-text", "MIT")]
    assert [each.name for each in text.components] == ["axios", "zod"]
    assert text.clause == "para 2"
    assert text.trigger == "binary"
    assert text.kind == "active"


def test_the_branch_not_taken_brings_no_duty() -> None:
    found = obligations_of(a_component("MIT", chosen_from="MIT OR GPL-3.0-only", license="MIT OR GPL-3.0-only"))

    assert {each.license for each in found} == {"MIT"}


def test_duties_of_an_open_choice_are_refused() -> None:
    with pytest.raises(ValueError, match="branch must be chosen"):
        duties_of(parse("MIT AND (ISC OR Zlib)"), Usage(frozenset(("binary",))), CATALOGUE)


@pytest.mark.parametrize("effective", [None, "MIT OR ISC"])
def test_a_licence_not_known_or_not_chosen_is_asked_for(effective: str | None) -> None:
    found = obligations_of(a_component(effective, name="one"), a_component(None, name="two"))

    assert [(each.obligation, each.license, each.kind) for each in found] == [("resolve-license", None, "active")]
    assert [each.name for each in found[0].components] == ["one", "two"]


def test_an_element_that_is_no_software_and_claims_no_licence_is_not_asked_about() -> None:
    assert obligations_of(a_component(None, type="operating-system")) == []
    assert ids(obligations_of(a_component(None, type="operating-system", declared=["odd"]))) == {"resolve-license"}


@pytest.mark.parametrize("license_expression", ["LicenseRef-vendor", "Frameworx-1.0"])
def test_a_licence_without_an_analysis_is_visible(license_expression: str) -> None:
    found = obligations_of(a_component(license_expression))

    assert [(each.obligation, each.license, each.kind) for each in found] == [
        ("analyse-license", license_expression, "active")
    ]


def test_a_pair_without_an_analysis_keeps_all_duties_of_the_licence_and_is_visible() -> None:
    pair = obligations_of(a_component("GPL-2.0-only WITH 389-exception", linkage="dynamic"))
    bare = obligations_of(a_component("GPL-2.0-only", linkage="dynamic"))

    assert ids(pair) == {*ids(bare), "analyse-license"}
    assert {each.license for each in pair} == {"GPL-2.0-only WITH 389-exception"}


@pytest.mark.parametrize("linkage", ["static", "dynamic", "package"])
def test_the_classpath_exception_lifts_copyleft_from_linked_modules_and_nothing_else(linkage: str) -> None:
    bare = obligations_of(a_component("GPL-2.0-only", linkage=linkage))
    pair = obligations_of(a_component("GPL-2.0-only WITH Classpath-exception-2.0", linkage=linkage))

    assert ids(bare) - ids(pair) == {"copyleft-work"}
    assert {each.scope for each in pair if each.obligation == "source-with-binary"} == {"library"}


@pytest.mark.parametrize("linkage", ["copied", None])
def test_the_classpath_exception_does_not_reach_code_that_is_or_may_be_mingled(linkage: str | None) -> None:
    pair = obligations_of(a_component("GPL-2.0-only WITH Classpath-exception-2.0", linkage=linkage))

    assert "copyleft-work" in ids(pair)


def test_a_modified_library_stays_under_its_licence_despite_the_classpath_exception() -> None:
    pair = a_component("GPL-2.0-only WITH Classpath-exception-2.0", linkage="dynamic", modified=True)

    assert "copyleft-library" in ids(obligations_of(pair))


def test_what_the_compiler_leaves_in_the_product_is_free_of_source_duties_by_the_gcc_exception() -> None:
    expression = parse("GPL-3.0-or-later WITH GCC-exception-3.1")
    whole = duties_of(expression, Usage(frozenset(("binary",)), linkage="static"), CATALOGUE)
    output = duties_of(expression, Usage(frozenset(("binary",)), linkage="static", use="output"), CATALOGUE)

    assert {each.obligation for each in whole} - {each.obligation for each in output} == {"source-with-binary"}
    assert "copyleft-work" not in {each.obligation for each in whole}
    assert {each.obligation for each in output} >= TEXT


def test_the_llvm_exception_waives_notices_for_embedded_portions_in_binaries_only() -> None:
    expression = parse("Apache-2.0 WITH LLVM-exception")
    in_binary = duties_of(expression, Usage(frozenset(("binary",)), use="output"), CATALOGUE)
    with_source = duties_of(expression, Usage(frozenset(("binary", "source")), use="output"), CATALOGUE)

    assert not {"license-text", "notice-file"} & {each.obligation for each in in_binary}
    assert [each.trigger for each in with_source if each.obligation == "license-text"] == ["source"]


def test_user_programs_that_only_call_the_kernel_owe_it_no_source() -> None:
    expression = parse("GPL-2.0-only WITH Linux-syscall-note")
    kernel = duties_of(expression, Usage(frozenset(("binary",)), linkage="static"), CATALOGUE)
    program = duties_of(expression, Usage(frozenset(("binary",)), linkage="static", use="interface"), CATALOGUE)

    lifted = {each.obligation for each in kernel} - {each.obligation for each in program}
    assert lifted == {"copyleft-work", "source-with-binary", "written-offer"}


@pytest.mark.parametrize(
    ("license_expression", "obligation", "scope"),
    [
        ("MPL-2.0", "source-location", "files"),
        ("MPL-2.0", "no-trademark", None),
        ("EPL-2.0", "source-location", "component"),
        ("LGPL-2.1-only", "source-with-binary", "library"),
        ("GPL-2.0-only", "copyleft-work", "whole-work"),
        ("AGPL-3.0-only", "source-with-binary", "whole-work"),
        ("EUPL-1.2", "source-location", "whole-work"),
        ("MIT", "license-text", None),
    ],
)
def test_a_duty_to_give_source_or_keep_the_licence_reaches_as_far_as_the_category(
    license_expression: str, obligation: str, scope: str | None
) -> None:
    found = obligations_of(a_component(license_expression, linkage="dynamic"))

    assert {each.scope for each in found if each.obligation == obligation} == {scope}


def test_publishing_the_service_is_about_the_whole_stack() -> None:
    found = obligations_of(release=a_release(a_component("SSPL-1.0"), context=NETWORK))

    assert {each.scope for each in found if each.obligation == "service-source"} == {"service-stack"}


def test_a_written_offer_is_named_as_the_alternative_that_it_is() -> None:
    found = obligations_of(a_component("GPL-2.0-only"))

    alternatives = {each.obligation: each.alternative_to for each in found if each.alternative_to}
    assert alternatives == {"written-offer": "source-with-binary"}


def test_keys_are_distinct_and_stay_the_same_in_another_release() -> None:
    first = obligations_of(a_component("GPL-3.0-only"), a_component("MIT"))
    other = obligations_of(
        release=a_release(a_component("MIT", name="x"), project="other", context=a_context("source"))
    )

    assert len({each.key for each in first}) == len(first)
    assert {each.key for each in other} < {each.key for each in first}


def test_the_order_of_components_does_not_matter() -> None:
    licenses = ("MIT", "Apache-2.0", "GPL-2.0-only", None, "LicenseRef-x", "MIT AND ISC")
    components = [a_component(each, name=f"c{number}") for number, each in enumerate(licenses * 3)]
    shuffled = components.copy()
    Random(7).shuffle(shuffled)

    assert obligations_of(*components) == obligations_of(*shuffled)


def test_the_delivery_of_a_component_brings_its_own_duties_and_none_to_others() -> None:
    own = OwnContext(delivery=("network",))
    served, sent = a_component("MIT", name="served", own_context=own), a_component("MIT", name="sent")

    found = obligations_of(served, sent)

    assert ids(found) == TEXT
    assert {each.name for obligation in found for each in obligation.components} == {"sent"}
    assert obligations_of(served) == []


def test_components_that_are_delivered_in_other_ways_share_an_obligation_that_tells_all_its_causes() -> None:
    own = OwnContext(delivery=("network",))
    served = a_component("AGPL-3.0-only", name="served", linkage="static", own_context=own)
    sent = a_component("AGPL-3.0-only", name="sent", linkage="static")

    found = obligations_of(served, sent)

    [copyleft] = [each for each in found if each.obligation == "copyleft-network"]
    assert copyleft.trigger == "binary, network; linkage copied, static, dynamic, package"
    assert [each.name for each in copyleft.components] == ["sent", "served"]
    assert len({each.key for each in found}) == len(found)
    assert obligations_of(sent, served) == found


def test_a_component_that_turns_out_to_be_modified_is_a_new_fact_of_the_duties_about_changes_alone() -> None:
    unknown, known = (obligations_of(a_component("Apache-2.0", modified=modified)) for modified in (None, True))

    facts = {each.key: each.facts for each in unknown}
    assert [each.obligation for each in known if facts[each.key] != each.facts] == ["modification-notices"]


@pytest.mark.parametrize(
    ("license_expression", "obligation", "ruled_out"),
    [
        ("BSD-4-Clause", "advertising-acknowledgement", {"advertising": False}),
        ("LGPL-3.0-only", "ui-legal-notices", {"interactive_ui": False}),
    ],
)
def test_advertising_and_interactive_programs_that_are_ruled_out_spare_their_duty_and_no_other(
    license_expression: str, obligation: str, ruled_out: dict[str, bool]
) -> None:
    told = dict.fromkeys(ruled_out, True)
    before = ids(obligations_of(a_component(license_expression)))

    of_component = ids(obligations_of(a_component(license_expression, own_context=OwnContext(**ruled_out))))
    of_release = ids(obligations_of(release=a_release(a_component(license_expression), context=a_context(**ruled_out))))
    back = a_component(license_expression, own_context=OwnContext(**told))

    assert before - of_component == before - of_release == {obligation}
    assert ids(obligations_of(release=a_release(back, context=a_context(**ruled_out)))) == before
