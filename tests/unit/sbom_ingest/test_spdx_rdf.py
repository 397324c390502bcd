"""What an SPDX graph says arrives in the inventory, in whatever order and nesting RDF/XML writes it."""

import pytest

from sbom_ingest.domain.limits import Limits
from shared.contracts.documents import Root
from tests.support.small_sboms import edges_by_name, inventory_of, only_component, refusal_of, result_of, warnings_of
from tests.support.spdx_documents import DOCUMENT_URI, rdf, rdf_package, rdf_relationship

TERMS = "http://spdx.org/rdf/terms#"
LISTED = "http://spdx.org/licenses/"


def license_set(kind: str, *members: str) -> str:
    inside = "".join(
        f"<spdx:member>{member}</spdx:member>" if "<" in member else f'<spdx:member rdf:resource="{LISTED}{member}"/>'
        for member in members
    )
    return f"<spdx:{kind}>{inside}</spdx:{kind}>"


def either(*members: str) -> str:
    return license_set("DisjunctiveLicenseSet", *members)


def both(*members: str) -> str:
    return license_set("ConjunctiveLicenseSet", *members)


def declared(inside: str) -> bytes:
    return rdf(rdf_package("a", f"<spdx:licenseDeclared>{inside}</spdx:licenseDeclared>"))


def test_a_package_becomes_a_component_with_all_that_was_said_of_it() -> None:
    document = rdf(
        rdf_package(
            "a",
            f"""
            <spdx:versionInfo>1.0</spdx:versionInfo>
            <spdx:supplier>Organization: Acme (acme@example.org)</spdx:supplier>
            <spdx:downloadLocation>git+https://example.org/a.git</spdx:downloadLocation>
            <spdx:licenseConcluded rdf:resource="{TERMS}noassertion"/>
            <spdx:licenseDeclared rdf:resource="{LISTED}MIT"/>
            <spdx:licenseInfoFromFiles rdf:resource="{LISTED}ISC"/>
            <spdx:copyrightText>Copyright Jane\nCopyright John</spdx:copyrightText>
            <spdx:checksum><spdx:Checksum>
              <spdx:algorithm rdf:resource="{TERMS}checksumAlgorithm_sha256"/>
              <spdx:checksumValue>AB</spdx:checksumValue>
            </spdx:Checksum></spdx:checksum>
            <spdx:externalRef><spdx:ExternalRef>
              <spdx:referenceType rdf:resource="http://spdx.org/rdf/references/purl"/>
              <spdx:referenceLocator>pkg:npm/a@1.0</spdx:referenceLocator>
            </spdx:ExternalRef></spdx:externalRef>
            <spdx:annotation><spdx:Annotation>
              <rdfs:comment>licet:linkage: static</rdfs:comment>
            </spdx:Annotation></spdx:annotation>
            <spdx:attributionText>Thanks to all</spdx:attributionText>
            <spdx:primaryPackagePurpose rdf:resource="{TERMS}purpose_operatingSystem"/>
            """,
        )
    )

    inventory = inventory_of(document)

    [component] = inventory.components
    assert (component.name, component.version, component.supplier) == ("a", "1.0", "Acme")
    assert (component.purl, component.type, component.ref) == ("pkg:npm/a@1.0", "operating-system", "SPDXRef-a")
    assert component.pointer == "SPDXRef-a"
    assert [(claim.value, claim.origin, claim.pointer) for claim in component.licenses] == [
        ("NOASSERTION", "concluded", "SPDXRef-a/licenseConcluded"),
        ("MIT", "declared", "SPDXRef-a/licenseDeclared"),
        ("ISC", "observed", "SPDXRef-a/licenseInfoFromFiles"),
    ]
    assert component.copyright == ["Copyright Jane", "Copyright John"]
    assert (component.hashes, component.linkage) == ({"sha256": "ab"}, "static")
    assert [inventory.texts[key] for key in component.notices] == ["Thanks to all"]
    assert inventory.tool == ["example-1.0"]
    assert warnings_of(document) == []


