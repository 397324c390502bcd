"""Documents that are valid or nearly so, with as much as fits in one place, for every reader.

Each shape is a document with a place to fill, and what fills it.
"""

from collections.abc import Iterator
from typing import NamedTuple

HERE = "@@"
"""Where a document is filled."""
NUMBER = "§"
"""What stands in an entry for its number."""


class Shape(NamedTuple):
    """A document with `HERE` in it, in whose place `entry` is repeated with `separator` between."""

    reader: str
    name: str
    document: str
    entry: str
    separator: str = ","

    def filled(self, size: int, most: int | None = None) -> bytes:
        """The document with as many entries as fit into `size` bytes, or `most` of them."""
        before, after = self.document.split(HERE)
        parts, length, number = [], len(before) + len(after), 0
        separator = self.separator.encode()
        while most is None or number < most:
            entry = self.entry.replace(NUMBER, str(number)).encode()
            length += len(entry) + len(separator)
            if length > size:
                break
            parts.append(entry)
            number += 1
        return before.encode() + separator.join(parts) + after.encode()


_OPERANDS = " OR ".join(["MIT"] * 10_000)
_MEBIBYTE = "x" * (1024 * 1024 - 4096)
_DEEP = "[" * 55 + "]" * 55

_CYCLONEDX = '{"bomFormat":"CycloneDX","specVersion":"1.6",%s}'
_COMPONENT = _CYCLONEDX % '"components":[{"type":"library","name":"a","bom-ref":"a",%s}]'
_LINKS = _CYCLONEDX % '"components":[{"type":"library","name":"a","bom-ref":"a"}],%s'
_CYCLONEDX_JSON = {
    "hashes": (_COMPONENT % '"hashes":[@@]', '{"alg":"MD5","content":"00000000000000000000000000000000"}'),
    "licenses by name": (_COMPONENT % '"licenses":[@@]', '{"license":{"name":"§"}}'),
    "licenses by id": (_COMPONENT % '"licenses":[@@]', '{"license":{"id":"X§"}}'),
    "licenses with texts": (
        _COMPONENT % '"licenses":[@@]',
        '{"license":{"name":"§","text":{"content":"§"}}}',
    ),
    "expressions": (_COMPONENT % '"licenses":[@@]', '{"expression":"MIT OR LicenseRef-§"}'),
    "10,000 operands, again": (_COMPONENT % '"licenses":[@@]', f'{{"expression":"{_OPERANDS} OR X§"}}'),
    "properties": (_COMPONENT % '"properties":[@@]', '{"name":"§","value":"v"}'),
    "properties of ours": (_COMPONENT % '"properties":[@@]', '{"name":"licet:notice","value":"§"}'),
    "wrong properties of ours": (_COMPONENT % '"properties":[@@]', '{"name":"licet:linkage","value":"§"}'),
    "properties on export": (_COMPONENT % '"properties":[@@]', '{"name":"cdx:crypto:§","value":"v"}'),
    "properties of wrong types": (_COMPONENT % '"properties":[@@]', '{"name":§}'),
    "references": (_COMPONENT % '"externalReferences":[@@]', '{"type":"vcs","url":"u§"}'),
    "parts": (_COMPONENT % '"components":[@@]', '{"type":"library","name":"§"}'),
    "equal parts": (_COMPONENT % '"components":[@@]', '{"type":"library","name":""}'),
    "patches": (_COMPONENT % '"pedigree":{"patches":[@@]}', '{"type":"backport"}'),
    "licenses in evidence": (_COMPONENT % '"evidence":{"licenses":[@@]}', '{"license":{"name":"§"}}'),
    "copyright in evidence": (_COMPONENT % '"evidence":{"copyright":[@@]}', '{"text":"c§"}'),
    "identity in evidence": (_COMPONENT % '"evidence":{"identity":[@@]}', '{"field":"purl","confidence":1}'),
    "authors": (_COMPONENT % '"authors":[@@]', '{"name":"§"}'),
    "cipher suites": (
        _COMPONENT % '"cryptoProperties":{"assetType":"protocol","protocolProperties":{"cipherSuites":[@@]}}',
        '{"name":"§"}',
    ),
    "members": (_COMPONENT % "@@", '"§":0'),
    "one member again": (_COMPONENT % "@@", '"name":"a"'),
    "lines of copyright": (_COMPONENT % '"copyright":"@@"', "§\\n"),
    "a name of 8 MiB": (_COMPONENT % '"version":"@@"', "x"),
    "a licence text of 8 MiB": (_COMPONENT % '"licenses":[{"license":{"name":"n","text":{"content":"@@"}}}]', "y"),
    "backslashes": (_COMPONENT % '"description":"@@\\\\\\\\\\u0000"', "\\\\"),
    "deep lists": (_COMPONENT % '"x":[@@]', _DEEP),
    "dependsOn, to nothing": (_LINKS % '"dependencies":[{"ref":"a","dependsOn":[@@]}]', '"§"'),
    "dependsOn, to itself": (_LINKS % '"dependencies":[{"ref":"a","dependsOn":[@@]}]', '"a"'),
    "dependencies of nothing": (_LINKS % '"dependencies":[@@]', '{"ref":"§"}'),
    "provides": (_LINKS % '"dependencies":[{"ref":"a","provides":[@@]}]', '"§"'),
    "assemblies": (_LINKS % '"compositions":[{"aggregate":"complete","assemblies":[@@]}]', '"§"'),
    "compositions": (_LINKS % '"compositions":[@@]', '{"aggregate":"complete"}'),
    "services": (_CYCLONEDX % '"services":[@@]', '{"name":"§"}'),
    "parts of the root": (
        _CYCLONEDX % '"metadata":{"component":{"type":"library","name":"r","components":[@@]}}',
        '{"type":"library","name":"§"}',
    ),
    "tools": (_CYCLONEDX % '"metadata":{"tools":[@@]}', '{"name":"§"}'),
    "authors of the document": (_CYCLONEDX % '"metadata":{"authors":[@@]}', '{"name":"§"}'),
    "components": (_CYCLONEDX % '"components":[@@]', '{"type":"library","name":"§"}'),
    "components without a name": (_CYCLONEDX % '"components":[@@]', '{"type":"library","name":""}'),
    "equal components": (_CYCLONEDX % '"components":[@@]', '{"type":"library","name":"a","bom-ref":"a"}'),
    "purls that are none": (_CYCLONEDX % '"components":[@@]', '{"type":"library","name":"a","purl":"§"}'),
    "members of the document": (_CYCLONEDX % "@@", '"§":0'),
    "numbers": (_CYCLONEDX % '"components":[@@]', "0"),
}

