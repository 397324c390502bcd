"""What CycloneDX says of cryptography and of completeness is kept, the same from JSON and XML."""

from typing import Any

import pytest

from shared.contracts.inventory import (
    Completeness,
    CryptoFacts,
    Identifier,
    Inventory,
    Party,
    Reference,
    Statement,
)
from tests.support.small_sboms import cyclonedx, edges_by_name, inventory_of, only_component, warnings_of

AES = CryptoFacts(
    asset_type="algorithm",
    primitive="ae",
    family="AES",
    parameter_set="128",
    mode="gcm",
    padding="raw",
    functions=("keygen", "encrypt"),
    classical_bits=128,
    nist_level=1,
    oid="2.16.840.1.101.3.4.1.6",
    implementation="x86_64",
    environment="software-plain-ram",
    certified=("none", "fips140-3-l1"),
)
AES_JSON = {
    "assetType": "algorithm",
    "algorithmProperties": {
        "primitive": "ae",
        "algorithmFamily": "AES",
        "parameterSetIdentifier": "128",
        "executionEnvironment": "software-plain-ram",
        "implementationPlatform": "x86_64",
        "certificationLevel": ["none", "fips140-3-l1"],
        "mode": "gcm",
        "padding": "raw",
        "cryptoFunctions": ["keygen", "encrypt"],
        "classicalSecurityLevel": 128,
        "nistQuantumSecurityLevel": 1,
    },
    "oid": "2.16.840.1.101.3.4.1.6",
}
AES_XML = """<assetType>algorithm</assetType><algorithmProperties><primitive>ae</primitive>
<algorithmFamily>AES</algorithmFamily><parameterSetIdentifier>128</parameterSetIdentifier>
<executionEnvironment>software-plain-ram</executionEnvironment><implementationPlatform>x86_64</implementationPlatform>
<certificationLevel>none</certificationLevel><certificationLevel>fips140-3-l1</certificationLevel>
<mode>gcm</mode><padding>raw</padding>
<cryptoFunctions><cryptoFunction>keygen</cryptoFunction><cryptoFunction>encrypt</cryptoFunction></cryptoFunctions>
<classicalSecurityLevel>128</classicalSecurityLevel><nistQuantumSecurityLevel>1</nistQuantumSecurityLevel>
</algorithmProperties><oid>2.16.840.1.101.3.4.1.6</oid>"""


def xml(inside: str, after: str = "") -> bytes:
    """A document whose one component, a cryptographic asset of the name `asset`, holds `inside`."""
    component = f'<component type="cryptographic-asset" bom-ref="asset"><name>asset</name>{inside}</component>'
    return (
        f'<bom xmlns="http://cyclonedx.org/schema/bom/1.7"><components>{component}</components>{after}</bom>'.encode()
    )


def asset(**fields: Any) -> bytes:
    return cyclonedx({"type": "cryptographic-asset", "bom-ref": "asset", "name": "asset"} | fields)


def crypto_of(properties: dict[str, Any]) -> CryptoFacts | None:
    return only_component(asset(cryptoProperties=properties)).crypto


@pytest.mark.parametrize(
    "document",
    [asset(cryptoProperties=AES_JSON), xml(f"<cryptoProperties>{AES_XML}</cryptoProperties>")],
    ids=["json", "xml"],
)
def test_an_algorithm_is_kept_with_all_that_tells_it_from_its_variants(document: bytes) -> None:
    component = only_component(document)

    assert component.type == "cryptographic-asset"
    assert component.crypto == AES
    assert warnings_of(document) == []


@pytest.mark.parametrize("name", ["curve", "ellipticCurve"])
def test_a_curve_is_kept_under_its_name_of_1_6_and_of_1_7(name: str) -> None:
    found = crypto_of({"assetType": "algorithm", "algorithmProperties": {name: "P-256"}})

    assert found == CryptoFacts("algorithm", curve="P-256")


