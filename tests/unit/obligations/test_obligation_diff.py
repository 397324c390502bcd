"""What has changed of the obligations between two releases."""

from hypothesis import given
from hypothesis import strategies as st

from obligations.domain.derive import AffectedComponent
from obligations.domain.obligation_diff import ObligationHead, compare_obligations, without_others

_names = st.sampled_from(["give-text", "give-source", "state-changes"])
heads = st.builds(
    lambda obligation, license_, clause: ObligationHead(
        f"{obligation}{license_}{clause}", "etag", obligation, "", "active", license_, clause, "always", None, None
    ),
    _names,
    st.sampled_from([None, "MIT", "Zlib"]),
    st.sampled_from([None, "1", "2"]),
)
several = st.lists(heads, unique_by=lambda each: each.identity, max_size=12)


def a_component(name: str, version: str | None = "1", purl: str | None = None) -> AffectedComponent:
    return AffectedComponent(name, version, purl or f"pkg:npm/{name}@{version}", "main")


@given(several)
def test_equal_lists_have_no_difference_in_whatever_order(release):
    diff = compare_obligations(release, release[::-1])

    assert (diff.added, diff.removed) == ([], [])
    assert [old for old, _ in diff.both] == [new for _, new in diff.both]


@given(several, several)
def test_each_obligation_is_added_or_removed_or_in_both(base, release):
    diff = compare_obligations(base, release)

    assert len(diff.added) + len(diff.both) == len(release)
    assert len(diff.removed) + len(diff.both) == len(base)
    back = compare_obligations(release, base)
    assert (back.added, back.removed) == (diff.removed, diff.added)


def test_a_new_version_of_a_component_is_no_new_cause():
    old, new = [a_component("a", "1"), a_component("b")], [a_component("a", "2"), a_component("c")]

    assert without_others(new, old) == [a_component("c")]
    assert without_others(old, new) == [a_component("b")]


def test_packages_of_one_name_and_other_types_are_told_apart():
    assert without_others([a_component("a", purl="pkg:pypi/a@1")], [a_component("a")]) == [
        a_component("a", purl="pkg:pypi/a@1")
    ]
