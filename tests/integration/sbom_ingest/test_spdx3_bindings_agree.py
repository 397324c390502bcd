"""The SPDX project's own Python bindings read SPDX 3 graphs as we do: the same packages, licences and relationships."""

import os
from pathlib import Path

import pytest
from spdx_python_model import v3_0_1 as bindings

from sbom_ingest.adapters.readers.spdx3_relationships import MEANINGS, relationship_kind
from shared.contracts.inventory import Component, Inventory
from tests.support.small_sboms import inventory_of

SBOMS = Path(__file__).parents[2] / "data" / "sboms"
CORPUS = Path(os.environ.get("LICET_CORPUS", Path(__file__).parents[4] / "shared" / "corpus")) / "valid"
# Where the witness is wrong or refuses, and why.
REFUSED = {
    # Made after a preview. The bindings want IRIs as Core's spdxId; one such id refuses the whole document.
    "spdx30-ms-sbom-tool-preview.json": "can only have an IRI value",
}
DOCUMENTS = [SBOMS / "example.spdx3.json", *sorted(CORPUS.glob("spdx30*"))]
LICENSES = {"hasdeclaredlicense": "declared", "hasconcludedlicense": "concluded"}

Fact = tuple[str, str, str]
"""From, what, to: by ids, but for a licence that is an expression."""


def by_name(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in paths])


def witness_of(path: Path) -> bindings.SHACLObjectSet:
    found = bindings.SHACLObjectSet()
    with path.open("rb") as content:
        bindings.JSONLDDeserializer().read(content, found)
    return found


def packages_of(witness: bindings.SHACLObjectSet) -> dict[str, tuple[str | None, str | None, str | None]]:
    """The name, version and package URL of each package by its id."""
    return {
        str(package._id): (package.name, package.software_packageVersion, _purl(package))
        for package in witness.foreach_type(bindings.software_Package)
    }


def _purl(package: bindings.software_Package) -> str | None:
    others = [
        each.identifier
        for each in package.externalIdentifier
        if str(each.externalIdentifierType).endswith("/packageUrl")
    ]
    return next(iter([*filter(None, [package.software_packageUrl]), *others]), None)


def relations_of(witness: bindings.SHACLObjectSet, ids: set[str]) -> list[Fact]:
    """What packages depend on or contain, by ids."""
    return [
        (source, meaning.kind, target) if not meaning.reverse else (target, meaning.kind, source)
        for each in witness.foreach_type(bindings.Relationship)
        if (meaning := MEANINGS.get(relationship_kind(str(each.relationshipType))))
        for source, target in ((_id(each.from_), _id(to)) for to in each.to)
        if source in ids and target in ids and source != target
    ]


def roots_of(witness: bindings.SHACLObjectSet) -> set[str]:
    """What the documents are about, by ids."""
    return {_id(root) for each in witness.foreach_type(bindings.ElementCollection) for root in each.rootElement}


def licenses_of(witness: bindings.SHACLObjectSet, ids: set[str]) -> tuple[set[Fact], set[Fact]]:
    """The licences of packages and how they are meant: those that are expressions, and by ids all others."""
    expressions: set[Fact] = set()
    others: set[Fact] = set()
    for each in witness.foreach_type(bindings.Relationship):
        origin = LICENSES.get(relationship_kind(str(each.relationshipType)))
        if origin is None or _id(each.from_) not in ids:
            continue
        for target in each.to:
            if isinstance(target, bindings.simplelicensing_LicenseExpression):
                expressions.add((_id(each.from_), origin, target.simplelicensing_licenseExpression))
            else:
                others.add((_id(each.from_), origin, _id(target)))
    return expressions, others


def _id(element: object) -> str:
    return element if isinstance(element, str) else str(getattr(element, "_id", ""))


def facts_of(component: Component) -> tuple[str | None, str | None, str | None]:
    return component.name, component.version, component.purl


