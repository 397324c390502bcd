"""The wording of a licence is recognised, and nothing that says more or less than it; the cost is bounded."""

from collections.abc import Callable

import pytest

from shared.licensing import License, load_catalogue, normalise


@pytest.mark.parametrize(
    "license_id", ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0", "EPL-2.0"]
)
def test_the_text_of_a_licence_is_recognised(license_id: str) -> None:
    found = normalise(_text(license_id))

    assert (found.status, found.expression) == ("text", License(license_id))


def test_the_text_of_the_eupl_has_its_list_of_compatible_licences() -> None:
    assert "Open Software License (OSL) v. 2.1, v. 3.0" in _text("EUPL-1.2")


def test_a_text_without_the_years_of_the_foundation_is_the_text() -> None:
    _, _, terms = _text("FSFULLRWD").partition("Inc.\n")

    assert normalise(terms).expression == License("FSFULLRWD")
    assert normalise(terms.replace("with or without modifications, ", "")).status == "ambiguous"


def test_layout_title_and_holder_do_not_matter_to_a_text() -> None:
    text = _text("BSD-3-Clause").replace("<year> <owner>", "2019-2024, The Example Developers")
    text = text.replace("the copyright holder nor", "The Example Developers nor").replace("\n", "\r\n    ")

    assert normalise("BSD 3-Clause License\n\n" + text).expression == License("BSD-3-Clause")


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: text + "\nThe Software shall be used for Good, not Evil.",
        lambda text: text.replace("sublicense, ", ""),
        lambda text: "Non-commercial MIT License\n" + text.split("\n", 1)[1],
        lambda text: text.replace("<copyright holders>", "Example Ltd. Not for commercial use."),
        lambda text: text + "\n" + _text("ISC"),
        lambda text: text + "\nVoid in France.",
        lambda text: "For evaluation.\n" + text,
        lambda text: text.replace("to any person", "to any natural person"),
        lambda text: " ".join(text.split()) + " Not for resale.",
    ],
    ids=[
        "rider at the end",
        "missing right",
        "rider in the title",
        "rider in the copyright line",
        "second licence",
        "void somewhere",
        "a purpose",
        "other people",
        "on one line",
    ],
)
def test_a_text_with_other_terms_is_not_the_licence(changed: Callable[[str], str]) -> None:
    found = normalise(changed(_text("MIT")))

    assert (found.status, found.expression) == ("ambiguous", None)
    assert "MIT" in found.candidates or "ISC" in found.candidates
    assert "it has “" in found.why or "it lacks “" in found.why


def test_wrapping_comments_years_and_an_appendix_do_not_matter_to_a_text() -> None:
    mit = " ".join(_text("MIT").split()).replace("<year> <copyright holders>", "2020, 2021 Example Ltd.")
    apache = _text("Apache-2.0").split("END OF TERMS AND CONDITIONS")[0]
    psf = _text("PSF-2.0").replace("2001", "2001, 2002, 2019")
    commented = "\n".join(f"# {line}" for line in _text("BSD-2-Clause").splitlines())

    found = [str(normalise(text).expression) for text in (mit, apache, psf, commented)]

    assert found == ["MIT", "Apache-2.0", "PSF-2.0", "BSD-2-Clause"]


@pytest.mark.parametrize("license_id", ["Apache-2.0", "SSPL-1.0", "MPL-2.0", "EPL-2.0"])
def test_words_behind_a_text_are_never_passed_over(license_id: str) -> None:
    text = _text(license_id)
    without_appendix = text.split("END OF TERMS AND CONDITIONS")[0]

    found = [normalise(each + "\nAsk Bob first.") for each in (text, without_appendix)]

    assert [each.status for each in found] == ["ambiguous", "ambiguous"]


def test_the_lesser_gpl_is_found_without_the_gpl_that_it_incorporates() -> None:
    lesser = _text("LGPL-3.0-only").split("GNU GENERAL PUBLIC LICENSE\n")[0]

    assert normalise(lesser).candidates == ("LGPL-3.0-only", "LGPL-3.0-or-later")


def test_the_text_of_the_gpl_does_not_say_whether_later_versions_are_meant() -> None:
    found = normalise(_text("GPL-2.0-only"))

    assert (found.status, found.candidates) == ("ambiguous", ("GPL-2.0-only", "GPL-2.0-or-later"))


def test_more_than_five_hundred_operands_are_not_resolved() -> None:
    assert normalise(" OR ".join(["MIT", "ISC"] * 250)).status == "exact"
    assert normalise(" OR ".join(["MIT", "ISC"] * 250 + ["MIT"])).status == "unknown"
    assert normalise("/".join(["MIT"] * 501)).status == "unknown"


@pytest.mark.parametrize(
    "value",
    [
        "(" * 8_000,
        "and " * 2_000,
        "or-" * 2_700,
        "MIT" + " " * 8_000 + "x",
        "a;" * 4_000,
        "\ud800 licence\n" * 50,
        "[ " * 4_000,
        "gplv2," * 1_300,
        "\n" * 200_000 + "x",
        "x" * 300_000,
        "in no event shall " * 14_000,
        "copyright (c) " * 18_000,
        "---\n" * 50_000,
        "LicenseName:\n" * 20_000,
        "/*" + "*/ a" * 60_000,
        "the name of " * 20_000,
    ],
    ids=lambda value: ascii(value[:6]),
)
def test_hostile_strings_are_unknown(value: str) -> None:
    assert normalise(value).status == "unknown"


def _text(license_id: str) -> str:
    text = load_catalogue().text(license_id)
    assert text is not None
    return text
