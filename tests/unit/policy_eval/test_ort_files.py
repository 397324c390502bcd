"""Decisions come from files of the OSS Review Toolkit, row by row, and go back into such files."""

from typing import Any

import pytest
import yaml

from policy_eval.adapters.ort_export import write_ort_file
from policy_eval.adapters.ort_files import read_ort_file
from policy_eval.application.exchange_ort import ORT_KINDS, ExchangeOrt, OrtKind
from policy_eval.application.keep_decisions import Reviewer
from policy_eval.domain.curation_source import of_comment
from policy_eval.domain.ort_packages import NotTold, PackageVersions, identifier_of, package_of
from shared.errors import InvalidInput
from tests.support.decisions import a_decision

_CURATIONS = """\
- id: "Maven:org.hamcrest:hamcrest-core:1.3"
  curations:
    comment: "BSD, by its LICENSE.txt."
    concluded_license: "BSD-3-Clause"
    vcs: {type: Git}
- id: "NPM:@babel:core:[7.0.0,8.0.0["
  curations:
    declared_license_mapping:
      "MIT Licence": "MIT"
      "Copyright 2020 Somebody": "NONE"
- id: "NPM::left-pad"
  curations:
    homepage_url: "https://example.org"
- id: "Strange::left-pad:1"
  curations: {concluded_license: MIT}
- curations: {concluded_license: MIT}
"""


@pytest.mark.parametrize(
    ("identifier", "purl", "versions"),
    [
        ("Maven:org.hamcrest:hamcrest-core:1.3", "pkg:maven/org.hamcrest/hamcrest-core@1.3", None),
        ("NPM:@babel:core:[7.0.0,8.0.0[", "pkg:npm/%40babel/core", "vers:npm/>=7.0.0|<8.0.0"),
        ("NPM::left-pad:]1.0,1.3]", "pkg:npm/left-pad", "vers:npm/>1.0|<=1.3"),
        ("PyPI::requests:[2.0,)", "pkg:pypi/requests", "vers:pypi/>=2.0"),
        ("PyPI::requests", "pkg:pypi/requests", None),
        ("Go::github.com/a/b:v1.2.0", "pkg:golang/github.com/a/b@v1.2.0", None),
        ("Crate::serde:1.0%3Ax", "pkg:cargo/serde@1.0%3Ax", None),
    ],
)
def test_an_identifier_names_a_package_and_its_versions(identifier: str, purl: str, versions: str | None) -> None:
    assert package_of(identifier) == PackageVersions(purl, versions)


@pytest.mark.parametrize(
    "identifier",
    ["", "NPM::", "NPM:left-pad", "Strange::a:1", "NPM::a:[,]", "NPM::a:[1,2,3]", "NPM::a:1.+", "a:b:c:d:e"],
)
def test_what_names_no_package_is_not_taken(identifier: str) -> None:
    with pytest.raises(NotTold):
        package_of(identifier)


@pytest.mark.parametrize(
    ("purl", "interval", "identifier"),
    [
        ("pkg:npm/%40babel/core", (">=", "7.0.0", "<", "8.0.0"), "NPM:@babel:core:[7.0.0,8.0.0["),
        ("pkg:npm/left-pad", ("", "", "<=", "1.3"), "NPM::left-pad:(,1.3]"),
        ("pkg:npm/left-pad", (">", "1.3", "", ""), "NPM::left-pad:]1.3,)"),
        ("pkg:golang/github.com/a/b@v1.2.0", None, "Go::github.com/a/b:v1.2.0"),
        ("pkg:maven/org.hamcrest/hamcrest-core", None, "Maven:org.hamcrest:hamcrest-core"),
    ],
)
def test_a_package_has_an_identifier(purl: str, interval: Any, identifier: str) -> None:
    assert identifier_of(purl, interval) == identifier


