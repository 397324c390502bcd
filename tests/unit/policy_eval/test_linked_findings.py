"""Findings of components in one linked work whose licences contradict each other (domain model §3.5, rule 7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_eval.adapters.compatibility_files import compatibility
from policy_eval.domain.findings import Finding
from policy_eval.domain.linked_findings import CUT_RULE, MOST_SOUGHT, RULE, linked_findings
from shared.contracts.documents import Root
from shared.contracts.inventory import Component
from shared.licensing import normalise
from tests.support.builders import a_component, evaluated
from tests.support.examples import examples

_APPLICATION = Root(name="shop", type="application")


def found(*components: Component, edges: list[tuple[int, int]] | None = None, **facts: object) -> tuple[Finding, ...]:
    """The findings of these components, the direct dependencies of an application unless edges say otherwise."""
    context = str(facts.pop("context", "proprietary-distributed"))
    linked = [(-1, position) for position in range(len(components))] if edges is None else edges
    evaluation = evaluated(components, context, edges=linked, **{"root": _APPLICATION, **facts})
    return linked_findings(evaluation, compatibility(), normalise)


def gpl(**facts: object) -> Component:
    return a_component("GPL-2.0-only", name="readline", **facts)


def apache(**facts: object) -> Component:
    return a_component("Apache-2.0", name="http", **facts)


def test_gpl_2_and_apache_2_in_one_binary_are_an_error_with_both_components_the_ways_the_clause_and_a_fix() -> None:
    [finding] = found(apache(), gpl())

    question = finding.question
    assert (question.rule, question.severity, question.kind, question.route) == (
        RULE,
        "error",
        "compatibility",
        "legal",
    )
    assert (finding.component, finding.subject.name, question.license) == (1, "readline", "GPL-2.0-only")
    assert "readline under GPL-2.0-only and http under Apache-2.0" in question.message
    assert "GPL-2.0 §6" in question.message
    assert "shop → readline; shop → http" in question.message
    assert "licet:linkage = separate" in question.how_to_fix


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("GPL-2.0-only", "GPL-3.0-only", True),
        ("GPL-2.0-or-later", "GPL-3.0-only", False),
        ("GPL-2.0-or-later", "Apache-2.0", False),
        ("GPL-3.0-only", "Apache-2.0", False),
        ("GPL-2.0-only", "LGPL-3.0-only", True),
        ("GPL-2.0-only", "LGPL-2.1-only", False),
        ("GPL-2.0-only", "EPL-2.0", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "EPL-2.0", False),
        ("GPL-2.0-only WITH openvpn-openssl-exception", "OpenSSL", False),
        ("GPL-2.0-only", "OpenSSL", True),
        ("GPL-2.0-only", "CDDL-1.0", True),
        ("GPL-2.0-only", "MPL-2.0", False),
        ("GPL-3.0-only", "AGPL-3.0-only", False),
        ("GPL-2.0-only", "AGPL-3.0-only", True),
        ("EUPL-1.2", "GPL-3.0-only", False),
        ("EUPL-1.2", "Apache-2.0", False),
        ("SSPL-1.0", "GPL-3.0-only", True),
        ("GPL-3.0-only", "LicenseRef-Proprietary", True),
        ("LGPL-2.1-only", "LicenseRef-Proprietary", False),
        ("MPL-2.0", "EPL-2.0", False),
        ("GPL-2.0-only", "Apache-2.0 OR MIT", False),
        ("GPL-2.0-only", "Apache-2.0 AND MIT", True),
        ("GPL-2.0-only", "Artistic-1.0", False),  # unknown by OSADL: not a contradiction
        ("GPL-2.0-only", "NOASSERTION", False),
    ],
)
def test_pairs_conflict_where_neither_can_go_under_the_other(one: str, other: str, verdict: bool) -> None:
    both_ways = [
        len(found(a_component(first, name="a"), a_component(second, name="b")))
        for first, second in ((one, other), (other, one))
    ]

    assert both_ways == ([1, 1] if verdict else [0, 0])


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"edges": []}, "no graph, no work"),
        ({"root": Root(name="image", type="container")}, "a container holds its packages"),
        ({"root": Root(name="image", purl="pkg:oci/image@1")}, "an image holds its packages"),
        ({"context": "internal-saas"}, "no copies reach others"),
    ],
)
def test_what_is_not_one_work_or_not_delivered_is_not_compared(facts: dict[str, object], why: str) -> None:
    assert found(apache(), gpl(), **facts) == (), why


@pytest.mark.parametrize(
    "apart", [{"linkage": "separate"}, {"linkage": "dev-tool"}, {"scope": "test"}, {"type": "data"}]
)
def test_a_program_of_its_own_a_tool_and_what_is_not_shipped_are_in_no_work(apart: dict[str, str]) -> None:
    assert found(apache(), gpl(**apart)) == ()
    assert found(apache(**apart), gpl()) == ()


def test_two_programs_that_share_a_library_are_two_works() -> None:
    programs = [apache(linkage="separate"), gpl(linkage="separate"), a_component("MIT", name="shared")]

    assert found(*programs, edges=[(-1, 0), (-1, 1), (0, 2), (1, 2)]) == ()


def test_a_program_of_its_own_is_a_work_with_what_it_links() -> None:
    program = a_component("MIT", name="daemon", linkage="separate")

    [finding] = found(program, apache(), gpl(), edges=[(-1, 0), (0, 1), (1, 2)])

    assert "Linked by: http → readline; http." in finding.question.message


def test_os_packages_link_nothing_among_themselves() -> None:
    packages = [
        a_component("Apache-2.0", name="a", purl="pkg:deb/debian/a@1", linkage="dynamic"),
        a_component("GPL-2.0-only", name="b", purl="pkg:deb/debian/b@1", linkage="dynamic"),
    ]

    assert found(*packages, edges=[(-1, 0), (0, 1)], root=Root(name="image", type="container")) == ()


def test_cycles_and_long_chains_end_and_long_ways_are_cut() -> None:
    chain = [a_component("MIT", name=f"c{number}") for number in range(3_000)]
    edges = [(-1, 0), *((number, number + 1) for number in range(3_001)), (3_001, 0)]

    [finding] = found(*chain, apache(), gpl(), edges=edges)

    assert "…" in finding.question.message or "http → readline" in finding.question.message


def test_many_components_are_one_finding_each_and_one_of_the_others_is_named() -> None:
    others = [a_component("Apache-2.0", name=f"http-{number}") for number in range(500)]

    findings = found(*others, gpl(), a_component("GPL-2.0-only", name="gdbm"))

    assert [each.subject.name for each in findings] == ["readline", "gdbm"]
    assert all("http-0 under Apache-2.0" in each.question.message for each in findings)


def test_a_fingerprint_lasts_over_versions_and_other_components_of_the_same_licences() -> None:
    [before] = found(apache(), gpl(version="8.1"))
    [after] = found(a_component("Apache-2.0", name="other"), gpl(version="8.2"))
    [of_another] = found(a_component("EPL-2.0", name="other"), gpl())

    assert before.fingerprint == after.fingerprint != of_another.fingerprint


def test_more_than_is_looked_at_is_told() -> None:
    demanding = [a_component("GPL-2.0-only AND " + each, name=each) for each in _permissive(MOST_SOUGHT + 1)]

    findings = found(*demanding, apache())

    assert findings[0].question.rule == CUT_RULE
    assert len(findings) == MOST_SOUGHT + 1


def _permissive(count: int) -> list[str]:
    kinds = ("MIT", "ISC", "Zlib", "BSD-2-Clause", "BSD-3-Clause", "X11", "curl", "NCSA", "BSL-1.0")
    return [" AND ".join(kinds[bit] for bit in range(9) if number & 1 << bit) for number in range(1, count + 1)]


_LICENSES = st.sampled_from(["MIT", "Apache-2.0", "GPL-2.0-only", "GPL-3.0-only", "EPL-2.0", "LicenseRef-Proprietary"])


@examples(60)
@given(st.lists(_LICENSES, min_size=2, max_size=6), st.randoms())
def test_the_order_of_components_changes_nothing(licenses: list[str], random: object) -> None:
    components = [a_component(each, name=f"{number}-{each}") for number, each in enumerate(licenses)]
    shuffled = sorted(components, key=lambda _: random.random())

    assert {each.fingerprint for each in found(*components)} == {each.fingerprint for each in found(*shuffled)}
