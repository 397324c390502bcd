"""Any document says the same after its parts were put in another order, in every format, and its buckets add up."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.inventory import Inventory
from tests.support.examples import examples
from tests.support.small_graphs import BASE, expression, package, relationship, spdx3
from tests.support.small_sboms import DOCUMENT, cyclonedx, inventory_of, related, spdx

LICENSES = st.sampled_from(["MIT", "Apache-2.0 OR MIT", "LicenseRef-own", "no expression (", ""])
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)


@dataclass(frozen=True)
class Product:
    """Components by their numbers: a licence, a copyright and edges between them; `shuffle` orders any of its parts."""

    licenses: list[str]
    copyright: list[str]
    edges: list[tuple[int, int]]
    seed: int = 0

    def shuffled(self, parts: list[Any]) -> list[Any]:
        Random(self.seed).shuffle(parts) if self.seed else None
        return parts

    @property
    def numbered(self) -> list[tuple[int, str, str]]:
        return [(number, *facts) for number, facts in enumerate(zip(self.licenses, self.copyright, strict=True))]


@st.composite
def products(draw: st.DrawFn) -> Product:
    licenses = draw(st.lists(LICENSES, min_size=1, max_size=6))
    numbers = st.integers(0, len(licenses) - 1)
    copyright_ = draw(st.lists(TEXT, min_size=len(licenses), max_size=len(licenses)))
    edges = draw(st.lists(st.tuples(numbers, numbers), max_size=8, unique=True))
    return Product(licenses, copyright_, edges)


def as_cyclonedx(product: Product) -> bytes:
    components = [
        {"bom-ref": f"c{number}", "name": f"c{number}", "licenses": [{"expression": license_}], "copyright": copyright_}
        for number, license_, copyright_ in product.numbered
    ]
    dependencies = [{"ref": f"c{a}", "dependsOn": [f"c{b}"], "provides": [f"c{b}"]} for a, b in product.edges]
    compositions = [{"aggregate": "complete", "dependencies": [f"c{a}" for a, _ in product.edges]}]
    return cyclonedx(
        *product.shuffled(components), dependencies=product.shuffled(dependencies), compositions=compositions
    )


def as_spdx(product: Product) -> bytes:
    packages = [
        {"name": f"c{number}", "licenseDeclared": license_, "copyrightText": copyright_}
        for number, license_, copyright_ in product.numbered
    ]
    # Each end of an edge contains a file that says what the other component says.
    files = [
        {"SPDXID": f"SPDXRef-f{number}", "licenseInfoInFiles": [license_], "copyrightText": copyright_}
        for number, license_, copyright_ in product.numbered
    ]
    relations = [related(f"c{a}", "DEPENDS_ON", f"c{b}") for a, b in product.edges]
    relations += [related(f"c{a}", "CONTAINS", f"f{b}") for a, b in product.edges]
    relations.append(related(DOCUMENT, "DESCRIBES", "c0"))
    shuffled = {"files": product.shuffled(files), "relationships": product.shuffled(relations)}
    return spdx(*product.shuffled(packages), **shuffled)


def as_spdx3(product: Product) -> bytes:
    elements: list[Any] = []
    for number, license_, copyright_ in product.numbered:
        elements.append(package(f"c{number}", software_copyrightText=copyright_))
        elements.append(expression(f"l{number}", license_))
        elements.append(relationship(f"c{number}", "hasDeclaredLicense", f"l{number}"))
        file = {
            "type": "software_File",
            "spdxId": f"{BASE}f{number}",
            "name": "f",
            "software_copyrightText": copyright_,
        }
        elements += [file, relationship(f"f{number}", "hasDeclaredLicense", f"l{number}")]
    elements += [relationship(f"c{a}", "contains", f"f{b}") for a, b in product.edges]
    elements += [relationship(f"c{a}", "dependsOn", f"c{b}", completeness="complete") for a, b in product.edges]
    return spdx3(*product.shuffled(elements), root="c0")


def as_ort(product: Product) -> bytes:
    packages = [
        {"id": f"NPM::c{number}:1", "declared_licenses": [license_], "authors": [copyright_]}
        for number, license_, copyright_ in product.numbered
    ]
    nodes = [{"pkg": number} for number in range(len(packages))]
    edges = product.shuffled([{"from": a, "to": b} for a, b in product.edges])
    scopes = {":shop:1:dependencies": [{"root": 0}]}
    names = [each["id"] for each in packages]
    graph = {"packages": names, "scopes": scopes, "nodes": nodes, "edges": edges}
    result = {"projects": [{"id": "NPM::shop:1"}], "packages": product.shuffled(packages)}
    result["dependency_graphs"] = {"NPM": graph}
    return json.dumps({"repository": {}, "analyzer": {"result": result}}).encode()


def as_scancode(product: Product) -> bytes:
    packages = [
        {"name": f"c{number}", "package_uid": f"u{number}", "purl": f"pkg:npm/c{number}", "copyright": copyright_}
        | {"declared_license_expression_spdx": license_}
        for number, license_, copyright_ in product.numbered
    ]
    dependencies = [{"purl": f"pkg:npm/c{b}", "for_package_uid": f"u{a}"} for a, b in product.edges]
    head = [{"tool_name": "scancode-toolkit", "tool_version": "32.3.2"}]
    parts = {"packages": product.shuffled(packages), "dependencies": product.shuffled(dependencies)}
    return json.dumps({"headers": head, "files": []} | parts).encode()


def facts_of(inventory: Inventory) -> dict[str, object]:
    """What an inventory says, by names in place of positions, and without places."""
    names = {-1: "ROOT"} | {index: each.name for index, each in enumerate(inventory.components)}
    components = {
        each.name: (
            (each.version, each.purl, each.scope, each.scope_written, each.linkage, each.parties, each.occurrences),
            tuple((claim.value, claim.kind, claim.origin) for claim in each.licenses),
            tuple(each.copyright),
        )
        for each in inventory.components
    }
    return {
        "components": components,
        "edges": {(names[a], names[b]) for a, b in inventory.edges},
        "provides": {(names[a], names[b]) for a, b in inventory.provides},
        "completeness": {
            (each.aggregate, frozenset(names[a] for a in each.dependencies)) for each in inventory.completeness
        },
        "root": inventory.root,
    }


@pytest.mark.parametrize("written", [as_cyclonedx, as_spdx, as_spdx3, as_ort, as_scancode])
@examples(40)
@given(products(), st.integers(1, 1000))
def test_another_order_says_the_same(written: Callable[[Product], bytes], product: Product, seed: int) -> None:
    ordered = inventory_of(written(product))
    other = inventory_of(written(Product(product.licenses, product.copyright, product.edges, seed)))

    assert facts_of(other) == facts_of(ordered)
    for inventory in (ordered, other):
        buckets = inventory.buckets
        assert buckets.elements == buckets.components + buckets.duplicates + buckets.ignored == len(product.licenses)
