"""Every element ends in a bucket, duplicates are merged, and the graph says what is direct."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbom_ingest.domain.component_store import ComponentStore
from sbom_ingest.domain.edges import Edges
from sbom_ingest.domain.graph import combined_edges, count_in_cycles
from shared.contracts.documents import Buckets
from shared.contracts.inventory import Component
from tests.support.small_sboms import cyclonedx, edges_by_name, inventory_of, result_of

COMPONENTS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["a", "b", " ", ""])},
        optional={"version": st.sampled_from(["1", "2"]), "scope": st.sampled_from(["optional", "required"])},
    ),
    max_size=12,
)
EDGES = st.lists(st.tuples(st.integers(-1, 5), st.integers(0, 5)), max_size=15)


@given(COMPONENTS)
def test_the_buckets_add_up_to_the_elements(components: list[dict[str, str]]) -> None:
    result = result_of(cyclonedx(*components))
    inventory = inventory_of(result)

    buckets = result.facts.buckets
    assert buckets.elements == len(components) == buckets.components + buckets.duplicates + buckets.ignored
    assert sum(component.occurrences for component in inventory.components) == buckets.components + buckets.duplicates
    assert len(result.ignored) == buckets.ignored


def test_an_element_that_nothing_identifies_is_ignored_with_its_place() -> None:
    result = result_of(cyclonedx({"name": "a"}, {"name": " "}))

    assert result.facts.buckets == Buckets(elements=2, components=1, duplicates=0, ignored=1)
    assert [item.pointer for item in result.ignored] == ["/components/1"]


def test_duplicates_are_merged_into_the_first_and_edges_follow() -> None:
    inventory = inventory_of(
        cyclonedx(
            {"name": "a", "bom-ref": "1"},
            {"name": "b", "bom-ref": "2"},
            {"name": "a", "bom-ref": "3"},
            dependencies=[{"ref": "3", "dependsOn": ["2"]}, {"ref": "1", "dependsOn": ["3"]}],
        )
    )

    assert [(component.name, component.occurrences, component.pointer) for component in inventory.components] == [
        ("a", 2, "/components/0"),
        ("b", 1, "/components/1"),
    ]
    assert edges_by_name(inventory) == [("a", "b")]


@pytest.mark.parametrize(
    "other",
    [
        {"version": "2"},
        {"group": "g"},
        {"scope": "optional"},
        {"licenses": [{"license": {"id": "MIT"}}]},
        {"hashes": [{"alg": "MD5", "content": "0" * 32}]},
        {"copyright": "Copyright Jane"},
        {"properties": [{"name": "licet:notice", "value": "text"}]},
    ],
)
def test_elements_that_differ_in_one_fact_are_no_duplicates(other: dict[str, Any]) -> None:
    assert result_of(cyclonedx({"name": "a"}, {"name": "a"} | other)).facts.buckets.duplicates == 0


def test_many_elements_of_one_name_are_compared_once_each() -> None:
    store = ComponentStore(BytesIO())
    for number in range(20_000):
        store.append(Component(name="a", pointer=str(number), supplier=str(number // 2)))

    assert store.merge_duplicates().duplicates == 10_000


@given(EDGES, EDGES)
def test_containments_reach_all_that_they_could_and_nothing_is_lost(
    dependencies: list[tuple[int, int]], containments: list[tuple[int, int]]
) -> None:
    edges = list(combined_edges(Edges(dependencies), Edges(containments), None, 6))

    def reached(given_edges: list[tuple[int, int]]) -> set[int]:
        known = {-1}
        while more := {target for source, target in given_edges if source in known} - known:
            known |= more
        return known

    assert {edge for edge in dependencies if edge[0] != edge[1]} <= set(edges)
    assert edges == sorted(set(edges))
    assert reached(edges) == reached(dependencies + containments)


@pytest.mark.parametrize(
    ("edges", "circling"),
    [
        ([(-1, 0), (0, 1), (0, 2), (1, 3), (2, 3)], 0),
        ([(-1, 0), (0, 1), (1, 0), (1, 2)], 2),
        ([(0, 1), (1, 2), (2, 0), (5, 0), (2, 4)], 3),
    ],
)
def test_components_on_circles_are_counted(edges: list[tuple[int, int]], circling: int) -> None:
    assert count_in_cycles(Edges(sorted(edges)), 6) == circling


def test_the_same_document_gives_the_same_bytes() -> None:
    document = cyclonedx({"name": "a", "licenses": [{"license": {"name": "b", "text": {"content": "text"}}}]})

    assert result_of(document).inventory == result_of(document).inventory