def test_a_protocol_names_the_algorithms_of_its_cipher_suites() -> None:
    suites = [{"name": "TLS_AES_128_GCM_SHA256", "algorithms": ["aes", "sha"]}, {"algorithms": ["aes"]}]
    properties = {
        "assetType": "protocol",
        "protocolProperties": {"type": "tls", "version": "1.3", "cipherSuites": suites},
    }
    inside = """<cryptoProperties><assetType>protocol</assetType><protocolProperties><type>tls</type>
    <version>1.3</version><cipherSuites><cipherSuite><name>TLS_AES_128_GCM_SHA256</name><algorithms>
    <algorithm>aes</algorithm><algorithm>sha</algorithm></algorithms></cipherSuite></cipherSuites>
    </protocolProperties></cryptoProperties>"""

    expected = CryptoFacts(
        "protocol", protocol="tls", protocol_version="1.3", algorithms=("TLS_AES_128_GCM_SHA256", "aes", "sha")
    )
    assert crypto_of(properties) == expected
    assert only_component(xml(inside)).crypto == expected


def test_keys_and_certificates_name_what_they_are_made_with() -> None:
    key = {"type": "private-key", "algorithmRef": "rsa", "size": 2048}
    certificate = {"signatureAlgorithmRef": "sha256-rsa", "subjectPublicKeyRef": "key"}

    assert crypto_of({"assetType": "related-crypto-material", "relatedCryptoMaterialProperties": key}) == CryptoFacts(
        "related-crypto-material", material="private-key", parameter_set="2048", algorithms=("rsa",)
    )
    assert crypto_of({"assetType": "certificate", "certificateProperties": certificate}) == CryptoFacts(
        "certificate", algorithms=("sha256-rsa", "key")
    )


def test_a_faulty_cryptographic_property_costs_a_warning_and_itself_only() -> None:
    faulty = asset(cryptoProperties={"assetType": "algorithm", "oid": [], "algorithmProperties": {"primitive": {}}})

    assert only_component(faulty).crypto == CryptoFacts("algorithm")
    assert {code for code, _ in warnings_of(faulty)} == {"field-ignored"}


def test_what_scanners_say_of_cryptography_is_kept_with_its_place() -> None:
    properties = [
        {"name": "other", "value": "x"},
        {"name": "cdx:crypto:algorithm", "value": "RSA"},
        {"name": "scanoss:cryptoFunction", "value": "digest"},
    ]

    assert only_component(asset(properties=properties)).statements == (
        Statement("cdx:crypto:algorithm", "RSA", "/components/0/properties/1"),
        Statement("scanoss:cryptoFunction", "digest", "/components/0/properties/2"),
    )
    inside = '<properties><property name="cdx:crypto:algorithm">RSA</property></properties>'
    place = "/bom/components/component[1]/properties/property[1]"
    assert only_component(xml(inside)).statements == (Statement("cdx:crypto:algorithm", "RSA", place),)


LIBRARY = {"bom-ref": "library", "name": "library"}
DEPENDENCIES = [{"ref": "library", "dependsOn": ["asset"], "provides": ["asset", "nothing", "library"]}]


def provided(inventory: Inventory) -> list[tuple[str, str]]:
    return [(inventory.components[a].name, inventory.components[b].name) for a, b in inventory.provides]


def test_what_a_library_provides_is_apart_from_what_it_depends_on() -> None:
    document = cyclonedx({"bom-ref": "asset", "name": "asset"}, LIBRARY, dependencies=DEPENDENCIES)

    inventory = inventory_of(document)

    assert provided(inventory) == [("library", "asset")]
    assert edges_by_name(inventory) == [("library", "asset")]
    assert warnings_of(document) == [("dangling-reference", "/dependencies/0/provides/1")]


def test_what_a_library_provides_is_found_in_xml_too() -> None:
    inside = '<components><component type="library" bom-ref="library"><name>library</name></component></components>'
    after = """<dependencies><dependency ref="library"><provides ref="asset"/>
    <provides ref="nothing"/></dependency></dependencies>"""
    document = xml(inside, after)

    assert provided(inventory_of(document)) == [("library", "asset")]
    assert warnings_of(document) == [("dangling-reference", "/bom/dependencies/dependency[1]/provides[2]")]


