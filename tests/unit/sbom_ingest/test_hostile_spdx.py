"""Whatever an SPDX document in tag-value, YAML, XML or RDF/XML holds, reading it ends in a result or a refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbom_ingest.domain.limits import MIB, Limits
from sbom_ingest.domain.outcome import Refusal
from tests.support.examples import examples
from tests.support.reading import Read, read
from tests.support.small_sboms import only_component, refusal_of, result_of
from tests.support.spdx_documents import rdf, rdf_package, rdf_relationship, tag_value, xml

TAG_VALUE = tag_value(
    "PackageName: a",
    "SPDXID: SPDXRef-a",
    "PackageLicenseDeclared: MIT",
    "PackageChecksum: SHA1: 00",
    "PackageCopyrightText: <text>Copyright",
    "</text>",
    "ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1",
    "FileName: f",
    "SPDXID: SPDXRef-f",
    "SnippetSPDXID: SPDXRef-s",
    "LicenseID: LicenseRef-1",
    "ExtractedText: <text>t</text>",
    "Relationship: SPDXRef-a CONTAINS SPDXRef-f",
    "Annotator: Tool: t",
    "SPDXREF: SPDXRef-a",
    "AnnotationComment: <text>licet:modified: true</text>",
)
XML = xml(
    "<packages><SPDXID>SPDXRef-a</SPDXID><name>a</name><licenseDeclared>MIT</licenseDeclared>"
    "<checksums><algorithm>SHA1</algorithm><checksumValue>0</checksumValue></checksums></packages>"
    "<relationships><spdxElementId>SPDXRef-a</spdxElementId></relationships>"
)
RDF = rdf(
    rdf_package(
        "a",
        "<spdx:licenseDeclared><spdx:ConjunctiveLicenseSet><spdx:member><spdx:DisjunctiveLicenseSet rdf:nodeID='x'>"
        "<spdx:member rdf:resource='http://spdx.org/licenses/MIT'/></spdx:DisjunctiveLicenseSet></spdx:member>"
        "<spdx:member rdf:nodeID='x'/></spdx:ConjunctiveLicenseSet></spdx:licenseDeclared>"
        + rdf_relationship("contains", "b"),
    ),
    rdf_package("b", "<spdx:name rdf:parseType='Literal'><b/></spdx:name>"),
)

YAML = b"""spdxVersion: SPDX-2.3
dataLicense: CC0-1.0
creationInfo: {created: 2026-01-01T00:00:00Z, creators: ["Tool: t"]}
packages:
- name: a
  SPDXID: SPDXRef-a
  licenseDeclared: MIT
  checksums:
    - algorithm: SHA1
      checksumValue: '0'
  copyrightText: |
    Copyright