@pytest.mark.parametrize(
    ("written", "expression"),
    [
        # spdx-tools 0.8 reads the grouping away: it joins the members of nested sets without parentheses.
        (both(either("MIT", "Apache-2.0"), "Unicode-DFS-2016"), "(MIT OR Apache-2.0) AND Unicode-DFS-2016"),
        (either("MIT", both("ISC", "Zlib")), "MIT OR (ISC AND Zlib)"),
        (both("MIT", both("ISC", "Zlib")), "MIT AND ISC AND Zlib"),
        (either(both("MIT"), "ISC"), "(MIT) OR ISC"),
        (
            '<spdx:WithExceptionOperator><spdx:member rdf:resource="http://spdx.org/licenses/GPL-2.0-only"/>'
            "<spdx:licenseException><spdx:LicenseException>"
            "<spdx:licenseExceptionId>Classpath-exception-2.0</spdx:licenseExceptionId>"
            "</spdx:LicenseException></spdx:licenseException></spdx:WithExceptionOperator>",
            "GPL-2.0-only WITH Classpath-exception-2.0",
        ),
        (license_set("OrLaterOperator", "LGPL-2.1"), "LGPL-2.1+"),
        (f'<spdx:ListedLicense rdf:about="{LISTED}MIT"><spdx:name>The MIT License</spdx:name></spdx:ListedLicense>', "MIT"),
        ("<spdx:License><spdx:licenseId>MIT</spdx:licenseId></spdx:License>", "MIT"),
        ('<spdx:ExtractedLicensingInfo rdf:about="#LicenseRef-1"/>', "LicenseRef-1"),
        ("<spdx:SpdxNoneLicense/>", "NONE"),
        ("<spdx:SpdxNoAssertionLicense/>", "NOASSERTION"),
        ("(MIT OR ISC)", "(MIT OR ISC)"),
    ],
)  # fmt: skip
def test_a_license_is_the_expression_that_its_nodes_mean(written: str, expression: str) -> None:
    [claim] = only_component(declared(written)).licenses

    assert (claim.value, claim.kind, claim.origin) == (expression, "expression", "declared")


@pytest.mark.parametrize(
    ("inside", "attributes"),
    [
        (f'<spdx:Package rdf:about="{DOCUMENT_URI}#SPDXRef-a"><spdx:name>a</spdx:name></spdx:Package>', ""),
        ('<spdx:Package rdf:about="#SPDXRef-a"><spdx:name>a</spdx:name></spdx:Package>', f'xml:base="{DOCUMENT_URI}"'),
        ('<spdx:Package rdf:ID="SPDXRef-a"><spdx:name>a</spdx:name></spdx:Package>', f'xml:base="{DOCUMENT_URI}#x"'),
        (f'<spdx:Package xml:base="{DOCUMENT_URI}" rdf:ID="SPDXRef-a" spdx:name="a"/>', ""),
        (f'<rdf:Description rdf:about="{DOCUMENT_URI}#SPDXRef-a"><rdf:type rdf:resource="{TERMS}Package"/>'
         "<spdx:name>a</spdx:name></rdf:Description>", ""),
        (f'<rdf:Description rdf:about="{DOCUMENT_URI}#SPDXRef-a" spdx:name="a"/>'
         f'<spdx:Package rdf:about="{DOCUMENT_URI}#SPDXRef-a"/>', ""),
    ],
)  # fmt: skip
def test_the_ways_to_name_a_node_mean_the_same(inside: str, attributes: str) -> None:
    relationship = rdf_relationship("describes", "a").replace("#SPDXRef-a", f"{DOCUMENT_URI}#SPDXRef-a")
    document = f'<rdf:Description rdf:about="{DOCUMENT_URI}#SPDXRef-DOCUMENT">{relationship}</rdf:Description>'

    inventory = inventory_of(rdf(document, inside, attributes=attributes))

    assert inventory.root == Root(name="a", type="library")
    assert [component.ref for component in inventory.components] == ["SPDXRef-a"]