def test_compositions_say_what_is_complete() -> None:
    compositions = [
        {"aggregate": "complete", "assemblies": ["root"], "dependencies": ["library", "library"]},
        {"aggregate": "incomplete_third_party_only", "dependencies": ["asset", "nothing"]},
        {"aggregate": "unknown"},
        {"assemblies": ["asset"]},
    ]
    document = cyclonedx(
        {"bom-ref": "asset", "name": "asset"},
        LIBRARY,
        metadata={"component": {"type": "application", "name": "app", "bom-ref": "root"}},
        compositions=compositions,
    )

    assert inventory_of(document).completeness == [
        Completeness("complete", "/compositions/0", (-1,), (1,)),
        Completeness("incomplete_third_party_only", "/compositions/1", (), (0,)),
        Completeness("unknown", "/compositions/2"),
    ]
    assert warnings_of(document) == [
        ("dangling-reference", "/compositions/1/dependencies/1"),
        ("missing-field", "/compositions/3"),
    ]


def test_compositions_in_xml_may_stand_before_what_they_refer_to() -> None:
    head = '<bom xmlns="http://cyclonedx.org/schema/bom/1.5">'
    composition = """<compositions><composition><aggregate>complete</aggregate><assemblies><assembly ref="a"/>
    </assemblies><dependencies><dependency ref="a"/><dependency ref="gone"/></dependencies></composition></compositions>"""
    component = '<components><component type="library" bom-ref="a"><name>a</name></component></components>'
    document = f"{head}{composition}{component}</bom>".encode()

    assert inventory_of(document).completeness == [
        Completeness("complete", "/bom/compositions/composition[1]", (0,), (0,))
    ]
    assert warnings_of(document) == [
        ("dangling-reference", "/bom/compositions/composition[1]/dependencies/dependency[2]")
    ]


IDENTITY = {
    "name": "asset",
    "cpe": "cpe:2.3:a:acme:asset:1:*:*:*:*:*:*:*",
    "swid": {"tagId": "acme.asset", "name": "asset"},
    "author": "Jane",
    "authors": [{"name": "Joe"}, {"name": "Jane"}],
    "publisher": "Acme",
    "manufacturer": {"name": "Maker"},
    "externalReferences": [
        {"type": "vcs", "url": "https://example.org/asset.git"},
        {"type": "website", "url": "https://example.org"},
        {"type": "license", "url": "https://example.org/LICENSE"},
        {"type": "source-distribution", "url": "https://example.org/asset.tar.gz"},
    ],
}
IDENTITY_XML = """<cpe>cpe:2.3:a:acme:asset:1:*:*:*:*:*:*:*</cpe><swid tagId="acme.asset" name="asset"/>
<author>Jane</author><authors><author><name>Joe</name></author><author><name>Jane</name></author></authors>
<publisher>Acme</publisher><manufacturer><name>Maker</name></manufacturer><externalReferences>
<reference type="vcs"><url>https://example.org/asset.git</url></reference>
<reference type="license"><url>https://example.org/LICENSE</url></reference>
<reference type="source-distribution"><url>https://example.org/asset.tar.gz</url></reference></externalReferences>"""


@pytest.mark.parametrize("document", [cyclonedx(IDENTITY), xml(IDENTITY_XML)], ids=["json", "xml"])
def test_other_names_of_a_component_and_who_made_it_are_kept(document: bytes) -> None:
    component = only_component(document)

    assert component.identifiers == (
        Identifier("cpe", "cpe:2.3:a:acme:asset:1:*:*:*:*:*:*:*"),
        Identifier("swid", "acme.asset"),
    )
    assert component.parties == (
        Party("author", "Jane"),
        Party("author", "Joe"),
        Party("publisher", "Acme"),
        Party("manufacturer", "Maker"),
    )
    assert component.source_url == "https://example.org/asset.tar.gz"
    assert component.references == (
        Reference("vcs", "https://example.org/asset.git"),
        Reference("license", "https://example.org/LICENSE"),
    )


def test_components_that_differ_in_cryptography_only_are_not_the_same() -> None:
    document = cyclonedx(
        {"name": "key", "cryptoProperties": {"assetType": "algorithm", "oid": "1"}},
        {"name": "key", "cryptoProperties": {"assetType": "algorithm", "oid": "2"}},
        {"name": "key", "cryptoProperties": {"assetType": "algorithm", "oid": "1"}},
    )

    inventory = inventory_of(document)

    assert [(each.crypto and each.crypto.oid, each.occurrences) for each in inventory.components] == [
        ("1", 2),
        ("2", 1),
    ]
