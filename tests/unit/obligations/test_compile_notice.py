"""What goes into a NOTICE, and what keeps it a draft."""

import re
from typing import Any

import pytest

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain import statements
from obligations.domain.compile_notice import compile_notice
from obligations.domain.notice import Notice, Organization, SourceOffer, known_organization
from shared.contracts.decisions import DecidedComponent, OfferOfSource, OrganizationFacts
from tests.support.decided import a_component, a_context, a_release, own_text, text_of_holder

CATALOGUE = load_obligation_catalogue()
LICENSES = CATALOGUE.licenses


def notice_of(*components: DecidedComponent, offer: SourceOffer | None = None, **facts: Any) -> Notice:
    organization = Organization("Example GmbH", "oss@example.org", offer)
    return compile_notice(a_release(*components, **facts), CATALOGUE, organization, "Licet 0")


def kinds(notice: Notice) -> set[str]:
    return {point.kind for point in notice.open_points}


def test_what_is_not_shipped_leaves_no_trace() -> None:
    notice = notice_of(a_component("MIT"), a_component("GPL-3.0-only", name="pytest", shipped=False, notices=[]))

    assert [each.name for each in notice.components] == ["lodash"]
    assert [each.license for each in notice.texts] == ["MIT"]
    assert notice.statements == ()


def test_components_with_one_purl_stay_apart_and_equal_ones_are_one() -> None:
    one, other = a_component(copyright=["(c) one"]), a_component(copyright=["(c) other"])

    notice = notice_of(one, other, one)

    assert sorted(each.copyright for each in notice.components) == [("(c) one",), ("(c) other",)]


def test_components_stand_by_name_whatever_its_case_then_version() -> None:
    notice = notice_of(
        a_component(name="b"),
        a_component(name="A", version="2"),
        a_component(name="a", version="10"),
        a_component(name="C"),
    )

    assert [(each.name, each.version) for each in notice.components] == [
        ("a", "10"),
        ("A", "2"),
        ("b", "4.17.21"),
        ("C", "4.17.21"),
    ]


def test_texts_that_differ_in_layout_only_are_printed_once() -> None:
    text = text_of_holder("MIT", "Copyright (c) 2020 Roe")
    notice = notice_of(
        a_component(name="a", texts=[own_text("unix")]),
        a_component(name="b", texts=[own_text("windows")]),
        texts={"unix": text, "windows": text.replace("\n", "\r\n") + "\r\n"},
    )

    assert len(notice.texts) == 1
    assert [each.texts for each in notice.components] == [("text-1",), ("text-1",)]


def test_texts_that_differ_in_the_holder_are_both_kept() -> None:
    notice = notice_of(
        a_component(name="a", texts=[own_text("roe")]),
        a_component(name="b", texts=[own_text("doe")]),
        texts={"roe": text_of_holder("MIT", "Copyright Roe"), "doe": text_of_holder("MIT", "Copyright Doe")},
    )

    assert [each.license for each in notice.texts] == ["MIT", "MIT"]
    assert {each.source for each in notice.texts} == {"component"}


def test_a_remark_that_came_as_the_text_does_not_replace_the_complete_one() -> None:
    notice = notice_of(a_component("Apache-2.0", texts=[own_text("t")]), texts={"t": "See the file LICENSE."})

    assert {(each.license, each.source) for each in notice.texts} == {
        ("Apache-2.0", "component"),
        ("Apache-2.0", "catalogue"),
    }


def test_a_remark_is_not_taken_for_a_text_that_only_the_component_can_give() -> None:
    text = (LICENSES.text("X11") or "").replace("X Consortium", "Roe")

    remark = notice_of(a_component("X11", texts=[own_text("t")]), texts={"t": "See the file LICENSE."})
    given = notice_of(a_component("X11", texts=[own_text("t")]), texts={"t": text})

    assert kinds(remark) == {"license-text-missing"}
    assert given.status == "final"


def test_a_text_with_an_unusual_copyright_line_is_still_complete() -> None:
    text = text_of_holder("MIT", "Copyright OpenJS Foundation and other contributors, see AUTHORS")

    notice = notice_of(a_component(texts=[own_text("t")]), texts={"t": text})

    assert [each.source for each in notice.texts] == ["component"]


@pytest.mark.parametrize("license_id", ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "MIT-0", "UPL-1.0"])
def test_the_blank_for_the_holder_is_never_printed(license_id: str) -> None:
    [text] = notice_of(a_component(license_id)).texts

    listed = LICENSES.text(license_id) or ""
    assert text.source == "catalogue-without-holder"
    assert not set(text.text.split("\n")) & {
        line for line in listed.split("\n") if line.lower().startswith("copyright")
    }
    assert set(text.text.split("\n")) < set(listed.split("\n"))
    assert not any(blank in text.text for blank in ("<", "[year", "YEAR"))


