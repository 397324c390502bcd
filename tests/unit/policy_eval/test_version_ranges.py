"""Ranges of versions, in VERS syntax."""

import pytest

from policy_eval.adapters.version_ranges import read_version_range
from shared.errors import InvalidInput


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("vers:npm/>=1.0.0|<2.0.0", ["1.0.0", "1.9.9", "2.0.0-beta"], ["0.9.9", "2.0.0", "1.0.0-rc.1"]),
        ("vers:npm/1.0.0|3.0.0", ["1.0.0", "3.0.0"], ["2.0.0"]),
        ("vers:pypi/>=1.0|!=1.5|<2", ["1.0", "1.0.post1", "1.5.1"], ["1.5", "2.0", "1.0rc1"]),
        ("vers:maven/>=1.0|<1.10", ["1.0", "1.9"], ["1.10", "2.0", "1.0-SNAPSHOT"]),
        ("vers:deb/>=1:2.0-1", ["1:2.0-1", "2:1.0"], ["3.0"]),
        ("vers:npm/*", ["1.0.0", "of no kind"], []),
        ("vers:npm/>=1.0.0", ["1.0.0"], ["latest", ""]),
        ("vers:golang/<=v1.0.0%2Bincompatible", ["v1.0.0+incompatible"], ["v2.0.0"]),
    ],
)
def test_a_version_lies_in_a_range_by_the_rules_of_its_scheme(
    written: str, inside: list[str], outside: list[str]
) -> None:
    contains = read_version_range(written, written.removeprefix("vers:").partition("/")[0])

    assert [each for each in inside if not contains(each)] == []
    assert [each for each in outside if contains(each)] == []


@pytest.mark.parametrize(
    "written",
    [
        *("", ">=1.0.0", "npm/>=1.0.0", "vers:npm", "vers:npm/", "vers:npm/>=", "vers:npm/>=of no kind", "vers:npm/||"),
        *("vers:pypi/>=1.0", "vers:nothing/>=1.0"),
    ],
)
def test_what_cannot_be_compared_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_version_range(written, "npm")

    assert refusal.value.errors[0].pointer == "version_range"
    assert "<class" not in refusal.value.errors[0].message


@pytest.mark.parametrize("type_", ["swift", "docker", "oci"])
def test_versions_without_an_order_are_refused(type_: str) -> None:
    with pytest.raises(InvalidInput):
        read_version_range(f"vers:{type_}/>=1", type_)
