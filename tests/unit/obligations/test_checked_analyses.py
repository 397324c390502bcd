"""What the analyses of the catalogue say is borne out by the texts of the licences and exceptions."""

import re

import pytest

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain.catalogue import Row
from tests.support.catalogues import over
from tests.support.clauses import references_in

CATALOGUE = load_obligation_catalogue()
LICENSES = CATALOGUE.licenses
CHECKED = sorted(each.id for each in CATALOGUE.duties.values() if each.status == "checked")
CHECKED_EXCEPTIONS = sorted(each.id for each in CATALOGUE.effects.values() if each.status == "checked")
REPRODUCTION = {"license-text", "license-reference", "copyright-notices", "cc-attribution"}
NOTICES = (
    r"(?:copyright notices?|permission notice|this notice|entire notice|this licen[sc]e|terms of this"
    r"|copy of (?:this|the) licen[sc]e|this agreement)"
)
KEEP = r"(?:shall be included|appears? in|are retained|be retained|must be included|must be reproduced|be duplicated)"
DEMANDED = re.compile(
    rf"{NOTICES}[^.;]{{0,120}}?{KEEP}|(?:retain|reproduce|include|keep intact|duplicate|preserve)[^.;]{{0,60}}"
    r"(?:copyright notice|copyright statement|copy of this (?:license|agreement)|copy of the license|this entire)",
    re.IGNORECASE,
)
IN_BINARIES = re.compile(r"redistributions in binary form must (?:also )?reproduce", re.IGNORECASE)
IN_SOURCES = re.compile(r"redistributions (?:of|in) source code must retain", re.IGNORECASE)


@over(CHECKED)
def test_the_clauses_of_a_checked_licence_exist_in_its_text(license_id: str) -> None:
    text = LICENSES.text(license_id) or ""

    absent = [(row.clause, named) for row in rows_of(license_id) for named in absent_from(row.clause, text)]

    assert absent == []


@over(CHECKED)
def test_every_clause_of_a_checked_licence_points_somewhere(license_id: str) -> None:
    text = LICENSES.text(license_id) or ""

    assert [row.clause for row in rows_of(license_id) if not references_in(row.clause, text)] == []


@over(CHECKED_EXCEPTIONS)
def test_the_clause_of_a_checked_exception_exists_in_its_text(exception: str) -> None:
    clause = CATALOGUE.effects[exception].clause
    text = LICENSES.exception_text(exception) or ""

    assert text
    assert references_in(clause, text)
    assert absent_from(clause, text) == []


def test_a_clause_that_is_not_in_the_text_is_noticed() -> None:
    apache, ncsa = LICENSES.text("Apache-2.0") or "", LICENSES.text("NCSA") or ""

    assert dict(references_in("§4(b), §9", apache)) == {"§4(b)": True, "§9": True}
    assert dict(references_in("§4(f), §10", apache)) == {"§4(f)": False, "§10": False}
    assert dict(references_in("bullet 1-3, bullet 4", ncsa)) == {"bullet 1-3": True, "bullet 4": False}
    assert dict(references_in("cl.1, para 9", apache)) == {"cl.1": True, "para 9": True}
    assert dict(references_in("“give any other recipients … a copy”, “for Good”", apache)) == {
        "“give any other recipients … a copy”": True,
        "“for Good”": False,
    }
    assert dict(references_in("Notices", LICENSES.text("BlueOak-1.0.0") or "")) == {"Notices": True}
    assert dict(references_in("Notices", apache)) == {"Notices": False}
    assert references_in("somewhere", apache) == []


@over(sorted(CATALOGUE.duties))
def test_sentences_to_acknowledge_with_are_those_of_the_licence(license_id: str) -> None:
    text = " ".join((LICENSES.text(license_id) or "").split())
    sentences = [sentence for row in rows_of(license_id) for sentence in row.sentences]

    assert [each for each in sentences if each.removeprefix("This ").rstrip(".") not in text] == []


@over(sorted(CATALOGUE.duties))
def test_where_the_text_demands_a_copy_of_its_notices_the_analysis_does(license_id: str) -> None:
    text = " ".join((LICENSES.text(license_id) or "").split())

    if DEMANDED.search(text):
        assert REPRODUCTION & {row.obligation for row in rows_of(license_id)}
    if IN_BINARIES.search(text):
        assert "binary" in causes(license_id, "license-text")
    if IN_SOURCES.search(text):
        assert "source" in causes(license_id, "license-text")


@pytest.mark.parametrize(
    "license_id", ["MIT", "BSD-3-Clause", "ISC", "GPL-2.0-only", "EPL-2.0", "OpenSSL", "CC-BY-3.0"]
)
def test_the_demand_of_well_known_texts_is_recognised(license_id: str) -> None:
    text = " ".join((LICENSES.text(license_id) or "").split())

    assert DEMANDED.search(text) or "appropriate copyright notice" in text


@pytest.mark.parametrize("license_id", ["MIT-0", "0BSD", "Unlicense", "WTFPL", "CC0-1.0", "blessing", "FSFUL"])
def test_texts_without_conditions_demand_nothing(license_id: str) -> None:
    assert not DEMANDED.search(" ".join((LICENSES.text(license_id) or "").split()))


def rows_of(license_id: str) -> tuple[Row, ...]:
    return CATALOGUE.duties[license_id].rows


def causes(license_id: str, obligation: str) -> set[str]:
    return {cause for row in rows_of(license_id) if row.obligation == obligation for cause in row.trigger.causes}


def absent_from(clause: str, text: str) -> list[str]:
    return [named for named, found in references_in(clause, text) if not found]
