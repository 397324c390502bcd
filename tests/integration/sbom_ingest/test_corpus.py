"""Real documents of many tools are read as an independent oracle counted them; broken ones are refused or bounded.

The corpus is not part of this repository: `LICET_CORPUS` names its folder.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refusal
from shared.contracts.inventory import Component, Inventory
from tests.support.reading import Read, read
from tests.support.small_sboms import inventory_of, result_of

CORPUS = Path(os.environ.get("LICET_CORPUS", Path(__file__).parents[4] / "shared" / "corpus"))
READ_NOW = {
    ("cyclonedx", "json"),
    ("cyclonedx", "xml"),
    ("spdx", "json"),
    ("spdx", "yaml"),
    ("spdx", "tag-value"),
    ("spdx", "xml"),
    ("spdx", "rdf-xml"),
    ("spdx", "json-ld"),
    ("ort-result", "yaml"),
    ("ort-evaluated-model", "json"),
    ("ort-evaluated-model", "yaml"),
}
SAYS_NOTHING = {"NOASSERTION", "NONE"}
OPERATORS = re.compile(" (?:AND|OR|WITH) ")
# The oracle takes the first element that is described, here a file. The document is about a package too, and the root
# of a release is a package.
GLIBC = {"name": "glibc", "version": "2.11.1"}
ROOTS_OTHERWISE = {
    "spdx22-spec-example.yaml": GLIBC,
    "spdx22-spec-example.xml": GLIBC,
    "spdx23-spec-example.xml": GLIBC,
}
# The oracle counts a relationship twice that the file has twice.
DISTINCT_EDGES = {"spdx301-spdx-examples-ai.json": 7, "spdx22-opensbom-generator-docker.spdx": 848}

# What ORT makes of declared licences; the oracle lists what it made it of.
MADE_OF_DECLARED = "/declared_licenses_processed/spdx_expression"


def oracle(name: str) -> list[dict[str, Any]]:
    path = CORPUS / name
    return json.loads(path.read_text()) if path.exists() else []


VALID = [record for record in oracle("oracle.json") if (record["format"], record["serialization"]) in READ_NOW]
INVALID = [
    record for record in oracle("oracle-invalid.json") if record["file"].endswith((".json", ".xml", ".spdx", ".yaml"))
]

pytestmark = pytest.mark.skipif(not VALID, reason="no corpus: LICET_CORPUS names no folder with oracle.json")


@pytest.fixture(scope="module")
def results() -> dict[str, Read]:
    return {record["file"]: result_of((CORPUS / "valid" / record["file"]).read_bytes()) for record in VALID}


def each(records: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("record", [pytest.param(record, id=record["file"]) for record in records])


def stated(component: Component) -> set[str]:
    """The licences that are declared or concluded, as written."""
    claims = [claim for claim in component.licenses if claim.origin != "observed"]
    values = {claim.value.strip() for claim in claims if not claim.pointer.endswith(MADE_OF_DECLARED)}
    return values - SAYS_NOTHING


def unused(inventory: Inventory) -> set[int]:
    """The components that are in no scope, which the document lists all the same."""
    return {position for position, each in enumerate(inventory.components) if each.scope_written is None}


def as_written(value: str) -> str:
    """The oracle marks a reference to no licence of the document, which we keep as it is, with a warning."""
    return value.strip().removeprefix("UNRESOLVED:")


def elements(inventory: Inventory) -> Iterator[Component]:
    for component in inventory.components:
        yield from [component] * component.occurrences


@each(VALID)
def test_elements_services_and_files_are_counted_as_the_oracle_counts(
    record: dict[str, Any], results: dict[str, Read]
) -> None:
    facts = results[record["file"]].facts

    assert facts.spec_version == (record["spec_version"] or None)
    assert facts.buckets.elements == record.get("packages", record.get("components"))
    assert facts.services == record.get("services", 0)
    assert facts.files == record.get("files", 0)


@each(VALID)
def test_package_urls_and_licenses_are_found_as_written(record: dict[str, Any], results: dict[str, Read]) -> None:
    inventory = inventory_of(results[record["file"]])

    assert sum(1 for element in elements(inventory) if element.purl) == record["with_purl"]
    assert sum(1 for element in elements(inventory) if stated(element)) == record["with_license"]
    licenses = set().union(*map(stated, inventory.components))
    if record["serialization"] == "rdf-xml":
        # Sets of licences have no expression there; the oracle lists their members.
        licenses = {operand for license_ in licenses for operand in OPERATORS.split(license_)}
    assert licenses == {as_written(value) for value in record["licenses"]}


@each(VALID)
def test_the_root_is_the_one_that_the_oracle_names(record: dict[str, Any], results: dict[str, Read]) -> None:
    root = results[record["file"]].facts.root

    for name, value in ROOTS_OTHERWISE.get(record["file"], record["root"]).items():
        if name in ("name", "version", "group", "purl"):
            assert getattr(root, name) == (value or None)


@each(VALID)
def test_dependencies_are_all_in_the_graph(record: dict[str, Any], results: dict[str, Read]) -> None:
    inventory = inventory_of(results[record["file"]])

    if inventory.buckets.duplicates or inventory.services:
        assert len(inventory.edges) <= record["dependency_edges"] + record.get("relationships", 0)
    elif record["format"].startswith("ort"):
        # The oracle counts a package once for each place that it has in a graph or tree.
        assert {target for _, target in inventory.edges} >= set(range(len(inventory.components))) - unused(inventory)
    elif record["format"] == "cyclonedx":
        # A component inside another is joined to it, and the oracle counts dependencies only.
        nested = sum(1 for component in inventory.components if component.pointer.count("components/") > 1)
        assert 0 <= len(inventory.edges) - record["dependency_edges"] <= nested
    else:
        assert len(inventory.edges) >= DISTINCT_EDGES.get(record["file"], record["dependency_edges"])


@each(INVALID)
def test_a_broken_document_ends_as_expected(record: dict[str, Any]) -> None:
    outcome = read((CORPUS / "invalid" / record["file"]).read_bytes(), Limits())

    match record["expect"]:
        case "reject" | "reject-schema":
            assert isinstance(outcome, Refusal)
        case "accept-warn":
            assert isinstance(outcome, Read)
            assert outcome.warnings
        case "accept-escape":
            assert isinstance(outcome, Read)
        case other:
            assert other == "bounded"


def test_ort_says_of_a_project_in_its_result_and_its_evaluated_model_the_same(results: dict[str, Read]) -> None:
    names = ("ort-analyzer-mime-types.yml", "ort-evaluated-mime-types.json")
    result, evaluated = (inventory_of(results[name]) for name in names)

    edges = [
        {(_name(inventory, source), _name(inventory, target)) for source, target in inventory.edges}
        for inventory in (result, evaluated)
    ]
    facts = [
        {each.purl: (each.scope, each.hashes, frozenset(stated(each))) for each in inventory.components}
        for inventory in (result, evaluated)
    ]

    assert edges[0] == edges[1]
    assert facts[0] == facts[1]


def _name(inventory: Inventory, position: int) -> str | None:
    return inventory.components[position].purl if position >= 0 else None
