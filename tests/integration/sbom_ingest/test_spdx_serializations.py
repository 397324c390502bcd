"""One SPDX document in each serialization gives one inventory; the library of the SPDX project writes them."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from spdx_tools.spdx.model.document import Document
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.writer.write_anything import write_file

from shared.contracts.inventory import Component, Inventory
from shared.licensing import ExpressionError, parse
from tests.support.small_sboms import DOCUMENT, inventory_of, related, spdx

CORPUS = Path(os.environ.get("LICET_CORPUS", Path(__file__).parents[4] / "shared" / "corpus")) / "valid"
SBOMS = Path(__file__).parents[2] / "data" / "sboms"
SUFFIXES = {"tag-value": ".spdx", "yaml": ".spdx.yaml", "xml": ".spdx.xml", "rdf": ".spdx.rdf.xml"}
EVERYTHING = spdx(
    {
        "name": "shop & more <x>",
        "SPDXID": "SPDXRef-shop",
        "versionInfo": "2.0",
        "supplier": "Organization: Acme (acme@example.org)",
        "downloadLocation": "git+https://example.org/a.git@v1.0",
        "licenseConcluded": "LicenseRef-own",
        "licenseDeclared": "(MIT OR Apache-2.0) AND ISC",
        "licenseInfoFromFiles": ["MIT", "GPL-2.0-only WITH Classpath-exception-2.0"],
        "copyrightText": "Copyright 2020 Zoë\nCopyright 2021 John",
        "checksums": [
            {"algorithm": "SHA256", "checksumValue": "ab" * 32},
            {"algorithm": "MD5", "checksumValue": "0" * 32},
        ],
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/a@1.0"}
        ],
        "attributionTexts": ["Thanks to all", "  and\n  more"],
        "primaryPackagePurpose": "OPERATING_SYSTEM",
        "annotations": [
            {
                "annotationDate": "2026-01-01T00:00:00Z",
                "annotationType": "OTHER",
                "annotator": "Tool: t",
                "comment": "licet:linkage: static",
            }
        ],
    },
    {"name": "a", "licenseDeclared": "NONE", "licenseConcluded": "NOASSERTION", "copyrightText": "NONE"},
    {"name": "b", "filesAnalyzed": False, "copyrightText": "NOASSERTION", "versionInfo": "1.10"},
    files=[
        {
            "SPDXID": "SPDXRef-f",
            "fileName": "./f",
            "checksums": [{"algorithm": "SHA1", "checksumValue": "1" * 40}],
            "licenseConcluded": "MIT",
            "copyrightText": "Copyright Jane",
        }
    ],
    hasExtractedLicensingInfos=[
        {"licenseId": "LicenseRef-own", "extractedText": "Do what you want.\nReally: do.\n", "name": "Own License"}
    ],
    relationships=[
        related(DOCUMENT, "DESCRIBES", "shop"),
        related("shop", "DEPENDS_ON", "a"),
        related("b", "DEV_DEPENDENCY_OF", "shop"),
        related("a", "CONTAINS", "f"),
    ],
)


def document(content: bytes, folder: Path) -> Document:
    path = folder / "document.spdx.json"
    path.write_bytes(content)
    return parse_file(str(path))


def written(model: Document, serialization: str, folder: Path) -> bytes:
    path = folder / f"document{SUFFIXES[serialization]}"
    write_file(model, str(path), validate=False)
    return path.read_bytes()


def meaning(license_: str) -> Any:
    """A licence without what parentheses and the order of its members do not say."""
    try:
        return parse(license_)
    except ExpressionError:
        return license_


def facts(component: Component, inventory: Inventory) -> tuple[Any, ...]:
    return (
        (component.name, component.version, component.purl, component.type, component.supplier, component.source_url),
        (component.scope, component.scope_written, component.linkage, component.modified, component.occurrences),
        Counter((meaning(claim.value), claim.origin) for claim in component.licenses),
        component.copyright,
        component.hashes,
        sorted(inventory.texts[key] for key in component.notices),
    )


def told(content: bytes) -> dict[str, Any]:
    """All that an inventory says but for places and order."""
    inventory = inventory_of(content)
    names = [component.ref for component in inventory.components]
    return {
        "components": {component.ref: facts(component, inventory) for component in inventory.components},
        "edges": {(names[source] if source >= 0 else None, names[target]) for source, target in inventory.edges},
        "own licenses": sorted(
            (license_.id, str(license_.name), inventory.texts.get(license_.text or ""))
            for license_ in inventory.extracted_licenses
        ),
        "head": (inventory.root, inventory.buckets, inventory.files, inventory.spec_version, inventory.tool),
    }


@pytest.mark.parametrize("serialization", SUFFIXES)
@pytest.mark.parametrize("content", [EVERYTHING, (SBOMS / "python-syft.spdx23.json").read_bytes()], ids=["all", "syft"])
def test_what_spdx_tools_writes_is_read_as_the_json_was(content: bytes, serialization: str, tmp_path: Path) -> None:
    other = written(document(content, tmp_path), serialization, tmp_path)

    assert told(other) == told(content)
    assert inventory_of(other).serialization == serialization


def test_spdx_tools_itself_loses_how_licenses_in_rdf_are_grouped(tmp_path: Path) -> None:
    rdf = written(document(EVERYTHING, tmp_path), "rdf", tmp_path)

    reread = parse_file(str(tmp_path / f"document{SUFFIXES['rdf']}"))

    # A DisjunctiveLicenseSet in a ConjunctiveLicenseSet binds first (SPDX 2.3, annex D.4.5).
    theirs = next(package for package in reread.packages if package.spdx_id == "SPDXRef-shop").license_declared
    ours = next(component for component in inventory_of(rdf).components if component.ref == "SPDXRef-shop").licenses
    declared = next(claim.value for claim in ours if claim.origin == "declared")
    assert meaning(declared) == parse("(MIT OR Apache-2.0) AND ISC")
    assert meaning(str(theirs)) != parse("(MIT OR Apache-2.0) AND ISC")


SAME_INPUT = [
    ("spdx22-sourceauditor-time.tag", "spdx22-sourceauditor-time.yaml"),
    ("spdx22-sourceauditor-time.tag", "spdx22-sourceauditor-time.rdf.xml"),
    ("spdx22-sourceauditor-time.tag", "spdx22-sourceauditor-time.json"),
    ("gen-node-syft.spdx23.json", "gen-node-syft.spdx23.spdx"),
    ("spdx23-spec-example.xml", "spdx23-spec-example.rdf.xml"),
]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus: LICET_CORPUS names no folder")
@pytest.mark.parametrize(("one", "other"), SAME_INPUT)
def test_real_documents_of_one_source_tell_the_same(one: str, other: str) -> None:
    first, second = (told((CORPUS / name).read_bytes()) for name in (one, other))

    if other == "spdx22-sourceauditor-time.json":
        # Its first package has another name there.
        for each in (first, second):
            del each["components"]["SPDXRef-1"], each["head"]
    if one == "spdx22-sourceauditor-time.tag":
        # The tag-value form of a licence text is laid out anew, and the graph holds licences that nothing uses.
        del first["own licenses"], second["own licenses"]
    assert first == second