def test_rows_of_curations_say_their_line_and_what_is_not_used() -> None:
    rows = read_ort_file("curation", _CURATIONS, {})

    assert [(row.line, row.id) for row in rows if row.body] == [
        (1, "Maven:org.hamcrest:hamcrest-core:1.3"),
        (6, "NPM:@babel:core:[7.0.0,8.0.0["),
    ]
    assert rows[0].body == {
        "purl": "pkg:maven/org.hamcrest/hamcrest-core@1.3",
        "license": "BSD-3-Clause",
        "reason": "BSD, by its LICENSE.txt.",
    }
    assert rows[1].body is not None
    assert rows[1].body["mapping"] == {"MIT Licence": "MIT", "Copyright 2020 Somebody": "NONE"}
    assert {row.line: row.ignored for row in rows if row.ignored} == {1: ("vcs",), 11: ("homepage_url",)}
    assert [row.line for row in rows if row.problem] == [14, 16]


def test_a_classification_takes_the_one_category_that_is_known() -> None:
    text = """\
categories: [{name: copyleft}]
categorizations:
- {id: MIT, categories: [permissive, "property:include-in-notice-file"]}
- {id: GPL-2.0-only, categories: [copyleft]}
- {id: Beerware, categories: [permissive, proprietary]}
"""
    without, with_words = (
        read_ort_file("license-classification", text, words) for words in ({}, {"copyleft": "strong-copyleft"})
    )

    assert [(row.line, row.body and row.body["category"]) for row in without] == [
        (3, "permissive"),
        (4, None),
        (5, None),
    ]
    assert without[0].ignored == ("property:include-in-notice-file",)
    assert "copyleft" in (without[1].problem or "")
    assert with_words[1].body is not None
    assert with_words[1].body["category"] == "strong-copyleft"