relationships:
- {spdxElementId: SPDXRef-a, relationshipType: CONTAINS, relatedSpdxElement: NONE}
"""
PARTS = [TAG_VALUE, XML, RDF, YAML]
MARKS = "|\n|<|>|/|\"|'|:|#|&|*|<text>|</text>|<!--|<![CDATA[|\0|- |{|[|!!|rdf:about|rdf:resource|rdf:nodeID|\n---\n"
INSERTS = st.sampled_from([*(mark.encode() for mark in MARKS.split("|")), b"\xff"])


@examples(400)
@given(
    st.sampled_from(PARTS),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 60), INSERTS), min_size=1, max_size=4),
)
def test_any_change_ends_in_a_result_or_a_refusal(document: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    for place, length, insert in changes:
        start = place % (len(document) + 1)
        document = document[:start] + insert + document[start + length :]

    outcome = read(document, Limits())

    match outcome:
        case Read():
            buckets = outcome.facts.buckets
            assert buckets.elements == buckets.components + buckets.duplicates + buckets.ignored
        case Refusal():
            assert outcome.kind in ("breaks-specification", "not-an-sbom", "unsupported-encoding")


@pytest.mark.parametrize("document", PARTS, ids=["tag-value", "xml", "rdf", "yaml"])
def test_what_is_changed_there_is_taken_unchanged(document: bytes) -> None:
    assert result_of(document).facts.buckets.elements >= 1


@pytest.mark.parametrize("document", PARTS, ids=["tag-value", "xml", "rdf", "yaml"])
def test_a_document_that_is_cut_anywhere_ends_in_a_result_or_a_refusal(document: bytes) -> None:
    for end in range(0, len(document), 7):
        assert isinstance(read(document[:end], Limits()), Read | Refusal)


PACKAGES_OF_TWO = [
    tag_value("PackageName: a", "PackageName: b"),
    xml("<packages><name>a</name></packages><packages><name>b</name></packages>"),
    rdf(rdf_package("a"), rdf_package("b")),
    b"spdxVersion: SPDX-2.3\npackages: [{name: a}, {name: b}]\n",
]
RELATIONSHIPS_OF_TWO = [
    tag_value("PackageName: a", "Relationship: a b c", "Relationship: a b c"),
    xml("<relationships><comment/></relationships>" * 2),
    rdf(rdf_package("a", rdf_relationship("contains", "b") * 2)),
    b"spdxVersion: SPDX-2.3\nrelationships: [{}, {}]\n",
]
LONG = "M" * (MIB + 1)
LONG_FIELDS = [
    tag_value("PackageName: a", f"PackageLicenseDeclared: {LONG}"),
    xml(f"<packages><name>{LONG}</name></packages>"),
    rdf(rdf_package("a", f"<spdx:licenseDeclared>{LONG}</spdx:licenseDeclared>")),
    b"spdxVersion: SPDX-2.3\npackages: [{name: a, licenseDeclared: %b}]\n" % LONG.encode(),
]
LONG_TEXTS = [
    tag_value("PackageName: a", f"PackageAttributionText: <text>{'t' * 101}</text>"),
    tag_value("PackageName: a", "PackageComment: <text>", "t" * 101, "</text>"),
    xml(f"<packages><name>a</name><attributionTexts>{'t' * 101}</attributionTexts></packages>"),
    rdf(rdf_package("a", f"<spdx:attributionText>{'t' * 101}</spdx:attributionText>")),
    b"spdxVersion: SPDX-2.3\npackages: [{name: a, attributionTexts: [%b]}]\n" % (b"t" * 101),
]


@pytest.mark.parametrize(
    ("document", "limits", "limit"),
    [
        *((document, Limits(elements=1), "elements") for document in PACKAGES_OF_TWO),
        *((document, Limits(relationships=1), "relationships") for document in RELATIONSHIPS_OF_TWO),
        *((document, Limits(), "field") for document in LONG_FIELDS),
        *((document, Limits(text_bytes=100), "text") for document in LONG_TEXTS),
        (tag_value("FileName: a", "FileName: b"), Limits(elements=1), "elements"),
    ],
    ids=lambda each: str(each)[:40],  # some documents are of a megabyte
)
def test_each_limit_refuses_what_passes_it_and_is_named(document: bytes, limits: Limits, limit: str) -> None:
    refusal = refusal_of(document, limits)

    assert (refusal.kind, refusal.limit) == ("over-limit", limit)


HOSTILE = {
    "a million opening brackets": b"spdxVersion: SPDX-2.3\npackages: " + b"[" * 1_000_000,
    "a million dashes": b"spdxVersion: SPDX-2.3\npackages: " + b"- " * 1_000_000,
    "a long line": tag_value("PackageName: a", "x" * 5_000_000),
    "many texts": tag_value("PackageName: a", *["PackageComment: <text>t</text>"] * 20_000),
    "many openings of texts": tag_value("PackageName: a", "PackageComment: <text>", *["x: <text>"] * 50_000),
    "many lines that are no tags": tag_value("PackageName: a", *["no tag", "PackageComment: x"] * 20_000),
    "many blank lines": tag_value(*["   "] * 500_000, "PackageName: a"),
    "a deep graph": rdf("<spdx:File><spdx:relationship>" * 100_000),
    "many nameless nodes": rdf("<spdx:File/>" * 50_000),
    "one node described again and again": rdf('<spdx:File rdf:about="#a"><spdx:x/></spdx:File>' * 20_000),
    "many kinds": rdf(*(f'<spdx:K{number} rdf:about="#a"/>' for number in range(20_000))),
    "sexagesimal": b"spdxVersion: SPDX-2.3\na: " + b"1:" * 100_000 + b"1\n",
    "many anchors": b"spdxVersion: SPDX-2.3\na:\n" + b"".join(b"- &a%d x\n" % number for number in range(20_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_ends_in_a_result_or_a_refusal(name: str) -> None:
    assert isinstance(read(HOSTILE[name], Limits()), Read | Refusal)


def test_the_character_nul_is_in_no_text() -> None:
    assert refusal_of(tag_value("PackageName: a\0b")).kind == "not-an-sbom"


@pytest.mark.parametrize(
    "document",
    [
        tag_value("PackageName: <script>{{7*7}}</script>\x1b[31m\u202e", "SPDXID: SPDXRef-a"),
        xml("<packages><name>&lt;script&gt;{{7*7}}&lt;/script&gt;\u202e</name></packages>"),
    ],
)
def test_text_that_looks_like_markup_or_code_arrives_unchanged(document: bytes) -> None:
    assert only_component(document).name.startswith("<script>{{7*7}}</script>")
