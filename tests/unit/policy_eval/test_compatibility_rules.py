"""The rules of domain model §3.5 that are lists or tables, whole; single clauses are in test_compatibility.py."""

from typing import Final

import pytest

from policy_eval.adapters.compatibility_files import compatibility
from policy_eval.domain.compatibility_facts import Combination, Outcome
from shared.contracts.inventory import Linkage
from shared.licensing import parse

_LINKED: Final[tuple[Linkage, ...]] = ("dynamic", "package", "static")
_DECIDE = compatibility()


def asked(inbound: str, outbound: str, linkage: Linkage = "package") -> Outcome:
    return _DECIDE.decide(parse(inbound), parse(outbound), Combination(linkage))


# Rule 2: what the texts themselves permit.
APPENDIX_OF_THE_EUPL = [
    *("GPL-2.0-only", "GPL-3.0-only", "AGPL-3.0-only", "OSL-2.1", "OSL-3.0", "EPL-1.0", "CECILL-2.0", "CECILL-2.1"),
    *("MPL-2.0", "LGPL-2.1-only", "LGPL-3.0-only", "EUPL-1.1", "EUPL-1.2", "LiLiQ-R-1.1", "LiLiQ-Rplus-1.1"),
]


@pytest.mark.parametrize("outbound", APPENDIX_OF_THE_EUPL)
def test_work_under_the_eupl_may_go_out_under_each_licence_of_its_appendix(outbound: str) -> None:
    assert asked("EUPL-1.2", outbound, "copied").verdict == "compatible"


@pytest.mark.parametrize("outbound", ["MIT", "Apache-2.0", "EPL-2.0", "CDDL-1.0", "GPL-1.0-only", "MPL-1.1"])
def test_what_the_appendix_does_not_name_is_no_way_out(outbound: str) -> None:
    assert asked("EUPL-1.2", outbound, "copied").verdict == "incompatible"


@pytest.mark.parametrize(
    ("outbound", "verdict"),
    [
        ("GPL-2.0-only", "compatible"),
        ("LGPL-3.0-only", "compatible"),
        ("AGPL-3.0-only", "compatible"),
        ("MIT", "incompatible"),
    ],
)
def test_what_is_under_the_mpl_may_be_put_under_its_secondary_licences(outbound: str, verdict: str) -> None:
    assert asked("MPL-2.0", outbound, "copied").verdict == verdict


# Rule 3: whatever the matrix says, which is about copied code.
@pytest.mark.parametrize("inbound", ["EPL-1.0", "EPL-2.0", "CDDL-1.0", "CDDL-1.1", "MPL-1.1", "MPL-2.0", "MS-RL"])
@pytest.mark.parametrize("outbound", ["MIT", "Apache-2.0", "LicenseRef-Proprietary"])
def test_weak_copyleft_that_is_linked_is_conditional_in_each_linkage(inbound: str, outbound: str) -> None:
    outcomes = {linkage: asked(inbound, outbound, linkage) for linkage in _LINKED}

    assert {linkage: each.verdict for linkage, each in outcomes.items()} == dict.fromkeys(_LINKED, "conditional")
    assert all("files" in each.why for each in outcomes.values())


@pytest.mark.parametrize("inbound", ["LGPL-2.0-only", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only"])
@pytest.mark.parametrize("outbound", ["MIT", "EUPL-1.2", "LicenseRef-Proprietary"])
def test_the_lgpl_that_is_linked_statically_asks_to_relink(inbound: str, outbound: str) -> None:
    outcomes = {linkage: asked(inbound, outbound, linkage) for linkage in _LINKED}

    assert {linkage: each.verdict for linkage, each in outcomes.items()} == dict.fromkeys(_LINKED, "conditional")
    assert [linkage for linkage, each in outcomes.items() if "relink" in each.why] == ["static"]


@pytest.mark.parametrize("pair", ["GPL-2.0-only WITH Classpath-exception-2.0", "GPL-3.0-only WITH GCC-exception-3.1"])
def test_a_linking_exception_lifts_copyleft_of_static_linking_too(pair: str) -> None:
    assert {asked(pair, "MIT", linkage).verdict for linkage in _LINKED} == {"conditional"}


# Rule 4: inbound, outbound, what the matrix says, what it comes to.
@pytest.mark.parametrize(
    ("inbound", "outbound", "says", "verdict"),
    [
        ("AFL-2.0", "0BSD", "Yes", "compatible"),
        ("CPL-1.0", "0BSD", "No", "incompatible"),
        ("MPL-1.1", "EUPL-1.2", "Check dependency", "conditional"),
        ("MS-PL", "0BSD", "Unknown", "unknown"),
    ],
)
def test_the_matrix_answers_for_copied_code_where_no_text_does(
    inbound: str, outbound: str, says: str, verdict: str
) -> None:
    outcome = asked(inbound, outbound, "copied")

    assert (outcome.verdict, _DECIDE.is_by_matrix(outcome)) == (verdict, True)
    assert outcome.why.endswith(f": {says}")


def test_the_same_licence_is_compatible_and_one_that_the_matrix_lacks_is_unknown() -> None:
    assert asked("MS-PL", "MS-PL", "copied").verdict == "compatible"
    assert asked("Glulxe", "0BSD", "copied").verdict == "unknown"


# Rule 6: each licence of an outbound AND is a promise to somebody, as each branch of an OR is.
@pytest.mark.parametrize("outbound", ["MIT AND GPL-2.0-only", "MIT OR GPL-2.0-only"])
def test_the_outbound_licence_that_fails_is_named(outbound: str) -> None:
    outcome = asked("Apache-2.0", outbound)

    assert outcome.verdict == "incompatible"
    assert outcome.why.startswith("for the outbound licence GPL-2.0-only")