def related(inventory: Inventory) -> set[tuple[str, str]]:
    """The edges of our graph by ids, with the root under its own."""
    refs = [component.ref or "" for component in inventory.components]
    root = "" if inventory.root_position is None else refs[inventory.root_position]
    return {(root if source < 0 else refs[source], refs[target]) for source, target in inventory.edges}


@by_name([path for path in DOCUMENTS if path.name not in REFUSED])
def test_the_bindings_find_the_same_packages(path: Path) -> None:
    inventory = inventory_of(path.read_bytes())

    expected = packages_of(witness_of(path))

    assert {component.ref: facts_of(component) for component in inventory.components} == expected
    assert inventory.buckets.elements == len(expected)


@by_name([path for path in DOCUMENTS if path.name not in REFUSED])
def test_the_bindings_find_the_same_licences(path: Path) -> None:
    inventory = inventory_of(path.read_bytes())
    witness = witness_of(path)

    expressions, others = licenses_of(witness, set(packages_of(witness)))

    ours = {
        (component.ref or "", claim.origin, claim.value)
        for component in inventory.components
        for claim in component.licenses
        if claim.origin != "observed"  # in files, which the next test looks at
    }
    # What is an element of the licensing profiles, or an address of the SPDX list, has no expression to compare.
    assert expressions <= ours
    assert len(ours - expressions) == len(others)


def said_in_files(witness: bindings.SHACLObjectSet) -> set[tuple[str, str]]:
    """The ids of packages with the lines of copyright and the licence expressions of the files that they contain."""
    packages = set(packages_of(witness))
    expressions, _ = licenses_of(witness, {str(file._id) for file in witness.foreach_type(bindings.software_File)})
    said: dict[str, set[str]] = {}
    for file in witness.foreach_type(bindings.software_File):
        text = (file.software_copyrightText or "").removeprefix("<text>").removesuffix("</text>")  # as tag-value has it
        lines = text.split("\n") if text not in ("NONE", "NOASSERTION") else []
        of_file = {(origin, value) for source, origin, value in expressions if source == str(file._id)}
        concluded = {
            value for origin, value in of_file if origin == "concluded" and value not in ("NONE", "NOASSERTION")
        }
        said[str(file._id)] = {line.strip() for line in lines if line.strip()} | (concluded or {v for _, v in of_file})
    contained = [
        (_id(each.from_), _id(to))
        for each in witness.foreach_type(bindings.Relationship)
        if relationship_kind(str(each.relationshipType)) == "contains"
        for to in each.to
    ]
    return {(owner, fact) for owner, file in contained if owner in packages for fact in said.get(file, ())}


@by_name([path for path in DOCUMENTS if path.name not in REFUSED])
def test_packages_are_told_what_the_bindings_find_in_their_files(path: Path) -> None:
    ours = {
        (component.ref or "", fact.strip())
        for component in inventory_of(path.read_bytes()).components
        for fact in [*component.copyright, *(claim.value for claim in component.licenses)]
    }

    expected = {fact for fact in said_in_files(witness_of(path)) if fact[1] not in ("NONE", "NOASSERTION")}

    assert expected <= ours


@by_name([path for path in DOCUMENTS if path.name not in REFUSED])
def test_the_bindings_find_the_same_dependencies(path: Path) -> None:
    inventory = inventory_of(path.read_bytes())
    witness = witness_of(path)

    expected = relations_of(witness, set(packages_of(witness)))

    # A containment is an edge only where no dependency leads to what is contained.
    depended_on = {target for _, kind, target in expected if kind == "dependency"}
    needed = {
        (source, target) for source, kind, target in expected if kind == "dependency" or target not in depended_on
    }
    ours = related(inventory)
    assert needed <= ours
    assert ours - needed <= {(source, target) for source, _, target in expected} | {
        ("", each) for each in roots_of(witness)
    }


@by_name([path for path in DOCUMENTS if path.name in REFUSED])
def test_a_document_that_the_bindings_refuse_is_read(path: Path) -> None:
    with pytest.raises(ValueError, match=REFUSED[path.name]):
        witness_of(path)

    assert inventory_of(path.read_bytes()).components
