"""Documents with as much as fits in one place, for the readers of tag-value, RDF, SPDX XML, SPDX 3, ORT and ScanCode."""

from collections.abc import Iterator

from tools.bench.overfull_shapes import Rows, Shape

_OPERANDS = " OR ".join(["MIT"] * 10_000)
_TAGS = "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nPackageName: a\nSPDXID: SPDXRef-a\n@@\n"
_TAG_VALUE = {
    "checksums": "PackageChecksum: MD5: 0",
    "external references": "ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@§",
    "external references, CPE": "ExternalRef: SECURITY cpe23Type §",
    "licences of files": "PackageLicenseInfoFromFiles: LicenseRef-§",
    "10,000 operands": f"PackageLicenseInfoFromFiles: {_OPERANDS} OR X§",
    "attribution texts": "PackageAttributionText: §",
    "copyright texts": "PackageCopyrightText: §",
    "annotations": "AnnotationComment: §",
    "relationships of one": "Relationship: SPDXRef-a CONTAINS SPDXRef-§",
    "relationships that are none": "Relationship: a",
    "tags that are unknown": "X§: a",
    "one tag again": "PackageVersion: 1",
    "lines without a tag": "§\nPackageVersion: 1",
    "packages": "PackageName: §",
    "files": "FileName: §",
    "extracted licences": "LicenseID: LicenseRef-§",
    "creators": "Creator: Tool: §",
}
_XML = (
    "<Document><spdxVersion>SPDX-2.3</spdxVersion><SPDXID>SPDXRef-DOCUMENT</SPDXID>"
    "<packages><name>a</name><SPDXID>SPDXRef-a</SPDXID>%s</packages>%s</Document>"
)
_SPDX_XML = {
    "checksums": ("@@", "<checksums><algorithm>MD5</algorithm><checksumValue>0</checksumValue></checksums>"),
    "attribution texts": ("@@", "<attributionTexts>§</attributionTexts>"),
    "licences of files": ("@@", "<licenseInfoFromFiles>LicenseRef-§</licenseInfoFromFiles>"),
    "external references": (
        "@@",
        "<externalRefs><referenceType>purl</referenceType><referenceLocator>pkg:npm/a@§</referenceLocator></externalRefs>",
    ),
    "annotations": ("@@", "<annotations><comment>§</comment></annotations>"),
    "members": ("@@", "<x§/>"),
    "one member again": ("@@", "<x/>"),
    "lines of copyright": ("<copyrightText>@@</copyrightText>", "§\n"),
    "a text of 8 MiB": ("<attributionTexts>@@</attributionTexts>", "x"),
}
_SPDX_XML_TOP = {
    "packages": "<packages><name>§</name></packages>",
    "relationships of one": (
        "<relationships><spdxElementId>SPDXRef-a</spdxElementId><relationshipType>CONTAINS</relationshipType>"
        "<relatedSpdxElement>§</relatedSpdxElement></relationships>"
    ),
    "describes": "<documentDescribes>§</documentDescribes>",
}
_RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#" '
    'xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"><spdx:SpdxDocument rdf:about="u#SPDXRef-DOCUMENT">'
    "<spdx:specVersion>SPDX-2.3</spdx:specVersion></spdx:SpdxDocument>"
    '<spdx:Package rdf:about="u#SPDXRef-a"><spdx:name>a</spdx:name>%s</spdx:Package></rdf:RDF>'
)
_SPDX_RDF = {
    "checksums": (
        "@@",
        "<spdx:checksum><spdx:Checksum><spdx:checksumValue>0</spdx:checksumValue></spdx:Checksum></spdx:checksum>",
    ),
    "attribution texts": ("@@", "<spdx:attributionText>§</spdx:attributionText>"),
    "licences of files": ("@@", '<spdx:licenseInfoFromFiles rdf:resource="u#LicenseRef-§"/>'),
    "files": ("@@", '<spdx:hasFile rdf:resource="u#SPDXRef-§"/>'),
    "relationships": (
        "@@",
        '<spdx:relationship><spdx:Relationship><spdx:relatedSpdxElement rdf:resource="u#§"/></spdx:Relationship>'
        "</spdx:relationship>",
    ),
    "a licence set": (
        "<spdx:licenseDeclared><spdx:DisjunctiveLicenseSet>@@</spdx:DisjunctiveLicenseSet></spdx:licenseDeclared>",
        '<spdx:member rdf:resource="http://spdx.org/licenses/MIT"/>',
    ),
    "one link again": ("@@", '<spdx:x rdf:resource="a"/>'),
    "nodes without anything": ("@@", "<spdx:x><spdx:Y/></spdx:x>"),
    "packages": (
        "</spdx:Package>@@<spdx:Package><spdx:name>b</spdx:name>",
        '<spdx:Package rdf:about="u#§"><spdx:name>§</spdx:name></spdx:Package>',
    ),
    "lines of copyright": ("<spdx:copyrightText>@@</spdx:copyrightText>", "§\n"),
}
_GRAPH = (
    '{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":['
    '{"type":"SpdxDocument","spdxId":"d","rootElement":["a"]},'
    '{"type":"software_Package","spdxId":"a","name":"a"%s}%s]}'
)
_SPDX3 = {
    "hashes": (',"verifiedUsing":[@@]', '{"type":"Hash","algorithm":"md5","hashValue":"0"}'),
    "identifiers": (
        ',"externalIdentifier":[@@]',
        '{"type":"ExternalIdentifier","externalIdentifierType":"packageUrl","identifier":"pkg:npm/a@§"}',
    ),
    "external references": (
        ',"externalRef":[@@]',
        '{"type":"ExternalRef","externalRefType":"vcs","locator":["§"]}',
    ),
    "assessments": (
        ',"externalRef":[@@]',
        '{"type":"ExternalRef","externalRefType":"exportControlAssessment","locator":["§"]}',
    ),
    "locators of one": (',"externalRef":[{"type":"ExternalRef","externalRefType":"vcs","locator":[@@]}]', '"§"'),
    "attribution texts": (',"software_attributionText":[@@]', '"§"'),
    "originators": (',"originatedBy":[@@]', '"§"'),
    "members": (",@@", '"§":0'),
    "lines of copyright": (',"software_copyrightText":"@@"', "§\\n"),
}
_SPDX3_MORE = {
    "packages": (",@@", '{"type":"software_Package","spdxId":"§","name":"§"}'),
    "unknown elements": (",@@", '{"type":"§","spdxId":"§"}'),
    "creation infos": (",@@", '{"type":"CreationInfo","@id":"_:§"}'),
    "people": (",@@", '{"type":"Person","spdxId":"§","name":"n"}'),
    "a relationship to many": (
        ',{"type":"Relationship","spdxId":"r","from":"a","relationshipType":"dependsOn","to":[@@]}',
        '"§"',
    ),
    "a relationship to one, again": (
        ',{"type":"Relationship","spdxId":"r","from":"a","relationshipType":"dependsOn","to":[@@]}',
        '"a"',
    ),
    "a licence to many": (
        ',{"type":"Relationship","spdxId":"r","from":"a","relationshipType":"hasDeclaredLicense","to":[@@]}',
        '"§"',
    ),
    "relationships": (",@@", '{"type":"Relationship","from":"a","relationshipType":"dependsOn","to":["§"]}'),
    "a licence set": (
        ',{"type":"Relationship","spdxId":"r","from":"a","relationshipType":"hasDeclaredLicense","to":["s"]},'
        '{"type":"expandedlicensing_DisjunctiveLicenseSet","spdxId":"s","expandedlicensing_member":[@@]}',
        '"§"',
    ),
    "a licence set, inside": (
        ',{"type":"Relationship","spdxId":"r","from":"a","relationshipType":"hasDeclaredLicense","to":["s"]},'
        '{"type":"expandedlicensing_DisjunctiveLicenseSet","spdxId":"s","expandedlicensing_member":[@@]}',
        '{"type":"expandedlicensing_CustomLicense","spdxId":"§"}',
    ),
    "elements inside": (
        ',{"type":"Bundle","spdxId":"b","element":[@@]}',
        '{"type":"software_Package","spdxId":"§","name":"n"}',
    ),
    "root elements": (',{"type":"software_Sbom","spdxId":"b","rootElement":[@@]}', '"§"'),
}


