"""An XML declaration may name any encoding, or be of any length; the document is read or refused."""

import pytest

from tests.support.small_sboms import inventory_of, refusal_of

CYCLONEDX = '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component type="library"><name>{}</name>'
CYCLONEDX += "</component></components></bom>"
SPDX = "<Document><spdxVersion>SPDX-2.3</spdxVersion><SPDXID>SPDXRef-DOCUMENT</SPDXID><packages><name>{}</name>"
SPDX += "<SPDXID>SPDXRef-a</SPDXID></packages></Document>"
LONG = '<?xml version="1.0"' + " " * 300 + ' encoding="{}"?>'

each_format = pytest.mark.parametrize("document", [CYCLONEDX, SPDX], ids=["cyclonedx", "spdx"])


@each_format
def test_a_byte_that_the_declared_encoding_does_not_have_is_refused(document: str) -> None:
    written = '<?xml version="1.0" encoding="windows-1252"?>' + document.format("a")

    refusal = refusal_of(written.encode().replace(b">a<", b">\x81<"))

    assert refusal.kind == "not-an-sbom"
    assert "windows-1252" in refusal.detail


@each_format
@pytest.mark.parametrize("encoding", ["big5", "utf-7", "rot13", "nonsense", "iso-8859-1"])
def test_utf_8_is_read_as_such_whatever_a_declaration_far_from_the_beginning_says(document: str, encoding: str) -> None:
    written = LONG.format(encoding) + document.format("Zoë")

    [component] = inventory_of(written.encode()).components

    assert component.name == "Zoë"


def test_a_second_declaration_is_a_fault_and_no_encoding_is_looked_up() -> None:
    written = "<?xml version='1.0'?><?xml version='1.0' encoding='nonsense'?>" + SPDX.format("a")

    assert refusal_of(written.encode()).kind == "not-an-sbom"


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"])
@each_format
def test_wide_characters_without_the_mark_of_utf_16_are_refused_by_name(document: str, encoding: str) -> None:
    refusal = refusal_of(document.format("a").encode(encoding))

    assert refusal.kind == "not-an-sbom"
    assert "UTF-32" in refusal.detail


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_is_read(encoding: str) -> None:
    [component] = inventory_of(("\ufeff" + SPDX.format("Zoë")).encode(encoding)).components

    assert component.name == "Zoë"
