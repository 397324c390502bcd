"""SPDX XML has the shape of SPDX JSON, with repeated elements for lists."""

import pytest

from sbom_ingest.domain.limits import Limits
from tests.support.small_sboms import edges_by_name, inventory_of, only_component, refusal_of, result_of, warnings_of
from tests.support.spdx_documents import xml

PACKAGE = """<packages>
  <SPDXID>SPDXRef-a</SPDXID><name>a</name><versionInfo> 1.0 </versionInfo>
  <licenseDeclared>MIT &amp; more</licenseDeclared>
  <licenseInfoFromFiles>MIT</licenseInfoFromFiles>
  <checksums><algorithm>SHA1</algorithm><checksumValue>AB</checksumValue></checksums>
  <externalRefs>
    <referenceType>purl</referenceType><referenceLocator>pkg:npm/a@1.0</referenceLocator>
  </externalRefs>
  <externalRefs>
    <referenceType>purl</referenceType><referenceLocator>npm/a</referenceLocator>
  </externalRefs>
</packages>"""


def test_a_package_becomes_a_component_and_places_are_xpaths() -> None:
    document = xml(PACKAGE)

    component = only_component(document)

    assert (component.name, component.version, component.purl) == ("a", "1.0", "pkg:npm/a@1.0")
    assert component.pointer == "/Document/packages[1]"
    assert [(claim.value, claim.pointer) for claim in component.licenses] == [
        ("MIT & more", "/Document/packages[1]/licenseDeclared"),
        ("MIT", "/Document/packages[1]/licenseInfoFromFiles[1]"),
    ]
    assert component.hashes == {"sha1": "ab"}
    assert ("several-purls", "/Document/packages[1]/externalRefs[2]") in warnings_of(document)


def test_one_element_of_a_list_is_a_list_and_white_space_of_texts_stays() -> None:
    inventory = inventory_of(
        xml(
            PACKAGE
            + "<documentDescribes>SPDXRef-a</documentDescribes><hasExtractedLicensingInfos>"
            + "<licenseId>LicenseRef-1</licenseId><extractedText>\n  text\n</extractedText>"
            + "</hasExtractedLicensingInfos>"
        )
    )

    assert inventory.root.name == "a"
    assert list(inventory.texts.values()) == ["\n  text\n"]
    assert inventory.tool == ["example-1.0"]


def test_relationships_may_stand_before_what_they_relate() -> None:
    relationship = (
        "<relationships><spdxElementId>SPDXRef-a</spdxElementId><relationshipType>DEPENDS_ON</relationshipType>"
        "<relatedSpdxElement>SPDXRef-b</relatedSpdxElement></relationships>"
    )
    second = "<packages><SPDXID>SPDXRef-b</SPDXID><name>b</name></packages>"

    assert edges_by_name(inventory_of(xml(relationship + PACKAGE + second))) == [("a", "b")]


def test_an_empty_element_is_an_empty_list_or_an_empty_text() -> None:
    document = xml(
        "<files/><packages><SPDXID>SPDXRef-a</SPDXID><name/><licenseDeclared>MIT</licenseDeclared><checksums/></packages>"
    )

    assert only_component(document).name == ""
    assert warnings_of(document) == []


@pytest.mark.parametrize(
    ("inside", "pointer"),
    [
        ("<packages><SPDXID>SPDXRef-a</SPDXID></packages>", "/Document/packages[1]"),
        ("<packages>a</packages>", "/Document/packages[1]"),
        (PACKAGE.replace("<name>a</name>", "<name>a</name><name>b</name><name>c</name>"), "/Document/packages[1]/name"),
        ("<name>a</name><name>b</name>", "/Document/name[2]"),
    ],
)
def test_what_could_change_the_outcome_is_refused_with_its_place(inside: str, pointer: str) -> None:
    refusal = refusal_of(xml(inside))

    assert refusal.kind == "breaks-specification"
    assert [error.pointer for error in refusal.errors] == [pointer]


def test_a_version_that_is_not_read_is_refused_naming_those_that_are() -> None:
    refusal = refusal_of(xml("").replace(b"SPDX-2.3", b"SPDX-1.2"))

    assert "2.1, 2.2, 2.3" in refusal.detail


def test_an_element_over_the_limit_of_depth_is_refused() -> None:
    document = xml("<packages>" + "<a>" * 70 + "</a>" * 70 + "</packages>")

    assert refusal_of(document).limit == "depth"
    assert result_of(document.replace(b"<packages>", b"<comment>").replace(b"</packages>", b"</comment>"), Limits(90))
