"""The libraries of the CycloneDX and SPDX projects read our small documents as we do."""

import json
from pathlib import Path

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as LibraryComponent
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from spdx_tools.spdx.model.package import Package
from spdx_tools.spdx.parser.parse_anything import parse_file

from shared.contracts.inventory import Component, Inventory
from tests.support.small_sboms import inventory_of

SBOMS = Path(__file__).parents[2] / "data" / "sboms"
SAID_IN_SPDX = {"SHA1": "sha1", "SHA256": "sha256", "MD5": "md5"}


def facts_of(component: Component) -> tuple[object, ...]:
    licenses = {claim.value for claim in component.licenses if claim.origin != "observed"}
    return component.name, component.version, component.purl, frozenset(licenses - {"NOASSERTION"}), component.hashes


def cyclonedx_facts(component: LibraryComponent) -> tuple[object, ...]:
    licenses = {
        license_.value if isinstance(license_, LicenseExpression) else license_.id or license_.name
        for license_ in component.licenses
        if isinstance(license_, LicenseExpression | DisjunctiveLicense)
    }
    hashes = {digest.alg.value.replace("SHA-", "sha").lower(): digest.content for digest in component.hashes}
    purl = component.purl.to_string() if component.purl else None
    return component.name, component.version, purl, frozenset(licenses), hashes


def spdx_facts(package: Package) -> tuple[object, ...]:
    purls = [each.locator for each in package.external_references if each.reference_type == "purl"]
    licenses = {str(each) for each in (package.license_declared, package.license_concluded)} - {"NOASSERTION"}
    hashes = {SAID_IN_SPDX[each.algorithm.name]: each.value for each in package.checksums}
    return package.name, package.version, purls[0] if purls else None, frozenset(licenses), hashes


def named_edges(inventory: Inventory) -> set[tuple[str, str]]:
    return {
        (inventory.components[source].name, inventory.components[target].name)
        for source, target in inventory.edges
        if source >= 0
    }


# Our scanner writes a field that the library would rather see elsewhere.
@pytest.mark.filterwarnings("ignore:.*is deprecated from CycloneDX")
@pytest.mark.parametrize("name", ["python-cyclonedx-py.cdx16.json", "python-syft.cdx16.json"])
def test_cyclonedx_python_lib_finds_the_same_components_and_dependencies(name: str) -> None:
    content = (SBOMS / name).read_bytes()
    inventory = inventory_of(content)

    bom = Bom.from_json(json.loads(content))  # type: ignore[attr-defined]  # made by a decorator

    names = {component.bom_ref.value: component.name for component in bom.components}
    edges = {(names[each.ref.value], names[to.ref.value]) for each in bom.dependencies for to in each.dependencies}
    key = str
    assert sorted(map(facts_of, inventory.components), key=key) == sorted(map(cyclonedx_facts, bom.components), key=key)
    assert named_edges(inventory) == edges


def test_spdx_tools_finds_the_same_packages() -> None:
    path = SBOMS / "python-syft.spdx23.json"
    inventory = inventory_of(path.read_bytes())

    document = parse_file(str(path))

    assert [facts_of(component) for component in inventory.components] == [
        spdx_facts(each) for each in document.packages
    ]
    assert inventory.files == len(document.files)
    assert inventory.root.name == "web-app"


def test_the_same_software_in_both_formats_gives_the_same_packages() -> None:
    packages = [
        {component.purl for component in inventory_of((SBOMS / name).read_bytes()).components if component.purl}
        for name in ("python-syft.cdx16.json", "python-syft.spdx23.json")
    ]

    assert packages[0] == packages[1] != set()