def test_nodes_may_be_nested_linked_and_described_in_any_order() -> None:
    linked = rdf(
        '<rdf:Description rdf:about="#SPDXRef-DOCUMENT"><spdx:describesPackage rdf:resource="#SPDXRef-shop"/>'
        "</rdf:Description>",
        rdf_package("a", '<spdx:licenseDeclared rdf:nodeID="set"/>'),
        rdf_package("shop", rdf_relationship("dependsOn", "a")),
        '<spdx:DisjunctiveLicenseSet rdf:nodeID="set"><spdx:member rdf:nodeID="x"/></spdx:DisjunctiveLicenseSet>',
        '<spdx:ExtractedLicensingInfo rdf:nodeID="x"><spdx:licenseId>LicenseRef-x</spdx:licenseId>'
        "</spdx:ExtractedLicensingInfo>",
    )
    nested = rdf(
        f"""<rdf:Description rdf:about="#SPDXRef-DOCUMENT"><spdx:describesPackage>
        <spdx:Package rdf:about="#SPDXRef-shop" spdx:name="shop">
          <spdx:relationship rdf:parseType="Resource">
            <spdx:relationshipType rdf:resource="{TERMS}relationshipType_dependsOn"/>
            <spdx:relatedSpdxElement>{rdf_package("a", f'''<spdx:licenseDeclared>{either(
                "<spdx:ExtractedLicensingInfo><spdx:licenseId>LicenseRef-x</spdx:licenseId></spdx:ExtractedLicensingInfo>"
            )}</spdx:licenseDeclared>''')}</spdx:relatedSpdxElement>
          </spdx:relationship>
        </spdx:Package></spdx:describesPackage></rdf:Description>""",
    )  # fmt: skip

    for inventory in map(inventory_of, (linked, nested)):
        assert inventory.root.name == "shop"
        assert edges_by_name(inventory) == [("ROOT", "a")]
        [claim] = next(each for each in inventory.components if each.name == "a").licenses
        assert claim.value == "LicenseRef-x"
        assert [license_.id for license_ in inventory.extracted_licenses] == ["LicenseRef-x"]


def test_a_link_that_is_stated_twice_is_one() -> None:
    supplier = f'<spdx:supplier rdf:resource="{TERMS}noassertion"/>'
    once, twice = (rdf(rdf_package("a", supplier * count)) for count in (1, 2))
    differing = rdf(rdf_package("a", f'{supplier}<spdx:supplier rdf:resource="{TERMS}none"/>'))

    assert warnings_of(twice) == warnings_of(once)
    assert warnings_of(differing) != warnings_of(once)


def test_an_element_of_another_document_is_named_by_its_reference() -> None:
    document = rdf(
        '<rdf:Description rdf:about="#SPDXRef-DOCUMENT"><spdx:externalDocumentRef><spdx:ExternalDocumentRef>'
        "<spdx:externalDocumentId>DocumentRef-x</spdx:externalDocumentId>"
        '<spdx:spdxDocument rdf:resource="https://example.org/other"/>'
        "</spdx:ExternalDocumentRef></spdx:externalDocumentRef></rdf:Description>",
        rdf_package(
            "a",
            '<spdx:licenseDeclared rdf:resource="https://example.org/other#LicenseRef-1"/>'
            + rdf_relationship("dependsOn", "b").replace("#SPDXRef-b", "https://example.org/other#SPDXRef-b"),
        ),
    )

    assert only_component(document).licenses[0].value == "DocumentRef-x:LicenseRef-1"
    assert warnings_of(document) == [("external-reference", "SPDXRef-a/relatedSpdxElement")]


def test_files_are_elements_only_where_no_package_is() -> None:
    file = (
        '<spdx:File rdf:about="#SPDXRef-f"><spdx:fileName>./f</spdx:fileName>'
        f'<spdx:licenseInfoInFile rdf:resource="{LISTED}MIT"/></spdx:File>'
    )

    alone = result_of(rdf(file))

    assert (only_component(rdf(file)).name, alone.facts.files) == ("./f", 0)
    assert result_of(rdf(file, rdf_package("a"))).facts.files == 1


