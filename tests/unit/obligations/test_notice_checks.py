"""The fifteen checks of a NOTICE: what they see, and that each can fail."""

from dataclasses import replace
from typing import Any

import pytest

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain.compile_notice import CheckedNotice, compile_checked, shipped_groups
from obligations.domain.notice import Notice, Organization, SourceOffer
from obligations.domain.notice_checks import Check, check_notice
from shared.contracts.decisions import ComponentText, DecidedComponent, DecidedRelease
from tests.support.decided import a_component, a_context, a_release

CATALOGUE = load_obligation_catalogue()


def checked(*components: DecidedComponent, **facts: Any) -> CheckedNotice:
    release = a_release(*components, **facts)
    return compile_checked(release, shipped_groups(release, CATALOGUE), CATALOGUE, Organization(), "Licet")


def results(checks: tuple[Check, ...]) -> dict[int, str]:
    return {each.number: each.result for each in checks}


def test_there_are_fifteen_each_with_what_it_saw() -> None:
    found = checked(a_component("MIT"))

    assert [each.number for each in found.checks] == list(range(1, 16))
    assert all(each.title and each.saw for each in found.checks)
    assert set(results(found.checks).values()) <= {"passed", "not-checked"}
    assert found.notice.status == "final"


@pytest.mark.parametrize(
    ("component", "number"),
    [
        (a_component("curl"), 2),
        (a_component("MIT", copyright=[]), 4),
        (a_component("Apache-2.0", notice_status=None), 6),
        (a_component("MIT OR Zlib"), 7),
        (a_component("MPL-2.0", source_url=None), 11),
        (a_component("MPL-2.0", source_url="ask us"), 11),
        (a_component("Entessa AND BSD-4.3TAHOE"), 12),
        (a_component(None), 14),
        (a_component("MIT", verdict="deny"), 14),
    ],
)
def test_what_is_missing_in_the_release_fails_its_check_and_keeps_the_document_a_draft(
    component: DecidedComponent, number: int
) -> None:
    found = checked(component)

    assert results(found.checks)[number] == "failed"
    assert found.notice.status == "draft"


@pytest.mark.parametrize(
    ("number", "spoil"),
    [
        (1, lambda notice: replace(notice, components=notice.components[:-1])),
        (1, lambda notice: replace(notice, components=notice.components * 2)),
        (3, lambda notice: replace(notice, texts=tuple(replace(each, text="(c) <year> x") for each in notice.texts))),
        (5, lambda notice: replace(notice, components=tuple(shortened(each) for each in notice.components))),
        (8, lambda notice: replace(notice, components=tuple(without_texts(each) for each in notice.components))),
        (9, lambda notice: replace(notice, components=tuple(without_texts(each) for each in notice.components))),
    ],
)
def test_a_document_that_does_not_say_what_it_should_is_noticed(number: int, spoil: Any) -> None:
    release = a_release(
        a_component("MIT AND ISC", name="a"),
        a_component("GPL-2.0-only WITH Classpath-exception-2.0", name="b", linkage="dynamic"),
        a_component("curl", name="c"),  # whose text is missing and told: it covers up for no other
    )
    groups = shipped_groups(release, CATALOGUE)
    good: Notice = compile_checked(release, groups, CATALOGUE, Organization(), "Licet").notice

    assert results(check_notice(release, good, groups, CATALOGUE.licenses))[number] == "passed"
    assert results(check_notice(release, spoil(good), groups, CATALOGUE.licenses))[number] == "failed"


def test_a_text_that_is_not_that_of_the_archive_or_the_component_is_noticed() -> None:
    own = ComponentText("own", "MIT")
    release = a_release(
        a_component("MIT", name="a", texts=[own]), a_component("LGPL-3.0-only", name="b"), texts={"own": "Take it."}
    )
    groups = shipped_groups(release, CATALOGUE)
    good = compile_checked(release, groups, CATALOGUE, Organization(), "Licet").notice
    assert {each.source for each in good.texts} == {"component", "catalogue", "catalogue-without-holder"}

    for place, text in enumerate(good.texts):
        texts = (*good.texts[:place], replace(text, text=f"{text.text} "), *good.texts[place + 1 :])
        check = check_notice(release, replace(good, texts=texts), groups, CATALOGUE.licenses)[1]
        assert (check.result, text.id in check.saw) == ("failed", True)
    assert check_notice(release, good, groups, CATALOGUE.licenses)[1].result == "passed"


def test_the_check_on_sources_tells_what_is_offered_in_writing() -> None:
    release = a_release(a_component("GPL-2.0-only", linkage="separate"), context=a_context(medium="physical"))
    organization = Organization(source_offer=SourceOffer("Example Street 1"))

    found = compile_checked(release, shipped_groups(release, CATALOGUE), CATALOGUE, organization, "Licet")

    assert "1 offered in writing" in found.checks[10].saw


def test_what_cannot_be_known_from_an_sbom_is_said_to_be_not_checked() -> None:
    found = checked(a_component("LGPL-2.1-only", modified=True, linkage="dynamic"), context=a_context())

    assert results(found.checks)[13] == "not-checked"
    assert results(found.checks)[15] == "not-checked"


def test_components_that_are_not_shipped_are_not_listed() -> None:
    release: DecidedRelease = a_release(a_component("MIT"), a_component("ISC", name="dev", shipped=False))
    found = checked(*release.components)

    assert "1 not shipped" in found.checks[0].saw


def shortened(component: Any) -> Any:
    return type(component)(**{**fields_of(component), "copyright": ("Copyright 2020",)})


def without_texts(component: Any) -> Any:
    return type(component)(**{**fields_of(component), "texts": ()})


def fields_of(component: Any) -> dict[str, Any]:
    return {name: getattr(component, name) for name in component.__struct_fields__}
