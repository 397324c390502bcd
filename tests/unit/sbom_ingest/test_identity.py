"""A component without package URL has an identity that depends on what it is, and on nothing else."""

from typing import Any

import pytest

from tests.support.small_sboms import cyclonedx, inventory_of, only_component

PLAIN = {"type": "library", "name": "a", "version": "1", "group": "g", "supplier": {"name": "Acme"}}


def identity(**changes: Any) -> str | None:
    return only_component(cyclonedx(PLAIN | changes)).identity


def test_it_is_the_same_in_any_place_of_any_document() -> None:
    others = [{"name": "b"}, {"name": "c", "purl": "pkg:npm/c@1"}, PLAIN | {"bom-ref": "x", "copyright": "Jane"}]

    found = {each.name: each.identity for each in inventory_of(cyclonedx(*others)).components}

    assert found["a"] == identity() == "urn:licet:component:4f7c63a15c9d5bb5151a3e5cc0280e60"
    assert found["b"] != found["a"]
    assert found["c"] is None


@pytest.mark.parametrize(
    "change", [{"type": "file"}, {"name": "b"}, {"version": "2"}, {"group": "h"}, {"supplier": {"name": "Other"}}]
)
def test_it_changes_with_all_that_it_is_made_of(change: dict[str, Any]) -> None:
    assert identity(**change) != identity()
