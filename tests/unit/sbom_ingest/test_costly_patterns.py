"""Texts on which a pattern could try the same again and again: here they would take hours, not a moment."""

import pytest

from sbom_ingest.adapters.readers.spdx_packages import agent_name
from tests.support.small_sboms import refusal_of


@pytest.mark.parametrize("behind", [b"<other/>", b"", b"<!-"])
def test_many_comments_before_what_is_no_sbom_are_passed_over_at_once(behind: bytes) -> None:
    refused = refusal_of(b"<!---->" * 400 + behind)

    assert refused.kind == "not-an-sbom"


def test_a_page_behind_comments_is_told_from_other_text() -> None:
    refused = refusal_of(b" <!-- a --> <!-- <b> -->\n<html>" + b"x" * 10)

    assert "HTML" in refused.detail


@pytest.mark.parametrize("behind", ["(x", "(x) y", ")(", ""])
def test_many_blanks_in_the_name_of_an_agent_are_passed_over_at_once(behind: str) -> None:
    written = f"Person: a{' ' * 200_000}{behind}"

    assert agent_name(written) == (written.removeprefix("Person: ").strip() if behind else "a")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Organization: Example (info@example.org)", "Example"),
        ("Person: A (B) (a@example.org) ", "A (B)"),
        ("Person: A ()", "A"),
        ("Person: (a@example.org)", None),
        ("Person: A (b) c", "A (b) c"),
        ("Example (Org)", "Example (Org)"),
    ],
)
def test_an_agent_is_named_without_kind_and_address(written: str, name: str | None) -> None:
    assert agent_name(written) == name


def test_a_number_that_no_computer_has_is_refused_in_words_for_people() -> None:
    document = (
        b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"a","version":1e999}]}'
    )

    refused = refusal_of(document)

    assert [(each.pointer, each.message) for each in refused.errors] == [("/components/0", "Number out of range")]
