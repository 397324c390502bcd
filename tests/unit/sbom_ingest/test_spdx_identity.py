"""Other names of SPDX packages, who they originate from, and what is said to be complete, in SPDX 2 and 3."""

from typing import Any

import pytest

from shared.contracts.inventory import Completeness, Identifier, Party, Reference, Statement
from tests.support.small_graphs import package, relationship, spdx3
from tests.support.small_sboms import (
    DOCUMENT,
    edges_by_name,
    inventory_of,
    only_component,
    related,
    spdx,
    warnings_of,
)

CPE = "cpe:2.3:a:acme:a:1:*:*:*:*:*:*:*"
TAG_VALUE = f"""SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
Creator: Tool: example-1.0
Created: 2026-01-01T00:00:00Z

PackageName: a
SPDXID: SPDXRef-a
PackageOriginator: Person: Jane Roe (jane@example.org)
ExternalRef: SECURITY cpe22Type cpe:/a:acme:a:1
ExternalRef: SECURITY cpe23Type {CPE}
ExternalRef: SECURITY advisory https://example.org/advisory
ExternalRef: PERSISTENT-ID swh swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2
""".encode()
REFERENCES = [
    ("SECURITY", "cpe22Type", "cpe:/a:acme:a:1"),
    ("SECURITY", "cpe23Type", CPE),
    ("SECURITY", "advisory", "https://example.org/advisory"),
    ("PERSISTENT-ID", "swh", "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"),
]
JSON = spdx(
    {
        "name": "a",
        "originator": "Person: Jane Roe (jane@example.org)",
        "externalRefs": [
            {"referenceCategory": category, "referenceType": kind, "referenceLocator": locator}
            for category, kind, locator in REFERENCES
        ],
    }
)
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://spdx.org/rdf/terms#">
<SpdxDocument rdf:about="https://example.org/d#SPDXRef-DOCUMENT"><specVersion>SPDX-2.3</specVersion>
<relationship><Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_describes"/>
<relatedSpdxElement><Package rdf:about="https://example.org/d#SPDXRef-a"><name>a</name>
<originator>Person: Jane Roe (jane@example.org)</originator>
{
    "".join(
        f'<externalRef><ExternalRef><referenceType rdf:resource="http://spdx.org/rdf/references/{kind}"/>'
        f"<referenceLocator>{locator}</referenceLocator></ExternalRef></externalRef>"
        for _, kind, locator in REFERENCES
    )
}</Package></relatedSpdxElement></Relationship></relationship></SpdxDocument></rdf:RDF>""".encode()


@pytest.mark.parametrize("document", [TAG_VALUE, JSON, RDF], ids=["tag-value", "json", "rdf"])
def test_names_elsewhere_and_the_originator_are_kept_from_every_serialization(document: bytes) -> None:
    component = only_component(document)

    assert set(component.identifiers) == {
        Identifier("cpe", "cpe:/a:acme:a:1"),
        Identifier("cpe", CPE),
        Identifier("swh", "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"),
    }
    assert component.parties == (Party("originator", "Jane Roe"),)


def spdx3_of(**fields: Any) -> bytes:
    return spdx3(package("a", **fields))


def test_an_spdx_3_package_keeps_its_other_names_and_references() -> None:
    identifiers = [("cpe23", CPE), ("swid", "acme.a"), ("swhid", "swh:1:x"), ("email", "jane@example.org")]
    references = [("vcs", "https://example.org/a.git"), ("license", "https://example.org/LICENSE"), ("chat", "irc:a")]
    document = spdx3_of(
        externalIdentifier=[
            {"type": "ExternalIdentifier", "externalIdentifierType": kind, "identifier": value}
            for kind, value in identifiers
        ],
        externalRef=[
            {"type": "ExternalRef", "externalRefType": kind, "locator": [value]} for kind, value in references
        ],
    )

    component = only_component(document)

    assert component.identifiers == (
        Identifier("cpe", CPE),
        Identifier("swid", "acme.a"),
        Identifier("swh", "swh:1:x"),
    )
    assert component.source_url == "https://example.org/a.git"
    assert component.references == (Reference("license", "https://example.org/LICENSE"),)


def test_an_export_control_assessment_is_kept_as_the_address_where_it_is() -> None:
    address = "https://example.org/a/eccn"
    reference = {"type": "ExternalRef", "externalRefType": "exportControlAssessment", "locator": [address]}
    document = spdx3_of(externalRef=[reference])

    component = only_component(document)

    assert component.statements == (Statement("exportControlAssessment", address, f"{component.pointer}/externalRef"),)
    assert "export-control-assessment" in {code for code, _ in warnings_of(document)}


def test_spdx_2_says_by_none_and_noassertion_how_complete_its_relationships_are() -> None:
    document = spdx(
        {"name": "a"},
        {"name": "b"},
        {"name": "c"},
        relationships=[
            related(DOCUMENT, "DESCRIBES", "a"),
            related("a", "DEPENDS_ON", "b"),
            related("b", "DEPENDS_ON", "c"),
            {"spdxElementId": "SPDXRef-c", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NONE"},
            {"spdxElementId": "SPDXRef-b", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NOASSERTION"},
            {"spdxElementId": "SPDXRef-b", "relationshipType": "CONTAINS", "relatedSpdxElement": "NOASSERTION"},
            {"spdxElementId": "SPDXRef-b", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "NONE"},
            {"spdxElementId": "SPDXRef-b", "relationshipType": "OTHER", "relatedSpdxElement": "NONE"},
        ],
    )

    inventory = inventory_of(document)

    assert inventory.completeness == [
        Completeness("complete", "/relationships/3", (), (2,)),
        Completeness("unknown", "/relationships/4", (1,), (1,)),
    ]
    assert edges_by_name(inventory) == [("ROOT", "b"), ("b", "c")]
    assert warnings_of(document) == []


def test_spdx_3_says_how_complete_a_relationship_is() -> None:
    document = spdx3(
        package("a"),
        package("b"),
        relationship("a", "dependsOn", "b", completeness="complete"),
        relationship("b", "dependsOn", "a", completeness="noAssertion"),
        relationship("b", "contains", "a", completeness="incomplete"),
        relationship("a", "hasExample", "b", completeness="complete"),
        relationship("a", "contains", "b", completeness="nonsense"),
    )

    told = {each.aggregate: (each.assemblies, each.dependencies) for each in inventory_of(document).completeness}

    assert told == {"complete": ((), (0,)), "unknown": ((), (1,)), "incomplete": ((1,), ())}
