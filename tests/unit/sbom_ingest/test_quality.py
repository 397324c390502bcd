"""The quality score says why it is what it is, and what a document and its components lack."""

from typing import Any

import pytest
from msgspec.structs import replace

from sbom_ingest.domain.edges import Edges
from sbom_ingest.domain.graph import linked
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.quality import BSI_NOT_CHECKED, CISA_2025, LICENSE_WORK, NTIA, SCORED, Tally, gaps, quality
from shared.contracts.documents import Buckets, Coverage, Quality, Root
from shared.contracts.inventory import Completeness, Component, ExtractedLicense, Inventory, LicenseClaim
from tests.support.small_sboms import cyclonedx, inventory_of, refusal_of, result_of, spdx

TEXT = LicenseClaim("MIT", "id", "declared", "", text="key")
FULL = Component(
    name="full",
    pointer="/components/0",
    version="1",
    purl="pkg:npm/full@1",
    ref="full",
    supplier="Example",
    licenses=[TEXT],
    copyright=["Copyright Jane"],
    hashes={"sha512": "0"},
    source_url="https://example.org/full.tar.gz",
)
BARE = Component(name="", pointer="/components/1", licenses=[LicenseClaim("NOASSERTION", "expression", "declared", "")])
WITHOUT: dict[str, dict[str, Any]] = {
    "supplier": {"supplier": None},
    "name": {"name": ""},
    "version": {"version": None},
    "identifier": {"ref": None, "purl": None},
    "purl": {"purl": None},
    "license": {"licenses": [LicenseClaim("NOASSERTION", "expression", "declared", "", text="key")]},
    "copyright": {"copyright": []},
    "license-text": {"licenses": [LicenseClaim("MIT", "id", "declared", "")]},
    "hash": {"hashes": {}},
}
"""What a full component is without each element; without an identifier it has no purl either."""


def an_inventory(*components: Component, **facts: Any) -> Inventory:
    """An inventory that says all of itself, and whose root depends on each component."""
    stated: dict[str, Any] = {
        "edges": [(-1, position) for position in range(len(components))],
        "tool": ["tool 1"],
        "authors": ["Jane"],
        "created": "2026-01-01T00:00:00Z",
        "generation_context": ["build"],
        "completeness": [Completeness("complete", "")],
    }
    count = len(components)
    buckets = Buckets(elements=count, components=count, duplicates=0, ignored=0)
    return Inventory("cyclonedx", "json", "1.6", Root(), buckets, list(components), **(stated | facts))


def quality_of(inventory: Inventory) -> Quality:
    """The quality of a document of these components and edges."""
    tally = Tally()
    for component in inventory.components:
        tally.add(component)
    return quality(inventory, tally, linked(Edges(inventory.edges), len(inventory.components)))


def missing_shares(inventory: Inventory) -> dict[str, float]:
    """What is missing of the scored elements, where anything is."""
    return {reason.element: reason.missing_share for reason in quality_of(inventory).reasons if reason.missing_share}


def test_a_document_that_gives_everything_scores_one_and_lacks_nothing() -> None:
    found = quality_of(an_inventory(FULL))

    assert found.score == 1.0
    assert found.ntia == Coverage(list(NTIA), [])
    assert found.cisa_2025 == Coverage(list(CISA_2025), [])
    assert found.bsi_tr_03183_2 is not None
    assert found.bsi_tr_03183_2.missing == []
    assert found.bsi_tr_03183_2.not_checked == list(BSI_NOT_CHECKED)
    assert gaps(an_inventory(FULL)) == []


@pytest.mark.parametrize("element", [element for element in WITHOUT if element != "identifier"])
def test_each_element_of_a_component_moves_the_score_by_its_weight(element: str) -> None:
    inventory = an_inventory(replace(FULL, **WITHOUT[element]))

    weight = 1 / 14 if element in NTIA else 1 / 10
    assert missing_shares(inventory) == {element: 1.0}
    assert quality_of(inventory).score == round(1 - weight, 2)
    assert [gap.missing for gap in gaps(inventory)] == [[element]]


@pytest.mark.parametrize(
    ("element", "facts"),
    [("author", {"authors": []}), ("timestamp", {"created": None}), ("dependency", {"edges": []})],
)
def test_each_element_of_the_document_moves_the_score_by_its_weight(element: str, facts: dict[str, Any]) -> None:
    inventory = an_inventory(FULL, **facts)

    assert missing_shares(inventory) == {element: 1.0}
    assert quality_of(inventory).score == 0.93


def test_a_component_without_any_identifier_lacks_a_purl_too() -> None:
    assert missing_shares(an_inventory(replace(FULL, **WITHOUT["identifier"]))) == {"identifier": 1.0, "purl": 1.0}


def test_the_reasons_count_components_in_a_stable_order() -> None:
    reasons = quality_of(an_inventory(FULL, BARE, FULL)).reasons

    assert [reason.element for reason in reasons] == list(SCORED)
    counted = {reason.element: (reason.have, reason.of, reason.missing_share) for reason in reasons}
    assert counted == {
        **dict.fromkeys(SCORED, (2, 3, 0.33)),
        "dependency": (3, 3, 0.0),
        "author": (1, 1, 0.0),
        "timestamp": (1, 1, 0.0),
    }


def test_the_order_of_components_and_edges_never_moves_the_score() -> None:
    one = an_inventory(FULL, BARE, edges=[(-1, 0), (0, 1)])
    other = an_inventory(BARE, FULL, edges=[(1, 0), (-1, 1)])

    assert quality_of(one) == quality_of(other)