@pytest.mark.parametrize("license_id", ["X11", "Beerware"])
def test_a_text_of_another_holder_is_not_taken_from_the_list(license_id: str) -> None:
    notice = notice_of(a_component(license_id, name="xlib"))

    assert notice.texts == ()
    assert kinds(notice) == {"license-text-missing"}


def test_a_notice_in_the_own_text_serves_as_the_copyright_notice() -> None:
    text = text_of_holder("MIT", "Copyright (c) 2020 Roe")
    with_text = notice_of(a_component(copyright=[], texts=[own_text("t")]), texts={"t": text})
    without = notice_of(a_component(copyright=[]))

    assert with_text.status == "final"
    assert kinds(without) == {"copyright-notice-unknown"}


def test_the_copyright_of_the_gpl_itself_is_no_notice_for_the_component() -> None:
    text = LICENSES.text("GPL-2.0-only") or ""
    component = a_component("GPL-2.0-only", copyright=[], texts=[own_text("t")])

    assert kinds(notice_of(component, texts={"t": text})) == {"copyright-notice-unknown"}


def test_an_exception_stands_after_its_licence_and_the_gpl_goes_with_the_lgpl() -> None:
    notice = notice_of(
        a_component("GPL-2.0-only WITH Classpath-exception-2.0"), a_component("LGPL-3.0-only"), a_component("ISC")
    )

    assert [each.license for each in notice.texts] == [
        "GPL-2.0-only",
        "Classpath-exception-2.0",
        "ISC",
        "LGPL-3.0-only",
    ]
    assert "\nGNU GENERAL PUBLIC LICENSE" in notice.texts[-1].text


def test_one_text_serves_the_ids_that_share_it() -> None:
    notice = notice_of(a_component("GPL-2.0-only", name="a"), a_component("GPL-2.0-or-later", name="b"))

    assert [each.license for each in notice.texts] == ["GPL-2.0-only, GPL-2.0-or-later"]


def test_the_text_of_the_branch_not_taken_is_left_out_and_the_offer_is_told() -> None:
    apache = LICENSES.text("Apache-2.0") or ""
    component = a_component("MIT", chosen_from="Apache-2.0 OR MIT", texts=[own_text("a")])

    notice = notice_of(component, texts={"a": apache})

    assert [each.license for each in notice.texts] == ["MIT"]
    assert [(each.license, each.chosen_from) for each in notice.components] == [("MIT", "Apache-2.0 OR MIT")]


def test_a_licence_of_the_document_needs_the_text_that_came_with_it() -> None:
    component = a_component("LicenseRef-a AND MIT", texts=[own_text("t", "LicenseRef-a")])

    with_text = notice_of(component, texts={"t": "Own terms."})
    without = notice_of(a_component("LicenseRef-a AND MIT"))

    assert [each.license for each in with_text.texts] == ["LicenseRef-a", "MIT"]
    assert "license-text-missing" not in kinds(with_text)
    assert "license-text-missing" in kinds(without)


def test_upstream_notices_are_kept_word_for_word_and_tied_to_their_components() -> None:
    upstream = "Example\n\n  Copyright  (c) 2010 —\tDoe\n"
    notice = notice_of(
        a_component("Apache-2.0", name="a", notices=["n"]), a_component("MIT", name="b"), texts={"n": upstream}
    )

    assert [each.text for each in notice.notices] == [upstream]
    assert [each.notices for each in notice.components] == [("notice-1",), ()]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"notice_status": "absent"}, set()),
        ({"notice_status": None}, {"upstream-notice-unknown"}),
        ({"notice_status": "present"}, {"upstream-notice-missing"}),
        ({"notice_status": "present", "notices": ["n"]}, set()),
    ],
)
def test_the_upstream_notice_of_an_apache_component_is_there_or_known_to_be_absent(
    facts: dict[str, Any], expected: set[str]
) -> None:
    assert kinds(notice_of(a_component("Apache-2.0", **facts), texts={"n": "Example"})) == expected


@pytest.mark.parametrize(
    ("license_expression", "linkage"),
    [("MPL-2.0", "package"), ("EPL-2.0", "package"), ("EUPL-1.2", "package"), ("LGPL-2.1-only", "dynamic")],
)
def test_recipients_are_told_where_the_source_is_or_the_point_is_open(license_expression: str, linkage: str) -> None:
    known = notice_of(a_component(license_expression, linkage=linkage, source_url="https://example.org/s.tgz"))
    unknown = notice_of(a_component(license_expression, linkage=linkage, source_url=None))

    [told] = [each for each in known.statements if each.kind == "source-availability"]
    assert [each.source for each in told.components] == ["https://example.org/s.tgz"]
    assert kinds(known) == set()
    assert kinds(unknown) == {"source-location-unknown"}


