"""Compatibility of licences, one row for each clause (domain model §3.5)."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_eval.adapters.compatibility_files import compatibility
from policy_eval.application.check_compatibility import CheckCompatibility
from policy_eval.domain.compatibility_facts import Combination, Outcome
from shared.contracts.inventory import Linkage
from shared.licensing import normalise

_CHECK = CheckCompatibility(compatibility(), normalise)
_OWN = "LicenseRef-Proprietary"
_COMBINED: Final[tuple[Linkage, ...]] = ("package", "static", "copied")
_ORDER = ("compatible", "not-applicable", "conditional", "unknown", "incompatible")


async def asked(
    inbound: str,
    outbound: str,
    linkage: Linkage = "package",
    modified: bool = False,
    delivery: tuple[str, ...] = ("binary",),
) -> Outcome:
    return await _CHECK(inbound, outbound, Combination(linkage, modified, frozenset(delivery)))


@pytest.mark.parametrize(
    ("inbound", "outbound", "verdict", "named"),
    [
        ("MIT", "GPL-2.0-only", "compatible", "FSF"),
        ("Apache-2.0", "GPL-2.0-only", "incompatible", "§3"),
        ("Apache-2.0", "GPL-3.0-only", "compatible", "FSF"),
        ("Apache-2.0", "AGPL-3.0-only", "compatible", "FSF"),
        ("Apache-2.0", "GPL-2.0-or-later", "conditional", "raises GPL-2.0-or-later to GPL-3.0-or-later"),
        ("GPL-2.0-only", "Apache-2.0", "incompatible", "copyleft"),
        ("GPL-2.0-or-later", "Apache-2.0", "incompatible", "copyleft"),
        ("GPL-3.0-only", "MIT", "incompatible", "copyleft"),
        ("GPL-2.0-only", "GPL-3.0-only", "incompatible", "§2(b)"),
        ("GPL-3.0-only", "GPL-2.0-only", "incompatible", "§5(c)"),
        ("GPL-2.0-or-later", "GPL-3.0-only", "compatible", ""),
        ("GPL-2.0-only", "GPL-2.0-or-later", "conditional", "without later versions"),
        ("GPL-3.0-only", "AGPL-3.0-only", "conditional", "§13"),
        ("AGPL-3.0-only", "GPL-3.0-or-later", "conditional", "§13"),
        ("AGPL-3.0-only", "GPL-2.0-only", "incompatible", "§13"),
        ("LGPL-2.1-only", "GPL-3.0-only", "compatible", "LGPL-2.1 §3"),
        ("LGPL-3.0-only", "GPL-2.0-only", "incompatible", "LGPL-3.0"),
        ("MPL-2.0", "GPL-2.0-or-later", "compatible", "MPL-2.0 §3.3"),
        ("MPL-2.0-no-copyleft-exception", "GPL-3.0-only", "incompatible", "Exhibit B"),
        ("MPL-1.1", "GPL-2.0-only", "incompatible", "MPL-2.0 §1.5"),
        ("MPL-1.1+", "GPL-2.0-only", "incompatible", "§1.5"),
        ("MPL-1.1+", "AGPL-3.0-only", "incompatible", "§1.5"),
        ("CDDL-1.0", "GPL-2.0-only", "incompatible", "CDDL §3.1"),
        ("GPL-2.0-only", "CDDL-1.0", "incompatible", "copyleft"),
        ("EPL-2.0", "GPL-2.0-only", "incompatible", "Exhibit A"),
        ("EPL-1.0", "GPL-3.0-only", "incompatible", "FSF"),
        ("EUPL-1.2", "GPL-2.0-only", "compatible", "Appendix"),
        ("EUPL-1.2", "AGPL-3.0-only", "compatible", "Appendix"),
        ("EUPL-1.2", "MIT", "incompatible", "copyleft"),
        ("GPL-3.0-only", "EUPL-1.2", "incompatible", "copyleft"),
        ("Apache-2.0", "EUPL-1.2", "conditional", "Joinup"),
        ("CECILL-2.1", "EUPL-1.2", "compatible", "§5.3.4"),
        ("BSD-4-Clause", "GPL-3.0-only", "incompatible", "advertising clause"),
        ("OpenSSL", "GPL-2.0-or-later", "incompatible", "advertising"),
        ("CC-BY-SA-4.0", "GPL-3.0-only", "compatible", "§3(b)(1)"),
        ("CC-BY-SA-4.0", "GPL-3.0-or-later", "conditional", "§3(b)(1)"),
        ("CC-BY-SA-3.0", "GPL-3.0-only", "conditional", "CC-BY-SA-3.0 §4(b)"),
        ("CC-BY-SA-2.0", "GPL-3.0-only", "conditional", "CC-BY-SA-2.0 §4(b)"),
        ("CC-BY-SA-3.0", "GPL-2.0-only", "conditional", "attributed"),
        ("EUPL-1.1", "GPL-3.0-only", "conditional", "EUPL-1.1 §5, unless the work is expressly"),
        ("EUPL-1.1", "MPL-2.0", "conditional", "EUPL-1.2 §5 compatibility clause"),
        ("EUPL-1.1", "AGPL-3.0-only", "conditional", "EUPL-1.1 §5"),
        ("EUPL-1.1", "GPL-2.0-only", "compatible", "Appendix"),
        ("EUPL-1.2", "GPL-3.0-or-later", "conditional", "names GPL-3.0-only"),
        ("EUPL-1.2", "GPL-2.0-or-later", "conditional", "names GPL-2.0-only and GPL-3.0-only"),
        ("MPL-2.0", "GPL-3.0-or-later", "compatible", "§1.12"),
        ("CECILL-2.1", "GPL-3.0-or-later", "compatible", "§5.3.4"),
        ("CECILL-2.1", "GPL-1.0-only", "incompatible", "§5.3.2"),
        ("CECILL-2.0", "CECILL-2.1", "compatible", "CeCILL-2.0 §12.3"),
        ("CECILL-2.0", "EUPL-1.2", "conditional", "CeCILL-2.0 §12.3"),
        ("MPL-1.1", "LGPL-2.1-only", "conditional", "its own files"),
        ("SSPL-1.0", "Apache-2.0", "incompatible", "§5(c), §13"),
        ("SSPL-1.0", "GPL-3.0-only", "incompatible", "SSPL-1.0: copyleft, §5(c)"),
        ("MIT", "CC0-1.0", "conditional", "CC0-1.0 §4(c)"),
        ("GPL-2.0-only", "CC0-1.0", "incompatible", "§2(b)"),
        ("GPL-3.0-only", "GPL-3.0-or-later", "conditional", "FAQ"),
        ("CC-BY-NC-4.0", "MIT", "incompatible", "restricts"),
        ("LicenseRef-Proprietary", "GPL-3.0-only", "incompatible", "withholds"),
        ("PostgreSQL", "GPL-2.0-only", "compatible", "OSADL"),
        ("Artistic-1.0", "GPL-2.0-only", "unknown", "OSADL"),
    ],
)
async def test_a_pair_is_answered_with_the_clause_that_decides_it(
    inbound: str, outbound: str, verdict: str, named: str
) -> None:
    outcome = await asked(inbound, outbound)

    assert outcome.verdict == verdict
    assert named in f"{outcome.why} {outcome.source}"


@pytest.mark.parametrize(
    ("inbound", "linked", "copied"),
    [
        ("MIT", "compatible", "compatible"),
        ("Glulxe", "conditional", "conditional"),  # permissive by ScanCode alone
        ("MPL-2.0", "conditional", "incompatible"),
        ("EPL-2.0", "conditional", "incompatible"),
        ("CDDL-1.1", "conditional", "incompatible"),
        ("LGPL-2.1-or-later", "conditional", "incompatible"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "conditional", "incompatible"),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", "conditional", "incompatible"),
        ("GPL-3.0-or-later", "incompatible", "incompatible"),
        ("AGPL-3.0-only", "incompatible", "incompatible"),
        ("SSPL-1.0", "incompatible", "incompatible"),
        ("EUPL-1.2", "incompatible", "incompatible"),
        ("CC-BY-NC-4.0", "incompatible", "incompatible"),
        ("CC-BY-SA-4.0", "conditional", "incompatible"),
        ("BUSL-1.1", "unknown", "unknown"),
        ("LicenseRef-Acme", "unknown", "unknown"),
        ("LicenseRef-Proprietary", "unknown", "unknown"),
    ],
)
async def test_work_under_own_terms_takes_in_what_the_category_and_the_linkage_allow(
    inbound: str, linked: str, copied: str
) -> None:
    verdicts = {linkage: (await asked(inbound, _OWN, linkage)).verdict for linkage in _COMBINED}

    assert verdicts == {"package": linked, "static": linked, "copied": copied}


@pytest.mark.parametrize("linkage", ["separate", "dev-tool"])
async def test_programs_of_their_own_and_tools_are_no_combination(linkage: Linkage) -> None:
    assert (await asked("GPL-3.0-only", _OWN, linkage)).verdict == "not-applicable"


async def test_without_delivery_nothing_is_asked_and_over_a_network_only_of_network_copyleft() -> None:
    assert (await asked("AGPL-3.0-only", _OWN, delivery=())).verdict == "not-applicable"
    assert (await asked("GPL-3.0-only", _OWN, delivery=("network",))).verdict == "not-applicable"
    assert (await asked("AGPL-3.0-only", _OWN, delivery=("network",))).verdict == "incompatible"


async def test_an_outbound_licence_that_gives_network_users_the_source_makes_the_question_one_of_copies() -> None:
    assert (await asked("GPL-2.0-only", "AGPL-3.0-only", delivery=("network",))).verdict == "incompatible"
    assert (await asked("GPL-3.0-only", "AGPL-3.0-only", delivery=("network",))).verdict == "conditional"
    assert (await asked("GPL-2.0-only", "GPL-3.0-only", delivery=("network",))).verdict == "not-applicable"


@pytest.mark.parametrize(
    ("inbound", "outbound"), [("GPL-3.0-only", "AGPL-3.0-only"), ("AGPL-3.0-only", "GPL-3.0-only")]
)
async def test_copied_code_of_gpl_and_agpl_may_be_combined_in_files_of_its_own(inbound: str, outbound: str) -> None:
    outcome = await asked(inbound, outbound, "copied")

    assert outcome.verdict == "conditional"
    assert "files of its own" in outcome.why


@pytest.mark.parametrize(
    ("inbound", "outbound", "verdict", "branch"),
    [
        ("GPL-2.0-only OR MIT", _OWN, "compatible", "MIT"),
        ("MIT AND GPL-2.0-only", _OWN, "incompatible", None),
        ("(Apache-2.0 OR MIT) AND BSD-3-Clause", "GPL-2.0-only", "compatible", "MIT AND BSD-3-Clause"),
        ("EPL-2.0 OR GPL-2.0-or-later", "GPL-3.0-only", "compatible", "GPL-3.0-only"),
        ("GPL-2.0-or-later", "GPL-2.0-only", "compatible", "GPL-2.0-only"),
        ("GPL-2.0-only OR LicenseRef-Acme", "MIT", "unknown", None),
    ],
)
async def test_or_takes_the_best_branch_and_and_asks_for_every_operand(
    inbound: str, outbound: str, verdict: str, branch: str | None
) -> None:
    outcome = await asked(inbound, outbound)

    assert (outcome.verdict, outcome.branch) == (verdict, branch)


async def test_an_outbound_offer_must_be_suited_in_every_branch_and_the_failing_one_is_named() -> None:
    outcome = await asked("Apache-2.0", "MIT OR GPL-2.0-only")

    assert outcome.verdict == "incompatible"
    assert "outbound licence GPL-2.0-only" in outcome.why


async def test_an_exception_that_nobody_has_read_is_not_taken_for_the_licence_alone() -> None:
    outcome = await asked("GPL-2.0-only WITH SWI-exception", _OWN)

    assert outcome.verdict == "unknown"


async def test_what_is_incompatible_comes_with_what_else_could_be_done() -> None:
    outcome = await asked("Apache-2.0", "GPL-2.0-only")

    assert "raise the outbound licence to GPL-3.0-or-later" in outcome.alternatives


@pytest.mark.parametrize(
    ("inbound", "outbound", "first"),
    [
        ("GPL-3.0-only", "GPL-2.0-only", "raise the outbound licence to GPL-3.0-only"),
        (
            "GPL-2.0-only",
            "GPL-3.0-only",
            "change the outbound licence to GPL-2.0-only, if all other components allow it",
        ),
        (
            "AGPL-3.0-only",
            "GPL-2.0-only",
            "change the outbound licence to AGPL-3.0-only, if all other components allow it",
        ),
        ("GPL-2.0-only", "MIT", "change the outbound licence to GPL-2.0-only, if all other components allow it"),
        ("SSPL-1.0", "MIT", "replace the component by one under other terms"),
    ],
)
async def test_only_a_later_version_of_the_same_licence_is_called_raising(
    inbound: str, outbound: str, first: str
) -> None:
    assert (await asked(inbound, outbound)).alternatives[0] == first


@pytest.mark.parametrize(
    "strange", ["", "NONE", "NOASSERTION", "not a licence!!", "\ud800", "GPL", "MIT WITH MIT", "("]
)
async def test_a_strange_licence_is_unknown_on_either_side(strange: str) -> None:
    assert (await asked(strange, "MIT")).verdict == "unknown"
    assert (await asked("MIT", strange)).verdict == "unknown"


async def test_too_many_pairs_are_unknown_and_not_computed() -> None:
    many = " AND ".join(f"LicenseRef-{number}" for number in range(300))

    assert "pairs" in (await asked(many, many)).why


_LICENSES = st.sampled_from(
    ["MIT", "Apache-2.0", "GPL-2.0-only", "GPL-2.0-or-later", "LGPL-2.1-only", "MPL-2.0", "EUPL-1.2", "LicenseRef-Acme"]
)


@given(st.lists(_LICENSES, min_size=2, max_size=4, unique=True), st.sampled_from(["AND", "OR"]), _LICENSES, st.data())
async def test_the_order_of_operands_never_changes_an_answer(
    operands: list[str], operator: str, other: str, data: st.DataObject
) -> None:
    reordered = data.draw(st.permutations(operands))
    first, second = (f" {operator} ".join(each) for each in (operands, reordered))

    assert (await asked(first, other)).verdict == (await asked(second, other)).verdict
    assert (await asked(other, first)).verdict == (await asked(other, second)).verdict


@given(_LICENSES, _LICENSES, _LICENSES)
async def test_and_is_never_better_and_or_never_worse_than_an_operand(first: str, second: str, outbound: str) -> None:
    alone = [_ORDER.index((await asked(each, outbound)).verdict) for each in (first, second)]

    assert _ORDER.index((await asked(f"{first} AND {second}", outbound)).verdict) == max(alone)
    assert _ORDER.index((await asked(f"{first} OR {second}", outbound)).verdict) == min(alone)
