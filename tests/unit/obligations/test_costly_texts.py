"""Texts of components that would take hours if each component, or each line, were looked at anew."""

import pytest

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain import license_texts, notice_checks
from obligations.domain.compile_notice import compile_notice
from obligations.domain.notice import Notice, Organization
from shared.contracts.decisions import DecidedComponent
from tests.support.decided import a_component, a_release, own_text

CATALOGUE = load_obligation_catalogue()


def notice_of(*components: DecidedComponent, texts: dict[str, str]) -> Notice:
    return compile_notice(a_release(*components, texts=texts), CATALOGUE, Organization("Example"), "Licet 0")


def test_a_text_of_empty_lines_is_printed_like_any_other() -> None:
    notice = notice_of(a_component("LicenseRef-1", texts=[own_text("t")]), texts={"t": "\n" * 500_000 + "Terms."})

    assert [each.text for each in notice.texts] == ["\n" * 500_000 + "Terms."]


@pytest.mark.parametrize("line", ["Copyright 2020 Roe", "  * (c) 2020 Roe", "// © Roe"])
def test_a_copyright_line_is_found_behind_empty_lines_and_signs(line: str) -> None:
    notice = notice_of(
        a_component("MIT", copyright=[], texts=[own_text("t", "LicenseRef-1")]), texts={"t": f"Terms\n\n\n{line}\n"}
    )

    assert "copyright-notice-unknown" not in {each.kind for each in notice.open_points}


def test_a_text_that_many_components_have_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(license_texts, "fingerprint", lambda text: read.append(text) or "0")
    components = [
        a_component(f"MIT AND LicenseRef-{number}", name=f"c{number}", texts=[own_text("t")]) for number in range(50)
    ]

    notice_of(*components, texts={"t": "All rights reserved."})

    assert read == ["All rights reserved."]


def test_a_text_that_is_too_long_for_a_licence_is_not_compared_with_any(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(license_texts, "fingerprint", lambda text: read.append(text) or "0")

    notice = notice_of(a_component(texts=[own_text("t")]), texts={"t": "x " * 200_000})

    assert read == []
    assert {each.source for each in notice.texts} == {"component", "catalogue-without-holder"}


def test_each_text_is_compared_with_what_came_once(monkeypatch: pytest.MonkeyPatch) -> None:
    digested: list[str] = []
    digest = notice_checks._sha256
    monkeypatch.setattr(notice_checks, "_sha256", lambda text: digested.append(text) or digest(text))
    texts = {str(number): f"Terms {number}" for number in range(50)}
    components = [a_component("LicenseRef-1", name=key, texts=[own_text(key)]) for key in texts]

    notice_of(*components, texts=texts)

    assert len(digested) == 2 * len(texts)