def test_a_permissive_component_needs_no_source_location() -> None:
    assert notice_of(a_component("MIT", source_url=None)).status == "final"


def test_the_written_offer_is_made_only_by_an_organisation_that_has_one() -> None:
    component = a_component("GPL-2.0-only", linkage="separate", source_url=None)

    offering = notice_of(component, offer=SourceOffer("Example Street 1", years=5))
    silent = notice_of(component)

    [offer] = offering.statements
    assert offer.kind == "written-offer"
    assert "within 5 years" in offer.text
    assert "Example Street 1" in offer.text
    assert offering.status == "final"
    assert kinds(silent) == {"source-location-unknown"}


def test_an_offer_does_not_serve_for_a_gpl3_download() -> None:
    component = a_component("GPL-3.0-only", linkage="separate", source_url=None)
    offer = SourceOffer("Example Street 1")

    download = notice_of(component, offer=offer)
    physical = notice_of(component, offer=offer, context=a_context(medium="physical"))

    assert kinds(download) == {"source-location-unknown"}
    assert physical.status == "final"


def test_an_address_alone_does_not_serve_for_gpl_on_a_physical_product() -> None:
    component = a_component("GPL-2.0-only", linkage="separate")

    assert kinds(notice_of(component, context=a_context(medium="physical"))) == {"source-with-product"}


def test_an_offer_below_three_years_is_refused() -> None:
    with pytest.raises(ValueError, match="three years"):
        SourceOffer("Example Street 1", years=2)


def test_the_use_of_a_library_is_stated_for_linked_ones_only() -> None:
    notice = notice_of(
        a_component("LGPL-2.1-only", name="linked", linkage="dynamic"),
        a_component("LGPL-2.1-only", name="alone", linkage="separate"),
    )

    [used] = [each for each in notice.statements if each.kind == "library-use"]
    assert [each.name for each in used.components] == ["linked"]
    assert "LGPL-2.1-only" in used.text


def test_an_acknowledgement_is_printed_in_the_words_of_the_licence() -> None:
    notice = notice_of(a_component("PHP-3.01", texts=[own_text("t")]), texts={"t": LICENSES.text("PHP-3.01") or ""})

    assert [each.text for each in notice.statements] == [
        "This product includes PHP software, freely available from <http://www.php.net/software/>"
    ]


@pytest.mark.parametrize(
    ("license_id", "sentence"),
    [
        ("BSD-4-Clause", "This product includes software developed by the Widget Works."),
        ("BSD-4-Clause-UC", "This product includes software developed by the Widget Works."),
    ],
)
def test_the_sentence_for_advertising_is_taken_from_the_components_own_text(license_id: str, sentence: str) -> None:
    text = (
        "3. All advertising materials mentioning features or use of this software must display the following "
        f"acknowledgement:\n   {sentence[:40]}\n   {sentence[40:]}\n\n4. Neither the name"
    )
    component = a_component(license_id, texts=[own_text("own", license_id)])

    found = notice_of(component, texts={"own": text})

    assert sentence in [each.text for each in found.statements if each.kind == "acknowledgement"]


def test_a_text_that_is_meant_to_keep_the_search_for_a_sentence_busy_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = ("acknowledgement:" + " " * 50 + "\n") * 20_000 + "acknowledgement:" + " " * 1_000_000
    component = a_component("BSD-4-Clause", texts=[own_text("own", "BSD-4-Clause")])
    wanted = _CountedPattern(statements._WANTED_SENTENCE)
    monkeypatch.setattr(statements, "_WANTED_SENTENCE", wanted)

    notice_of(component, texts={"own": hostile})

    assert 0 < len(wanted.lengths) <= 20  # places that are looked at, of 20,001
    assert max(wanted.lengths) <= 600  # characters from there on


class _CountedPattern:
    """A pattern that notes how much text it is matched with."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern
        self.lengths: list[int] = []

    def match(self, text: str) -> re.Match[str] | None:
        self.lengths.append(len(text))
        return self._pattern.match(text)


def test_the_organisation_is_the_one_that_the_api_was_told_completed_from_the_settings() -> None:
    settings = Organization("Settings Ltd", "oss@settings.example", SourceOffer("Settings Street"))

    told = OrganizationFacts("Told GmbH", None, OfferOfSource("Told Street", "https://told.example", 5))
    too_short = OrganizationFacts(source_offer=OfferOfSource("Told Street", None, 2))

    assert known_organization(None, settings) == settings
    assert known_organization(told, settings) == Organization(
        "Told GmbH", "oss@settings.example", SourceOffer("Told Street", "https://told.example", 5)
    )
    assert known_organization(too_short, Organization()).source_offer is None
