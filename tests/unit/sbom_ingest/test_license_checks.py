"""Whether an expression can be read is found out in two ways, which agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbom_ingest.domain import license_checks
from sbom_ingest.domain.license_checks import expression_fault
from shared.licensing import ExpressionError, parse
from shared.licensing.expression import Expression

_WORDS = ("MIT", "GPL-2.0+", "LicenseRef-a", "LicenseRef-", "DocumentRef-a:LicenseRef-b", "NONE", "Nobody", "AND", "OR")
_OTHERS = ("and", "WITH", "Classpath-exception-2.0", "(", ")", "(MIT)", "MIT\tOR", "LicenseRef-a\n", "")


@given(st.lists(st.sampled_from((*_WORDS, *_OTHERS)), min_size=1, max_size=7).map(" ".join))
def test_an_expression_has_a_fault_exactly_where_it_does_not_parse(expression: str) -> None:
    try:
        parse(expression)
        parses = True
    except ExpressionError:
        parses = expression in ("NONE", "NOASSERTION")

    assert (expression_fault(expression) is None) == parses


def test_most_expressions_are_not_parsed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counting(text: str) -> Expression:
        parsed.append(text)
        return parse(text)

    monkeypatch.setattr(license_checks, "parse", counting)
    for number in range(1_000):
        assert expression_fault(f"MIT OR Apache-2.0 AND LicenseRef-number-{number}") is None

    assert len(parsed) <= 2
