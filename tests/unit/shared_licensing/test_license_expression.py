"""SPDX expressions are values: how they read, print and compare."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.licensing import (
    And,
    Expression,
    ExpressionError,
    License,
    Or,
    With,
    all_of,
    any_of,
    leaves,
    load_catalogue,
    parse,
)

CORPUS = Path(os.environ.get("LICET_CORPUS", Path(__file__).parents[4] / "shared" / "corpus"))

LEAVES = st.sampled_from(
    [
        License("MIT"),
        License("Apache-2.0"),
        License("GPL-2.0-or-later"),
        License("LicenseRef-acme"),
        With(License("GPL-2.0-only"), "Classpath-exception-2.0"),
    ]
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda parts: st.builds(
        lambda combine, operands: combine(operands),
        st.sampled_from([all_of, any_of]),
        st.lists(parts, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


@given(EXPRESSIONS)
def test_what_is_printed_reads_back_as_the_same_value_and_prints_the_same(expression: Expression) -> None:
    again = parse(str(expression))

    assert again == expression
    assert hash(again) == hash(expression)
    assert str(again) == str(expression)


@given(EXPRESSIONS, EXPRESSIONS, EXPRESSIONS)
def test_order_grouping_and_repetition_do_not_matter(a: Expression, b: Expression, c: Expression) -> None:
    for combine in (all_of, any_of):
        assert combine([a, b]) == combine([b, a])
        assert combine([combine([a, b]), c]) == combine([a, combine([b, c])])
        assert combine([a, a]) == a


@given(EXPRESSIONS, EXPRESSIONS)
def test_equal_values_have_the_same_leaves_whatever_the_order(a: Expression, b: Expression) -> None:
    assert set(leaves(all_of([a, b]))) == set(leaves(any_of([b, a])))


def test_absorption_and_distribution_are_not_applied() -> None:
    assert parse("MIT AND (MIT OR Apache-2.0)") != parse("MIT")
    assert parse("(MIT OR ISC) AND Zlib") != parse("MIT AND Zlib OR ISC AND Zlib")
    assert parse("MIT AND ISC") != parse("MIT OR ISC")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("mit", "MIT"),
        ("(MIT)", "MIT"),
        ("MIT OR MIT", "MIT"),
        ("BSD-3-clause and zlib", "BSD-3-Clause AND Zlib"),
        ("MIT OR ISC AND Zlib", "MIT OR ISC AND Zlib"),
        ("(MIT OR ISC) AND Zlib", "(MIT OR ISC) AND Zlib"),
        ("MIT OR (GPL-3.0 OR GPL-2.0)", "MIT OR GPL-3.0-only OR GPL-2.0-only"),
        ("apache-2.0 with llvm-exception", "Apache-2.0 WITH LLVM-exception"),
        (
            "MIT OR GPL-2.0-only WITH Classpath-exception-2.0 AND ISC",
            "MIT OR GPL-2.0-only WITH Classpath-exception-2.0 AND ISC",
        ),
        ("GPL-2.0", "GPL-2.0-only"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("LGPL-2.1+", "LGPL-2.1-or-later"),
        ("AGPL-3.0+", "AGPL-3.0-or-later"),
        ("GFDL-1.3", "GFDL-1.3-only"),
        ("GFDL-1.3+", "GFDL-1.3-or-later"),
        ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("GPL-2.0-with-GCC-exception", "GPL-2.0-only WITH GCC-exception-2.0"),
        ("GPL-3.0-with-autoconf-exception", "GPL-3.0-only WITH Autoconf-exception-3.0"),
        ("eCos-2.0", "GPL-2.0-or-later WITH eCos-exception-2.0"),
        ("wxWindows", "LGPL-2.0-or-later WITH WxWindows-exception-3.1"),
        ("StandardML-NJ", "SMLNJ"),
        ("Apache-2.0+", "Apache-2.0+"),
        ("mpl-2.0+", "MPL-2.0+"),
        ("bzip2-1.0.5", "bzip2-1.0.5"),
        ("Net-SNMP", "Net-SNMP"),
        ("licenseref-Acme.1", "LicenseRef-Acme.1"),
        ("DocumentRef-tool:LicenseRef-a", "DocumentRef-tool:LicenseRef-a"),
        ("LicenseRef-a WITH AdditionRef-b", "LicenseRef-a WITH AdditionRef-b"),
    ],
)
def test_an_expression_prints_canonically(text: str, printed: str) -> None:
    assert str(parse(text)) == printed


@pytest.mark.parametrize(
    ("text", "position", "named"),
    [
        ("", 0, "ends"),
        ("   ", 3, "ends"),
        ("NONE", 0, "NONE"),
        ("NOASSERTION", 0, "NOASSERTION"),
        ("MIT AND NOASSERTION", 8, "NOASSERTION"),
        ("GPL-2.0-only WITH NOASSERTION", 18, "NOASSERTION"),
        ("MIT/Apache-2.0", 0, "MIT/Apache-2.0"),
        ("MIT WITH Apache-2.0", 9, "Apache-2.0"),
        ("Classpath-exception-2.0", 0, "exception"),
        ("MIT AND FooBar-1.0", 8, "FooBar-1.0"),
        ("MIT And ISC", 4, "And"),
        ("MIT ISC", 4, "ISC"),
        ("MIT +", 4, "+"),
        ("GPL-2.0-only+", 0, "states its versions"),
        ("MIT AND", 7, "ends"),
        ("AND MIT", 0, "AND"),
        ("()", 1, ")"),
        ("(MIT", 0, "never closed"),
        ("MIT)", 3, "never opened"),
        ("MIT WITH", 8, "an exception"),
        ("(MIT) WITH LLVM-exception", 6, "single licence"),
        ("GPL-2.0-with-GCC-exception WITH LLVM-exception", 27, "single licence"),
        ("The Apache Software License, Version 2.0", 0, "The"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text: str, position: int, named: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text)

    assert refused.value.position == position
    assert named in refused.value.message


@given(st.text(alphabet="MIT()ANDORWH+-. \n\x00é", max_size=60))
def test_any_text_is_an_expression_or_refused_with_a_place_inside_it(text: str) -> None:
    outcome = _outcome(text)

    if isinstance(outcome, ExpressionError):
        assert 0 <= outcome.position <= len(text)
    else:
        assert parse(str(outcome)) == outcome


def test_leaves_are_distinct_and_in_order_of_first_appearance() -> None:
    expression = parse("MIT AND (ISC OR mit OR GPL-2.0-only WITH Classpath-exception-2.0) AND GPL-2.0")

    assert [str(leaf) for leaf in leaves(expression)] == [
        "MIT",
        "ISC",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "GPL-2.0-only",
    ]


def test_references_that_differ_in_letter_case_only_are_one_licence() -> None:
    assert parse("LicenseRef-Acme AND licenseref-ACME") == License("LicenseRef-acme")


@pytest.mark.parametrize("operator", [And, Or])
def test_an_operator_over_one_licence_is_refused(operator: type[And] | type[Or]) -> None:
    with pytest.raises(ValueError, match="two distinct operands"):
        operator((License("MIT"), License("mit")))


def test_ten_thousand_operands_are_read_printed_and_compared() -> None:
    names = [f"LicenseRef-{number}" for number in range(10_000)]

    forward, backward = parse(" OR ".join(names)), parse(" OR ".join(reversed(names)))

    assert forward == backward
    assert str(forward) == " OR ".join(names)
    assert len(leaves(forward)) == 10_000


def test_a_thousand_parentheses_of_nothing_are_nothing() -> None:
    assert parse("(" * 1_000 + "MIT" + ")" * 1_000) == License("MIT")


def test_a_thousand_levels_of_changing_operators_need_no_recursion() -> None:
    text = "MIT"
    for level in range(1_000):
        text = f"(LicenseRef-{level} {'AND' if level % 2 else 'OR'} {text})"

    expression = parse(text)

    assert parse(str(expression)) == expression
    assert hash(parse(text)) == hash(expression)
    assert len(leaves(expression)) == 1_001
    assert repr(expression).startswith("<And LicenseRef-999")


def test_every_current_id_of_the_list_reads_as_itself() -> None:
    current = [known.id for known in load_catalogue().licenses if not known.deprecated]

    assert [str(parse(license_id.upper())) for license_id in current] == current


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real SBOMs is not here (LICET_CORPUS)")
def test_expressions_of_real_sboms_mean_what_license_expression_reads() -> None:
    witness = pytest.importorskip("license_expression").get_spdx_licensing()
    oracle = json.loads((CORPUS / "oracle.json").read_text())
    # The witness keeps deprecated compound ids, knows no "+" on other ids and no LicenseRef, and renames three ids.
    beyond_the_witness = ("-with-", "eCos-2.0", "wxWindows", "LicenseRef", "bzip2-1.0.5", "Net-SNMP", "Nunit")
    compared = 0
    for text in sorted({text for record in oracle for text in record["licenses"]}):
        ours = _outcome(text)
        comparable = not any(mark in text for mark in beyond_the_witness)
        if comparable and not isinstance(ours, ExpressionError):
            theirs = witness.parse(text, validate=True).render()
            assert parse(theirs) == ours, text
            compared += 1
    assert compared > 100


def _outcome(text: str) -> Expression | ExpressionError:
    try:
        return parse(text)
    except ExpressionError as refused:
        return refused