def test_choices_are_those_of_the_repository_and_of_packages() -> None:
    text = """\
license_choices:
  repository_license_choices:
  - {given: "MIT OR Zlib", choice: Zlib}
  package_license_choices:
  - package_id: "NPM::left-pad:1.3.0"
    license_choices:
    - {given: "MIT OR ISC", choice: ISC}
    - {choice: ISC}
excludes: {paths: []}
resolutions:
  rule_violations: [{message: "GPL.*", reason: CANT_FIX_EXCEPTION}]
"""
    rows = read_ort_file("license-choice", text, {})

    assert [(row.line, row.ignored) for row in rows if row.ignored] == [(9, ("excludes",)), (10, ("resolutions",))]
    assert [(row.line, row.body and row.body.get("purl"), bool(row.problem)) for row in rows if not row.ignored] == [
        (3, None, False),
        (7, "pkg:npm/left-pad@1.3.0", False),
        (8, None, True),
    ]


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        ("curation", "id: a", "line 1"),
        ("curation", "- id: [\n", "line 2"),
        ("curation", "- &a {id: b}\n- *a", "line 2"),
        ("license-classification", "categorizations: no", "line 1"),
        ("license-choice", "license_choices: []", "line 1"),
        ("license-choice", "[a, b]", "line 1"),
        ("license-choice", "a word", "line 1"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(kind: OrtKind, text: str, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_ort_file(kind, text, {})

    assert place in refused.value.detail


@pytest.mark.parametrize("kind", ORT_KINDS)
def test_an_empty_file_has_no_rows(kind: OrtKind) -> None:
    assert [read_ort_file(kind, text, {}) for text in ("", "null\n", "~", "# nothing")] == [[], [], [], []]


def test_a_range_of_several_intervals_is_several_entries_and_what_ort_cannot_say_is_told() -> None:
    records = [
        a_decision("curation", purl="pkg:npm/a", license="MIT", versions="vers:npm/1.0.0|>=2.0.0|<3.0.0"),
        a_decision("curation", purl="pkg:npm/a", license="MIT", versions="vers:npm/!=1.0.0"),
        a_decision("curation", purl="pkg:deb/debian/a", license="MIT"),
        a_decision("curation", purl="pkg:npm/b", license="MIT", declared=["The MIT"]),
        a_decision("curation", purl="pkg:npm/b", license="MIT", declared=["The MIT", "MIT too"]),
    ]

    written = write_ort_file("curation", records, {})

    assert [each["id"] for each in yaml.safe_load(written)] == ["NPM::a:1.0.0", "NPM::a:[2.0.0,3.0.0[", "NPM::b"]
    assert yaml.safe_load(written)[2]["curations"]["declared_license_mapping"] == {"The MIT": "MIT"}
    told = [line for line in written.splitlines() if line.startswith("# Left out:")]
    assert [record.id for record in records if any(record.id in line for line in told)] == [
        records[number].id for number in (1, 2, 4)
    ]


def test_what_is_written_is_read_again_as_the_same_decisions() -> None:
    several = a_decision("curation", purl="pkg:npm/a", license="MIT", versions="vers:npm/1.0.0|>=2.0.0|<3.0.0")
    mapping = a_decision("curation", purl="pkg:npm/b", mapping={"The MIT": "MIT"})

    rows = read_ort_file("curation", write_ort_file("curation", [several, mapping], {}), {})

    about = {"reason": "seen in LICENSE", "source": {"author": "key:ann"}}
    assert [row.body for row in rows] == [
        {"purl": "pkg:npm/a@1.0.0", "license": "MIT", **about},
        {"purl": "pkg:npm/a", "versions": "vers:npm/>=2.0.0|<3.0.0", "license": "MIT", **about},
        {"purl": "pkg:npm/b", "mapping": {"The MIT": "MIT"}, **about},
    ]


def test_a_curation_keeps_its_source_its_author_and_its_reviewer_through_a_file() -> None:
    source = {"file": "LICENSE", "commit": "4e2a7c1", "url": "https://example.org/a/blob/4e2a7c1/LICENSE"}
    here = a_decision("curation", purl="pkg:npm/a", license="MIT", reason="MIT: by its LICENSE.", source=source)
    there = a_decision("curation", purl="pkg:npm/b", license="MIT", source={"author": "Cem", "reviewer": "Dana"})

    written = write_ort_file("curation", [here, there], {here.id: "key:bob"})

    assert written.splitlines()[2:9] == [
        "- id: NPM::a",
        "  curations:",
        "    comment: |-",
        "      MIT: by its LICENSE.",
        "",
        "      Source file: LICENSE",
        "      Source commit: 4e2a7c1",
    ]
    first, second = (row.body or {} for row in read_ort_file("curation", written, {}))
    assert first["reason"] == "MIT: by its LICENSE."
    assert first["source"] == {**source, "author": "key:ann", "reviewer": "key:bob"}
    assert second["source"] == {"author": "Cem", "reviewer": "Dana"}


@pytest.mark.parametrize(
    ("comment", "reason", "source"),
    [
        ("Author: Ann", "", {"author": "Ann"}),
        ("seen\n\nAuthor: Ann\nand others", "seen\n\nAuthor: Ann\nand others", {}),
        ("Licence: MIT", "Licence: MIT", {}),
        ("seen\n\nmore\n\nReviewer: Bob\n", "seen\n\nmore", {"reviewer": "Bob"}),
        ("seen\n\nAuthor: ", "seen\n\nAuthor:", {}),
        ("", "", {}),
    ],
)
def test_only_a_last_paragraph_of_such_lines_alone_is_a_source(
    comment: str, reason: str, source: dict[str, str]
) -> None:
    assert of_comment(comment) == (reason, source)


def test_of_two_choices_of_one_expression_the_projects_is_written_and_the_other_told() -> None:
    general = a_decision("license-choice", license="MIT OR ISC", chosen="ISC")
    of_project = a_decision("license-choice", license="MIT OR ISC", chosen="MIT", project="shop")
    again = a_decision("license-choice", license="MIT OR ISC", chosen="MIT", project="shop")

    written = write_ort_file("license-choice", [general, of_project, again], {})

    choices = yaml.safe_load(written)["license_choices"]
    assert choices["repository_license_choices"] == [{"given": "MIT OR ISC", "choice": "MIT"}]
    assert [line for line in written.splitlines() if general.id in line and "has MIT already" in line]


async def test_a_file_that_is_no_text_is_refused_with_its_line() -> None:
    exchange = ExchangeOrt(None, read_ort_file, write_ort_file)  # type: ignore[arg-type] - nothing is filed

    with pytest.raises(InvalidInput, match="line 2: not UTF-8: byte 2 is 0xff"):
        await exchange.take("curation", Reviewer("key:ann", (), ()), b"-\n\xff", None, {})