_XML = '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>%s</components>%s</bom>'
_XML_COMPONENT = _XML % ('<component type="library" bom-ref="a"><name>a</name>%s</component>', "")
_XML_LINKS = _XML % (
    '<component type="library" bom-ref="a"><name>a</name></component>',
    "<dependencies>%s</dependencies>",
)
_CYCLONEDX_XML = {
    "hashes": (_XML_COMPONENT % "<hashes>@@</hashes>", '<hash alg="MD5">00000000000000000000000000000000</hash>'),
    "licenses by name": (_XML_COMPONENT % "<licenses>@@</licenses>", "<license><name>§</name></license>"),
    "properties": (_XML_COMPONENT % "<properties>@@</properties>", '<property name="§">v</property>'),
    "references": (
        _XML_COMPONENT % "<externalReferences>@@</externalReferences>",
        '<reference type="vcs"><url>u</url></reference>',
    ),
    "parts": (
        _XML_COMPONENT % "<components>@@</components>",
        '<component type="library"><name>§</name></component>',
    ),
    "patches": (_XML_COMPONENT % "<pedigree><patches>@@</patches></pedigree>", '<patch type="backport"/>'),
    "copyright in evidence": (
        _XML_COMPONENT % "<evidence><copyright>@@</copyright></evidence>",
        "<text>c§</text>",
    ),
    "elements that are not read": (_XML_COMPONENT % "@@", "<x/>"),
    "attributes": (
        _XML % ('<component type="library"@@><name>a</name></component>', ""),
        ' a§=""',
    ),
    "lines of copyright": (_XML_COMPONENT % "<copyright>@@</copyright>", "§\n"),
    "a name of 8 MiB": (_XML_COMPONENT % "<version>@@</version>", "x"),
    "a licence text of 8 MiB": (
        _XML_COMPONENT % "<licenses><license><name>n</name><text>@@</text></license></licenses>",
        "y",
    ),
    "10,000 operands, again": (
        _XML % ("@@", ""),
        '<component type="library"><name>§</name><licenses><expression>'
        f"{_OPERANDS} OR X§</expression></licenses></component>",
    ),
    "dependencies of one": (_XML_LINKS % '<dependency ref="a">@@</dependency>', '<dependency ref="§"/>'),
    "dependencies of nothing": (_XML_LINKS % "@@", '<dependency ref="§"/>'),
    "components": (_XML % ("@@", ""), '<component type="library"><name>§</name></component>'),
    "equal components": (_XML % ("@@", ""), '<component type="library"><name>a</name></component>'),
    "services": (_XML % ("", "<services>@@</services>"), "<service><name>§</name></service>"),
    "assemblies": (
        _XML
        % (
            "",
            "<compositions><composition><aggregate>complete</aggregate><assemblies>@@</assemblies></composition></compositions>",
        ),
        '<assembly ref="§"/>',
    ),
}

