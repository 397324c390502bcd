"""An SPDX 2 document is recognised in each serialization, in each version, wherever the version stands."""

import codecs

import pytest

from tests.support.small_sboms import result_of, warnings_of
from tests.support.spdx_documents import rdf, rdf_package, tag_value, xml

PACKAGE = "<packages><SPDXID>SPDXRef-a</SPDXID><name>a</name></packages>"
COMMENT = "x" * 300_000
YAML = """dataLicense: CC0-1.0
creationInfo: {created: 2026-01-01T00:00:00Z}
packages: [{SPDXID: SPDXRef-a, name: Zoë}]
spdxVersion: "SPDX-2.3"
"""
DOCUMENTS = [
    ("tag-value", tag_value("PackageName: a", "SPDXID: SPDXRef-a")),
    ("tag-value", b"# a comment\n\n" + tag_value("PackageName: a", "SPDXID: SPDXRef-a")),
    ("tag-value", tag_value("PackageName: a", "SPDXID: SPDXRef-a", "spdxVersion: <text>{}</text>")),
    ("yaml", YAML.encode()),
    ("yaml", f"%YAML 1.2\n---\n# a comment\ncomment: {COMMENT}\n{YAML}".encode()),
    ("yaml", f'comment: |\n  SPDXVersion: SPDX-2.2\n"spdxVersion" : SPDX-2.3\n{YAML[: YAML.index("spdx")]}'.encode()),
    ("xml", xml(PACKAGE)),
    ("xml", xml(f"<comment>{COMMENT}</comment>{PACKAGE}<comment2>\nSPDXVersion: SPDX-2.2\n</comment2>")),
    ("xml", xml(PACKAGE).replace(b"<Document>", b'<s:Document xmlns:s="urn:x">').replace(b"/Doc", b"/s:Doc")),
    ("rdf", rdf(rdf_package("a"))),
    ("rdf", rdf(rdf_package("a"), f"<!-- {COMMENT} -->")),
]


@pytest.mark.parametrize(("serialization", "document"), DOCUMENTS)
def test_each_serialization_is_recognised_from_its_content(serialization: str, document: bytes) -> None:
    facts = result_of(document).facts

    assert (facts.format, facts.serialization, facts.spec_version) == ("spdx", serialization, "2.3")
    assert facts.buckets.elements == 1


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.3"])
@pytest.mark.parametrize("document", [DOCUMENTS[0][1], YAML.encode(), xml(PACKAGE), rdf(rdf_package("a"))])
def test_each_version_is_read_and_told_without_its_prefix(document: bytes, version: str) -> None:
    facts = result_of(document.replace(b"SPDX-2.3", f"SPDX-{version}".encode())).facts

    assert facts.spec_version == version


@pytest.mark.parametrize("document", [DOCUMENTS[0][1], YAML.encode(), rdf(rdf_package("a"))])
def test_utf_16_and_byte_order_marks_are_taken_with_a_warning(document: bytes) -> None:
    for encoded in (codecs.BOM_UTF8 + document, codecs.BOM_UTF16_LE + document.decode().encode("utf-16-le")):
        assert "encoding" in [code for code, _ in warnings_of(encoded)]
