"""The traps of domain model §3.4, each with the clause of the SPDX specification or the fact that decides it.

Annex D is that of SPDX 2.3, Annex B that of SPDX 3.0.1. license-expression 30.4.4 is the witness, wrong where it says so.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.licensing import License, load_catalogue, normalise, parse

# SPDX list, notes of the deprecated ids: "use the licence with an exception instead".
COMPOUND = {
    "GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
    "GPL-2.0-with-GCC-exception": "GPL-2.0-only WITH GCC-exception-2.0",
    "GPL-2.0-with-autoconf-exception": "GPL-2.0-only WITH Autoconf-exception-2.0",
    "GPL-2.0-with-bison-exception": "GPL-2.0-only WITH Bison-exception-2.2",
    "GPL-2.0-with-font-exception": "GPL-2.0-only WITH Font-exception-2.0",
    "GPL-3.0-with-autoconf-exception": "GPL-3.0-only WITH Autoconf-exception-3.0",
    "GPL-3.0-with-GCC-exception": "GPL-3.0-only WITH GCC-exception-3.1",
    "eCos-2.0": "GPL-2.0-or-later WITH eCos-exception-2.0",
    "wxWindows": "LGPL-2.0-or-later WITH WxWindows-exception-3.1",
}
# Annex D.3: "+" means this version or any later one; the GNU ids say it with -or-later (SPDX list 3.0).
OR_LATER = {
    "GPL-2.0+": "GPL-2.0-or-later",
    "gpl-2.0+": "GPL-2.0-or-later",
    "LGPL-2.1+": "LGPL-2.1-or-later",
    "AGPL-1.0+": "AGPL-1.0-or-later",
    "GFDL-1.3+": "GFDL-1.3-or-later",
    "Apache-2.0+": "Apache-2.0+",
    "MPL-2.0+": "MPL-2.0+",
    "GPL-2.0+ WITH Classpath-exception-2.0": "GPL-2.0-or-later WITH Classpath-exception-2.0",
}
# Ids that simplify() of license-expression renames, though they are licences of their own.
KEPT = ["bzip2-1.0.5", "Net-SNMP", "Nunit"]
REPLACED = {
    "StandardML-NJ": "SMLNJ",
    "BSD-2-Clause-FreeBSD": "BSD-2-Clause-Views",
    "BSD-2-Clause-NetBSD": "BSD-2-Clause",
    "GPL-2.0": "GPL-2.0-only",
    "LGPL-3.0": "LGPL-3.0-only",
}


@pytest.mark.parametrize(("written", "meant"), [*COMPOUND.items(), *OR_LATER.items(), *REPLACED.items()])
def test_deprecated_ids_and_or_later_read_as_what_they_say(written: str, meant: str) -> None:
    assert str(parse(written)) == meant
    assert normalise(written).status == "exact"


@pytest.mark.parametrize("license_id", KEPT)
def test_a_deprecated_id_that_nothing_current_equals_stays(license_id: str) -> None:
    assert str(parse(license_id)) == license_id


def test_every_deprecated_id_is_replaced_by_something_current_or_stays_by_name() -> None:
    for known in load_catalogue().licenses:
        read = parse(known.id)
        if known.deprecated and known.replaced_by is None:
            assert str(read) == known.id
            assert known.id in KEPT
        else:
            assert str(parse(str(read))) == str(read)


@pytest.mark.parametrize(
    "written",
    [
        "MIT WITH Apache-2.0",  # Annex D.4: the right side of WITH is an exception
        "Classpath-exception-2.0",  # … and an exception stands nowhere else
        "MIT AND NOASSERTION",  # SPDX 2.3, 7.13: NONE and NOASSERTION are values beside an expression, not in one
        "GPL-2.0-only WITH NOASSERTION",
        "NONE",
        "(MIT OR Apache-2.0) WITH LLVM-exception",  # Annex D.4: WITH follows a simple expression
        "GPL-2.0-only+",  # the id states its versions itself
        "MIT/Apache-2.0",  # no operator of Annex D
        "",
    ],
)
def test_what_is_no_expression_is_not_exact(written: str) -> None:
    assert normalise(written).status != "exact"


def test_none_noassertion_and_absent_stay_apart() -> None:
    reasons = {value: normalise(value).why for value in ("NONE", "NOASSERTION")}

    assert reasons["NONE"] != reasons["NOASSERTION"]
    assert {normalise(value).status for value in ("NONE", "NOASSERTION", "")} == {"unknown"}


def test_absorption_is_not_applied_since_both_licences_are_named() -> None:
    assert str(parse("MIT AND (MIT OR Apache-2.0)")) == "MIT AND (MIT OR Apache-2.0)"


def test_with_binds_before_and_before_or() -> None:
    read = parse("MIT OR GPL-2.0-only WITH Classpath-exception-2.0 AND Zlib")

    assert read == parse("MIT OR ((GPL-2.0-only WITH Classpath-exception-2.0) AND Zlib)")


_IDS = st.sampled_from(["MIT", "Apache-2.0", "GPL-2.0-only", "LGPL-2.1-or-later", "Zlib", "MPL-2.0", "BSD-3-Clause"])


@st.composite
def _written(draw: st.DrawFn) -> str:
    operands = draw(st.lists(_IDS, min_size=1, max_size=6))
    text = operands[0]
    for operand in operands[1:]:
        operator = draw(st.sampled_from(["AND", "OR"]))
        text = f"({text}) {operator} {operand}" if draw(st.booleans()) else f"{text} {operator} {operand}"
    return text


@pytest.mark.long
@given(_written())
def test_the_witness_reads_an_equal_expression(text: str) -> None:
    witness = pytest.importorskip("license_expression").get_spdx_licensing()

    assert parse(str(witness.parse(text))) == parse(text)


@pytest.mark.long
@given(_written(), _written())
def test_the_witness_agrees_on_which_expressions_are_equal_up_to_absorption(one: str, other: str) -> None:
    witness = pytest.importorskip("license_expression").get_spdx_licensing()

    if parse(one) == parse(other):
        assert witness.is_equivalent(one, other)


def test_ranges_and_plain_ids_differ() -> None:
    assert parse("GPL-2.0-only") != parse("GPL-2.0-or-later")
    assert parse("Apache-2.0") != parse("Apache-2.0+")
    assert parse("Apache-2.0+") == License("apache-2.0+")