SPDX_MEMBERS = {
    "checksums": ('"checksums":[@@]', '{"algorithm":"MD5","checksumValue":"0"}'),
    "external references": ('"externalRefs":[@@]', '{"referenceType":"purl","referenceLocator":"pkg:npm/a@§"}'),
    "external references, CPE": ('"externalRefs":[@@]', '{"referenceType":"cpe23Type","referenceLocator":"§"}'),
    "hasFiles": ('"hasFiles":[@@]', '"SPDXRef-§"'),
    "attribution texts": ('"attributionTexts":[@@]', '"§"'),
    "licences of files": ('"licenseInfoFromFiles":[@@]', '"LicenseRef-§"'),
    "expressions of files": ('"licenseInfoFromFiles":[@@]', '"MIT OR LicenseRef-§"'),
    "annotations": ('"annotations":[@@]', '{"comment":"§"}'),
    "annotations of ours": ('"annotations":[@@]', '{"comment":"licet:notice: §"}'),
    "lines of copyright": ('"copyrightText":"@@"', "§\\n"),
    "members": ("@@", '"§":0'),
    "one member again": ("@@", '"name":"a"'),
    "deep lists": ('"x":[@@]', _DEEP),
    "10,000 operands": ('"licenseInfoFromFiles":[@@]', f'"{_OPERANDS} OR X§"'),
}
SPDX_TOP = {
    "packages": ('"packages":[@@]', '{"name":"§","SPDXID":"SPDXRef-§"}'),
    "equal packages": ('"packages":[@@]', '{"name":"a","SPDXID":"SPDXRef-a"}'),
    "packages without a name": ('"packages":[@@]', '{"name":""}'),
    "relationships of one": (
        '"packages":[{"name":"a","SPDXID":"SPDXRef-a"}],"relationships":[@@]',
        '{"spdxElementId":"SPDXRef-a","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-§"}',
    ),
    "relationships without anything": ('"relationships":[@@]', "{}"),
    "describes": ('"documentDescribes":[@@]', '"SPDXRef-§"'),
    "files": ('"files":[@@]', '{"fileName":"§","SPDXID":"SPDXRef-§"}'),
    "extracted licences": ('"hasExtractedLicensingInfos":[@@]', '{"licenseId":"LicenseRef-§","extractedText":"t§"}'),
    "creators": ('"creationInfo":{"creators":[@@]}', '"Tool: §"'),
}

Rows = dict[str, tuple[str, str]]


def shapes() -> Iterator[Shape]:
    """All shapes of JSON and of CycloneDX XML."""
    yield from _of("cyclonedx_json", _CYCLONEDX_JSON)
    yield from _of("cyclonedx_xml", _CYCLONEDX_XML, "")
    head = '{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT",%s}'
    package = '"packages":[{"name":"a","SPDXID":"SPDXRef-a",%s}]'
    yield from _of("spdx_json", {name: (head % (package % at), entry) for name, (at, entry) in SPDX_MEMBERS.items()})
    yield from _of("spdx_json", {name: (head % at, entry) for name, (at, entry) in SPDX_TOP.items()})
    yield from _of("spdx_yaml", {name: (_yaml(package % at), entry) for name, (at, entry) in SPDX_MEMBERS.items()})
    yield from _of("spdx_yaml", {name: (_yaml(at), entry) for name, (at, entry) in SPDX_TOP.items()})


def _yaml(members: str) -> str:
    """Members of the top of an SPDX document in YAML's notation of JSON."""
    lines = members.replace(',"relationships"', '\n"relationships"').replace('":', '": ')
    return f"spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\n{lines}\n"


def _of(reader: str, rows: Rows, separator: str = ",") -> Iterator[Shape]:
    for name, (document, entry) in rows.items():
        yield Shape(reader, name, document, entry, "" if '"@@"' in document or "@@\\" in document else separator)
