"""What has changed between two releases."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policy_eval.domain.release_diff import ComparedComponent, compare_components, compare_licenses


def _component(name: str, version: str | None = "1", license_: str | None = "MIT", **facts: Any) -> ComparedComponent:
    purl = facts.pop("purl", f"pkg:npm/{name}@{version}" if version else f"pkg:npm/{name}")
    return ComparedComponent(name, version, purl, effective_license=license_, **facts)


def test_a_release_differs_in_nothing_from_itself() -> None:
    components = [_component("a"), _component("a"), _component("b", None, None)]

    diff = compare_components(components, components[::-1])

    assert (diff.added, diff.removed, diff.changed) == ([], [], [])


def test_components_come_and_go() -> None:
    diff = compare_components([_component("a"), _component("b")], [_component("b"), _component("c")])

    assert (diff.added, diff.removed, diff.changed) == ([_component("c")], [_component("a")], [])


def test_a_new_version_is_a_change() -> None:
    before, after = _component("a", "1"), _component("a", "2")

    assert compare_components([before], [after]).changed == [(before, after)]


def test_a_new_licence_is_a_change() -> None:
    before, after = _component("a", license_="MIT"), _component("a", license_=None)

    assert compare_components([before], [after]).changed == [(before, after)]


def test_what_has_no_purl_is_known_by_group_and_name() -> None:
    before = ComparedComponent("core", "1", group="org.example")
    after = ComparedComponent("core", "2", group="org.example")
    other = ComparedComponent("core", "2", group="org.other")

    diff = compare_components([before], [after, other])

    assert (diff.added, diff.changed) == ([other], [(before, after)])


def test_of_several_versions_the_same_stay_together() -> None:
    base = [_component("a", "1"), _component("a", "2"), _component("a", "3")]
    release = [_component("a", "4"), _component("a", "2", "Apache-2.0"), _component("a", "3")]

    changed = compare_components(base, release).changed

    assert {(before.version, after.version) for before, after in changed} == {("2", "2"), ("1", "4")}


def test_one_of_two_alike_that_is_gone_is_removed() -> None:
    diff = compare_components([_component("a"), _component("a")], [_component("a")])

    assert (diff.added, diff.removed, diff.changed) == ([], [_component("a")], [])


_COMPONENTS = st.lists(
    st.builds(_component, st.sampled_from("ab"), st.sampled_from("123"), st.sampled_from(["MIT", None])), max_size=8
)


@given(_COMPONENTS, _COMPONENTS, st.randoms(use_true_random=False))
def test_the_difference_accounts_for_every_component_in_any_order(
    base: list[ComparedComponent], release: list[ComparedComponent], order: random.Random
) -> None:
    diff = compare_components(base, release)
    order.shuffle(base)
    order.shuffle(release)

    assert compare_components(base, release) == diff
    assert len(release) - len(base) == len(diff.added) - len(diff.removed)
    assert not {each.name for each in diff.added} & {each.name for each in diff.removed}
    assert all(
        (old.version, old.effective_license) != (new.version, new.effective_license) for old, new in diff.changed
    )


def test_licences_are_told_apart_by_operand() -> None:
    base = [_component("a", license_="MIT AND Zlib"), _component("b", license_=None)]
    release = [_component("a", license_="MIT"), _component("c", license_="GPL-2.0-only WITH Classpath-exception-2.0")]

    diff = compare_licenses(base, release)

    assert (diff.added, diff.removed) == (["GPL-2.0-only WITH Classpath-exception-2.0"], ["Zlib"])