def shapes() -> Iterator[Shape]:
    """All shapes of these readers but ORT and ScanCode."""
    for name, entry in _TAG_VALUE.items():
        yield Shape("spdx_tag_value", name, _TAGS, entry, "\n")
    text = _TAGS.replace("@@", "PackageAttributionText: <text>@@</text>")
    yield Shape("spdx_tag_value", "lines of a text", text, "§", "\n")
    yield from _of("spdx_xml", {name: (_XML % (at, ""), entry) for name, (at, entry) in _SPDX_XML.items()}, "")
    yield from _of("spdx_xml", {name: (_XML % ("", "@@"), entry) for name, entry in _SPDX_XML_TOP.items()}, "")
    yield from _of("spdx_rdf", {name: (_RDF % at, entry) for name, (at, entry) in _SPDX_RDF.items()}, "")
    yield from _of("spdx3_json", {name: (_GRAPH % (at, ""), entry) for name, (at, entry) in _SPDX3.items()})
    yield from _of("spdx3_json", {name: (_GRAPH % ("", at), entry) for name, (at, entry) in _SPDX3_MORE.items()})


def _of(reader: str, rows: Rows, separator: str = ",") -> Iterator[Shape]:
    for name, (document, entry) in rows.items():
        yield Shape(reader, name, document, entry, "" if '"@@"' in document else separator)