@pytest.mark.parametrize(
    ("document", "kind", "words"),
    [
        (rdf('<spdx:Package rdf:about="#SPDXRef-a"/>'), "breaks-specification", "SPDXRef-a: a package needs a `name`"),
        (declared(f'<spdx:License rdf:about="{LISTED}MIT"/>').replace(
            b"</spdx:Package>", b'<spdx:licenseDeclared rdf:resource="http://spdx.org/licenses/ISC"/></spdx:Package>'),
         "breaks-specification", "two licences differ"),
        (rdf(rdf_package("a", "<spdx:annotation><spdx:Annotation rdf:resource='#x'/></spdx:annotation>")),
         "not-an-sbom", "`rdf:resource` cannot stand on `Annotation`"),
        (rdf(rdf_package("a", "<spdx:annotation rdf:about='#x'/>")), "not-an-sbom", "`rdf:about` cannot stand"),
        (rdf(attributes=f'xml:base="https://example.org/{"x" * 2000}"'), "not-an-sbom", "2000 characters"),
        (rdf('<spdx:SpdxDocument rdf:about="#SPDXRef-other"/>'), "breaks-specification", "a second document"),
        (rdf(head=""), "not-an-sbom", "2.1, 2.2, 2.3"),
        (rdf().replace(b"SPDX-2.3", b"SPDX-1.2"), "not-an-sbom", "2.1, 2.2, 2.3"),
        (rdf().replace(b"<rdf:RDF", b'<!DOCTYPE rdf:RDF [<!ENTITY x SYSTEM "file:///etc/hostname">]><rdf:RDF'),
         "not-an-sbom", "document type"),
        (rdf()[:-4], "not-an-sbom", "not well-formed"),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused_and_says_why(document: bytes, kind: str, words: str) -> None:
    refusal = refusal_of(document)

    assert refusal.kind == kind
    assert words in refusal.detail


def chain(count: int, last: str) -> str:
    """License sets of which each has the next as member twice over."""
    members = (f'<spdx:member rdf:nodeID="s{number + 1}"/>' for number in range(count))
    sets = (
        f'<spdx:{"Con" if number % 2 else "Dis"}junctiveLicenseSet rdf:nodeID="s{number}">{member}'
        f'<spdx:member><spdx:ConjunctiveLicenseSet>{member}</spdx:ConjunctiveLicenseSet></spdx:member>'
        f'</spdx:{"Con" if number % 2 else "Dis"}junctiveLicenseSet>'
        for number, member in enumerate(members)
    )  # fmt: skip
    return "".join(sets) + last


def test_a_license_set_within_itself_is_refused() -> None:
    last = '<spdx:ConjunctiveLicenseSet rdf:nodeID="s2"><spdx:member rdf:nodeID="s0"/></spdx:ConjunctiveLicenseSet>'

    refusal = refusal_of(rdf(rdf_package("a", '<spdx:licenseDeclared rdf:nodeID="s0"/>'), chain(2, last)))

    assert "member of itself" in refusal.detail


@pytest.mark.parametrize(("count", "limit"), [(28, "field"), (100, "depth")])
def test_license_sets_that_grow_without_bound_are_refused(count: int, limit: str) -> None:
    last = f'<spdx:ListedLicense rdf:nodeID="s{count}"><spdx:licenseId>MIT</spdx:licenseId></spdx:ListedLicense>'

    refusal = refusal_of(rdf(rdf_package("a", '<spdx:licenseDeclared rdf:nodeID="s0"/>'), chain(count, last)))

    assert refusal.limit == limit


def test_packages_nested_deep_in_each_other_are_read_up_to_a_bound() -> None:
    def nested(count: int) -> bytes:
        begin = "".join(
            f'<spdx:Package rdf:about="#SPDXRef-{number}"><spdx:name>{number}</spdx:name><spdx:relationship>'
            f'<spdx:Relationship><spdx:relationshipType rdf:resource="{TERMS}relationshipType_dependsOn"/>'
            "<spdx:relatedSpdxElement>"
            for number in range(count)
        )
        end = "</spdx:relatedSpdxElement></spdx:Relationship></spdx:relationship></spdx:Package>" * count
        return rdf(begin + rdf_package("last") + end)

    assert result_of(nested(100)).facts.buckets.components == 101
    assert refusal_of(nested(200)).limit == "depth"
    assert refusal_of(nested(30), Limits(depth=10)).limit == "depth"


def test_a_license_set_that_is_written_out_in_many_others_is_refused_before_it_fills_the_memory() -> None:
    shared = license_set("DisjunctiveLicenseSet", *(f"{'X' * 90}{number}" for number in range(1000)))
    document = rdf(
        shared.replace("<spdx:DisjunctiveLicenseSet>", '<spdx:DisjunctiveLicenseSet rdf:nodeID="shared">'),
        *(
            rdf_package(
                str(number),
                '<spdx:licenseDeclared><spdx:ConjunctiveLicenseSet><spdx:member rdf:nodeID="shared"/>'
                f'<spdx:member rdf:resource="{LISTED}A{number}"/></spdx:ConjunctiveLicenseSet></spdx:licenseDeclared>',
            )
            for number in range(100)
        ),
    )

    assert refusal_of(document).limit == "field"


def test_a_node_that_has_many_values_and_is_linked_from_everywhere_costs_no_more_for_it() -> None:
    targets = "".join(f"<spdx:relatedSpdxElement>{number}</spdx:relatedSpdxElement>" for number in range(3000))
    packages = (rdf_package(str(number), '<spdx:relationship rdf:nodeID="r"/>') for number in range(3000))

    result = result_of(rdf(f'<spdx:Relationship rdf:nodeID="r">{targets}</spdx:Relationship>', *packages))

    assert result.facts.buckets.components == 3000
