"""Texts as they come along in SBOMs: with the clause in other words, with what stood around them, more than once."""

import pytest

from shared.licensing import License, load_catalogue, normalise

_LIST_CLAUSE = "Neither the name of the copyright holder nor the names of its contributors may be used"
_FIELDS = "</\nLicenseName: Beer-Ware License (Version 42)\nLicenseCrossReference: http://people.example.org/\n"
_CODE = """
// Original can be found at:
//   https://code.example.org/arrays
// Modifications by Ann Example, ann@example.org
//  * Allows get/set() as alias for subscripts
"""


def _text(license_id: str) -> str:
    text = load_catalogue().text(license_id)
    assert text is not None
    return text


_ORIGIN = "This license applies to parts of Example.js originating from the https://code.example.org/node repository:"


def _node(first: str, second: str, caption: str = _ORIGIN) -> str:
    return f'Example.js is licensed for use as follows:\n\n"""\n{first}"""\n\n{caption}\n\n"""\n{second}"""\n'


def _commented(text: str, behind: str) -> str:
    return "/*\n" + "\n".join(f" * {line}" for line in text.splitlines()) + f"\n $/LicenseInfo$\n */\n{behind}"


@pytest.mark.parametrize(
    "clause",
    [
        "The name of the author may not be used",
        "The names of the authors may not be used",
        "The name of Example Industries of Springfield may not be used",
        "The names of its contributors may not be used",
    ],
)
@pytest.mark.parametrize("license_id", ["BSD-3-Clause", "BSD-4-Clause"])
def test_the_clause_about_names_may_name_one_holder(license_id: str, clause: str) -> None:
    text = _text(license_id).replace(_LIST_CLAUSE, clause)

    assert clause in text
    assert normalise(text).expression == License(license_id)


@pytest.mark.parametrize(
    "clause",
    [
        "The name of the author may be used",
        "The name of the author or any logo without fee may not be used",
        "The name of the author may not be used in any product, nor",
        "Unless you pay, the name of the author may not be used",
        "The name of the author may not be used except by members",
        "The software may not be used",
    ],
)
def test_a_clause_about_names_that_says_something_else_is_left_open(clause: str) -> None:
    text = _text("BSD-3-Clause").replace(_LIST_CLAUSE, clause)

    assert clause in text
    assert (normalise(text).status, normalise(text).expression) == ("ambiguous", None)


def test_a_clause_about_names_stays_what_it_is_where_a_licence_has_it_in_these_words() -> None:
    lines = [f"# {line}" for line in _text("BSD-Systemics").splitlines()]

    assert normalise("\n".join(lines)).expression == License("BSD-Systemics")


@pytest.mark.parametrize("preface", ["This package includes the parser of Example Ltd. under the following license:\n"])
def test_a_preface_may_say_whose_licence_follows(preface: str) -> None:
    assert normalise(preface + _text("BSD-3-Clause")).expression == License("BSD-3-Clause")
    assert normalise("For evaluation only. " + preface + _text("BSD-3-Clause")).expression is None


@pytest.mark.parametrize(("name", "expression"), [("file", "FSFULLRWD"), ("program for members", None)])
def test_the_name_of_the_file_does_not_matter_and_another_thing_does(name: str, expression: str | None) -> None:
    text = _text("FSFULLRWD").replace("Makefile.in", name)

    assert str(normalise(text).expression) == str(expression)


@pytest.mark.parametrize(
    ("comment", "expression"),
    [
        ("LicenseComment:\nThere are a couple of other standard variants.\n", "Beerware"),
        ("LicenseComment:\nNot for commercial use.\n", "None"),
        ("You must pay for the second beer.\n", "None"),
    ],
)
def test_the_fields_of_a_document_behind_a_text_are_no_part_of_it(comment: str, expression: str) -> None:
    assert str(normalise(_text("Beerware").rstrip() + "  " + _FIELDS + comment).expression) == expression


@pytest.mark.parametrize(
    ("behind", "expression"),
    [
        (_CODE, "MIT"),
        (_CODE + "// The arrays are licensed under the GPL.\n", "None"),
        (_CODE + "// You must ask first.\n", "None"),
        (_CODE + "// Modifications are forbidden.\n", "None"),
        ("int i;\n" * 1_000, "None"),
    ],
    ids=["code", "another licence", "a rider", "a restriction", "too much"],
)
def test_code_behind_the_comment_with_the_text_is_no_part_of_it(behind: str, expression: str) -> None:
    assert str(normalise(_commented(_text("MIT"), behind)).expression) == expression


def test_the_same_text_for_each_part_of_a_work_is_that_licence() -> None:
    found = normalise(_node(_text("MIT"), _text("MIT")))

    assert (found.status, found.expression) == ("text", License("MIT"))


@pytest.mark.parametrize(
    "text",
    [
        _node(_text("MIT"), _text("BSD-3-Clause")),
        _node(_text("MIT"), _text("MIT") + "Not for resale.\n"),
        _node(_text("MIT"), _text("MIT"), "The following license applies to parts of Example.js except the GPL parts:"),
        _node(_text("MIT"), _text("MIT"), "Sample code is waived via CC0."),
        _node(_text("MIT"), _text("MIT"), "This license applies to parts of Example.js, the rest has none of these"),
        _node(_text("MIT"), _text("MIT"), _ORIGIN + " ask us"),
        "\n===\n".join([_text("MIT")] * 9),
    ],
    ids=[
        "two licences",
        "a rider",
        "an exception",
        "another licence",
        "an unread caption",
        "more in a caption",
        "too many",
    ],
)
def test_several_parts_that_are_not_all_one_licence_are_left_open(text: str) -> None:
    assert normalise(text).expression is None


def test_the_number_of_a_version_in_a_title_tells_texts_apart_that_say_the_same() -> None:
    lines = [f"# {line}" for line in _text("OLDAP-2.3").splitlines()]

    assert normalise("\n".join(lines)).expression == License("OLDAP-2.3")
