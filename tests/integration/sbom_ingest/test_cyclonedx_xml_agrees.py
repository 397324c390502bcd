"""CycloneDX XML is read as the project's own library reads it, and as the JSON form of the same software."""

import os
from io import StringIO
from pathlib import Path

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as LibraryComponent
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from msgspec.structs import replace

from shared.contracts.inventory import Component, Inventory
from tests.support.small_sboms import inventory_of

SBOMS = Path(__file__).parents[2] / "data" / "sboms"
CORPUS = Path(os.environ.get("LICET_CORPUS", Path(__file__).parents[4] / "shared" / "corpus")) / "valid"
FIXTURE = "python-cyclonedx-py.cdx16"
# Those that the library reads within half a second; it keeps identical components once only, which are in none.
SMALL = [
    "cdx10-spec-cli-sample.xml",
    "cdx11-php-composer-laravel.xml",
    "cdx13-php-composer-laravel.xml",
    "cdx14-cdxgen-no-licences.xml",
    "cdx16-php-composer-symfony.xml",
    "cdx17-spec-expression-detailed.xml",
]
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="no corpus: LICET_CORPUS names no folder with SBOMs")


def facts_of(component: Component) -> tuple[object, ...]:
    licenses = {claim.value for claim in component.licenses if claim.origin != "observed"}
    return component.name, component.version, component.purl, frozenset(licenses), frozenset(component.hashes.values())


def library_facts(component: LibraryComponent) -> tuple[object, ...]:
    licenses = {
        license_.value if isinstance(license_, LicenseExpression) else license_.id or license_.name
        for license_ in component.licenses
        if isinstance(license_, LicenseExpression | DisjunctiveLicense)
    }
    purl = component.purl.to_string() if component.purl else None
    hashes = frozenset(digest.content for digest in component.hashes)
    return component.name, component.version or None, purl, frozenset(licenses), hashes


def all_components(bom: Bom) -> list[LibraryComponent]:
    found, pending = [], list(bom.components)
    while pending:
        found.append(pending.pop())
        pending += found[-1].components
    return found


def library_reads(content: bytes) -> Bom:
    return Bom.from_xml(StringIO(content.decode()))  # type: ignore[attr-defined,no-any-return]  # made by a decorator


def assert_agreement(content: bytes) -> None:
    inventory, bom = inventory_of(content), library_reads(content)

    ours, theirs = map(facts_of, inventory.components), map(library_facts, all_components(bom))
    assert sorted(ours, key=str) == sorted(theirs, key=str)


def without_places(inventory: Inventory) -> list[Component]:
    def bare(component: Component) -> Component:
        licenses = [replace(claim, pointer="") for claim in component.licenses]
        return replace(component, pointer="", ref=None, licenses=licenses)

    return [bare(component) for component in inventory.components]


# Our scanner writes a field that the library would rather see elsewhere.
@pytest.mark.filterwarnings("ignore:.*is deprecated from CycloneDX")
def test_the_library_finds_the_same_in_a_small_document() -> None:
    assert_agreement((SBOMS / f"{FIXTURE}.xml").read_bytes())


@needs_corpus
@pytest.mark.parametrize("name", SMALL)
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_the_library_finds_the_same_in_documents_of_real_tools(name: str) -> None:
    assert_agreement((CORPUS / name).read_bytes())


def test_both_forms_that_the_library_writes_give_the_same_components() -> None:
    forms = [inventory_of((SBOMS / f"{FIXTURE}.{suffix}").read_bytes()) for suffix in ("json", "xml")]

    json, xml = (sorted(without_places(inventory), key=lambda component: component.name) for inventory in forms)

    assert json == xml != []
    assert forms[0].root == forms[1].root
    assert len(forms[0].edges) == len(forms[1].edges)


@needs_corpus
def test_the_same_scan_in_both_forms_gives_the_same_components() -> None:
    forms = [inventory_of((CORPUS / f"gen-node-syft.{suffix}").read_bytes()) for suffix in ("cdx16.json", "cdx15.xml")]

    json, xml = map(without_places, forms)

    assert json == xml
    assert forms[0].root == forms[1].root


@needs_corpus
def test_the_same_build_in_both_forms_differs_where_the_files_do() -> None:
    forms = [inventory_of((CORPUS / f"cdx12-maven-dropwizard.{suffix}").read_bytes()) for suffix in ("json", "xml")]

    json, xml = map(without_places, forms)

    # The XML says `required` where the JSON leaves the scope out, and lacks one licence and two malformed addresses.
    different = [a.name for a, b in zip(json, xml, strict=True) if replace(a, scope_written="required") != b]
    assert different == ["osgi-resource-locator", "httpclient", "httpcore"]
    assert forms[0].edges == forms[1].edges