def test_a_document_without_components_scores_nothing_and_meets_no_element_of_a_component() -> None:
    found = quality_of(an_inventory())

    assert found.score == 0.0
    assert found.ntia == Coverage(["author", "timestamp"], ["supplier", "name", "version", "identifier", "dependency"])
    assert {reason.missing_share for reason in found.reasons if reason.element in LICENSE_WORK} == {1.0}
    assert gaps(an_inventory()) == []


def test_a_root_that_is_listed_has_its_place_in_the_graph() -> None:
    inventory = an_inventory(FULL, FULL, edges=[(-1, 1)], root_position=0)

    assert missing_shares(inventory) == {}
    assert missing_shares(replace(inventory, root_position=None)) == {"dependency": 0.5}


@pytest.mark.parametrize(
    ("value", "missing"),
    [
        ("MIT OR LicenseRef-own", {}),
        ("LicenseRef-owner", {"license-text": 1.0}),
        ("DocumentRef-a:LicenseRef-own", {"license-text": 1.0}),
    ],
)
def test_the_text_of_a_license_of_the_documents_own_counts(value: str, missing: dict[str, float]) -> None:
    component = replace(FULL, licenses=[LicenseClaim(value, "expression", "concluded", "")])
    own = [ExtractedLicense("LicenseRef-own", text="key"), ExtractedLicense("LicenseRef-owner")]

    assert missing_shares(an_inventory(component, extracted_licenses=own)) == missing


@pytest.mark.parametrize(
    ("format_", "version", "new_enough"),
    [
        ("cyclonedx", "1.5", False),
        ("cyclonedx", "1.6", True),
        ("cyclonedx", "1.7", True),
        ("spdx", "2.3", False),
        ("spdx", "3.0", False),
        ("spdx", "3.0.1", True),
        ("ort", "71.0.0", False),
        ("spdx", None, False),
    ],
)
def test_bsi_wants_cyclonedx_from_1_6_or_spdx_from_3_0_1(format_: str, version: str | None, new_enough: bool) -> None:
    inventory = replace(an_inventory(FULL), format=format_, spec_version=version)
    coverage = quality_of(inventory).bsi_tr_03183_2

    assert coverage is not None
    assert ("format-version" in coverage.met) == new_enough


def test_gaps_name_the_component_its_place_and_what_it_lacks() -> None:
    [gap] = gaps(an_inventory(FULL, BARE))

    assert (gap.purl, gap.name, gap.version, gap.pointer) == (None, "", None, "/components/1")
    assert gap.missing == [each for each in SCORED if each not in ("dependency", "author", "timestamp")]


def test_cyclonedx_says_who_made_the_document_when_and_at_which_stage() -> None:
    metadata = {
        "timestamp": "2026-01-01T00:00:00Z",
        "authors": [{"name": "Jane"}, {"name": "Jane"}, {"email": "a@example.org"}],
        "manufacturer": {"name": "Example"},
        "supplier": {"name": "Of the root"},
        "lifecycles": [{"phase": "build"}, {"name": "own stage"}],
    }
    inventory = inventory_of(cyclonedx({"name": "a"}, metadata=metadata))

    assert (inventory.authors, inventory.created) == (["Jane", "Example"], "2026-01-01T00:00:00Z")
    assert inventory.generation_context == ["build", "own stage"]


def test_spdx_says_who_made_the_document_and_a_tool_is_no_author() -> None:
    creators = ["Tool: example-1.0", "Organization: Example ()", "Person: Jane (jane@example.org)"]
    inventory = inventory_of(spdx({"name": "a"}, creationInfo={"created": "2026-01-01", "creators": creators}))

    assert (inventory.authors, inventory.created) == (["Example", "Jane"], "2026-01-01")
    assert inventory.tool == ["example-1.0"]


def test_a_time_that_is_none_does_not_count() -> None:
    result = result_of(cyclonedx({"name": "a"}, metadata={"timestamp": "yesterday"}))

    assert result.facts.quality.ntia is not None
    assert "timestamp" in result.facts.quality.ntia.missing


def test_what_a_document_says_of_its_making_is_bounded_like_any_field() -> None:
    limit = Limits().field_bytes
    metadata = [{"authors": [{"name": "a" * length}]} for length in (limit, limit + 1)]

    assert inventory_of(cyclonedx(metadata=metadata[0])).authors == ["a" * limit]
    assert refusal_of(cyclonedx(metadata=metadata[1])).limit == "field"


@pytest.mark.parametrize(
    ("stated", "is_met"),
    [
        ([], False),
        ([Completeness("complete", "")], True),
        ([Completeness("not_specified", "")], False),
        ([Completeness("unknown", "", dependencies=(0, 1))], True),
        ([Completeness("complete", "", dependencies=(-1, 0))], False),
        ([Completeness("complete", "", assemblies=(0, 1))], False),
        ([Completeness("complete", "", dependencies=(0,)), Completeness("incomplete", "", dependencies=(1,))], True),
    ],
)
def test_known_unknowns_are_told_where_each_component_says_how_complete_its_dependencies_are(
    stated: list[Completeness], is_met: bool
) -> None:
    found = quality_of(an_inventory(FULL, replace(FULL, name="other"), completeness=stated))

    assert found.cisa_2025 is not None
    assert found.bsi_tr_03183_2 is not None
    assert ("known-unknowns" in found.cisa_2025.met) is is_met
    assert ("dependency-completeness" in found.bsi_tr_03183_2.met) is is_met
