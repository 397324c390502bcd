"""XML from strangers is bounded, and nothing in it is resolved or fetched."""

import re
import tracemalloc
from bisect import bisect_right
from io import BytesIO

import pytest

from sbom_ingest.adapters.readers import xml_shapes
from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.adapters.readers.xml_document import XmlDocument, open_xml
from sbom_ingest.domain.limits import MIB, Limits
from tests.support.cyclonedx_xml import a_bom, a_bom_of
from tests.support.small_sboms import only_component, refusal_of, result_of

ROOT = '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>'


def opened(text: bytes) -> XmlDocument:
    document = open_xml(Source(BytesIO(text)))
    assert document is not None
    return document


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE bom>",
        '<!DOCTYPE bom SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE bom PUBLIC "-//x" "file:///etc/passwd">',
        '<!DOCTYPE bom [<!ENTITY a "b">]>',
        '<!DOCTYPE bom [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>',
        '<!-- c --><?p i?><!DOCTYPE bom [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_anything_in_it_is_read(doctype: str, encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>\n'

    refusal = refusal_of((declaration + doctype + ROOT).encode(encoding))

    assert (refusal.kind, "DTD" in refusal.detail) == ("not-an-sbom", True)


def test_a_document_type_behind_the_start_of_the_root_is_not_well_formed() -> None:
    assert "not well-formed" in refusal_of(a_bom('<!DOCTYPE bom [<!ENTITY a "b">]>')).detail


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><body>Log in<br></body></html>",
        b'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd"><html></html>',
        b"<html lang=en><body></body></html>",
    ],
)
def test_an_html_page_is_told_as_what_it_is(page: bytes) -> None:
    assert "HTML page" in refusal_of(page).detail


@pytest.mark.parametrize(
    "inside",
    [
        "<components>",
        "<components></bom>",
        "&undefined;",
        "<a b='1' b='2'/>",
        "<x:y/>",
        "&#0;",
        "&#xD800;",
        "\x01",
        "]]>",
    ],
)
def test_what_is_not_well_formed_is_refused(inside: str) -> None:
    refusal = refusal_of(a_bom(inside))

    assert (refusal.kind, "not well-formed" in refusal.detail) == ("not-an-sbom", True)


def test_what_stands_behind_the_root_must_be_xml_too() -> None:
    assert "not well-formed" in refusal_of(a_bom("") + b"<bom/>").detail
    assert result_of(a_bom("") + b"\n<!-- the end -->\n").facts.buckets.elements == 0


def test_elements_may_nest_as_deep_as_the_limit_and_no_deeper() -> None:
    documents = [a_bom("<x>" * depth + "</x>" * depth) for depth in (63, 64)]

    assert [warning.code for warning in result_of(documents[0]).warnings] == ["members-ignored"]
    assert refusal_of(documents[1]).limit == "depth"


def test_depth_counts_components_that_are_read_too() -> None:
    def nested(depth: int) -> bytes:
        start, end = '<components><component type="file"><name>a</name>', "</component></components>"
        return a_bom(start * depth + end * depth)

    assert result_of(nested(31)).facts.buckets.elements == 31
    assert refusal_of(nested(32)).limit == "depth"


@pytest.mark.parametrize(
    ("inside", "limit"),
    [
        ("<!--" + "x" * (2 * MIB) + "-->", "field"),
        ("<?p " + "x" * (2 * MIB) + "?>", "field"),
        (f'<components x="{"x" * (2 * MIB)}"/>', "field"),
        ("<components" + " " * (2 * MIB) + "/>", "field"),
        (f"<components>{'x' * (9 * MIB)}</components>", "text"),
        (f"<x>{'x' * (9 * MIB)}</x>", "text"),
    ],
)
def test_a_long_tag_comment_or_text_is_refused(inside: str, limit: str) -> None:
    assert refusal_of(a_bom(inside)).limit == limit


def test_what_nobody_asks_for_is_dropped_while_the_element_around_it_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_shapes, "_PIECES_TO_PRUNE", 1)
    unread = "<description><b/></description><x><y>" + "<z/>" * 20_000 + "</y></x>"
    document = a_bom_of(f"{unread}<version>1</version>{unread}<group>g</group>")

    tracemalloc.start()
    component = only_component(document)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (component.version, component.group) == ("1", "g")
    assert most < 2 * MIB  # a tree of all 40,000 elements takes 3 MiB


def test_depth_counts_in_what_is_dropped_too() -> None:
    deep = "<z>" * 62 + "</z>" * 62

    assert refusal_of(a_bom_of("<x>" + deep + "<z/>" * 300_000 + "</x>")).limit == "depth"


def test_comments_may_stand_in_a_text_but_not_make_it_slow() -> None:
    assert only_component(a_bom_of(f"<version>{'1<!-- -->' * 5000}</version>")).version == "1" * 5000
    assert refusal_of(a_bom_of(f"<version>{'1<!-- -->' * 400_000}</version>")).limit == "text"


class WatchedSource(Source):
    """Counts the bytes that expat looks at: with each piece, all of the comment that it has a part of already."""

    def __init__(self, document: bytes) -> None:
        super().__init__(BytesIO(document))
        self._begins = [found.start() for found in re.finditer(b"<!--", document)]
        self.looked_at = 0

    def chunk(self, place: int, size: int) -> bytes:
        piece = super().chunk(place, size)
        begun = bisect_right(self._begins, place) - 1
        self.looked_at += len(piece) + (place - self._begins[begun] if begun >= 0 else 0)
        return piece


class Silence:
    """Is told of elements and does nothing."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Pass over it."""

    def end(self, name: str) -> None:
        """Pass over it."""


def test_many_long_tags_take_work_in_proportion() -> None:
    document = a_bom(("<!--" + "x" * (MIB - 10) + "-->") * 8)
    source = WatchedSource(document)

    XmlDocument(source, 0, "bom", {}).read(Silence(), Limits())

    assert source.looked_at < 4 * len(document)


def test_a_name_beside_the_declared_namespace_is_another_name() -> None:
    document = a_bom_of('<name xmlns="http://cyclonedx.org/schema/bom/1.5">b</name><group xmlns="">g</group>')

    component = only_component(document)

    assert (component.name, component.group) == ("a", None)


def test_a_comment_before_the_root_may_be_long() -> None:
    assert opened(b"<!--" + b"x" * 500_000 + b"--><r/>").root == "r"
    assert open_xml(Source(BytesIO(b"<!--" + b"x" * (2 * MIB) + b"--><r/>"))) is None


def test_more_in_one_element_than_a_document_may_have_elements_is_refused_before_it_ends() -> None:
    hashes = '<hash alg="MD5">a</hash>' * (3 * MIB // 24)

    refusal = refusal_of(a_bom_of(f"<hashes>{hashes}</hashes>"), Limits(elements=10_000))

    assert (refusal.kind, refusal.limit) == ("over-limit", "elements")
    assert [each.pointer for each in refusal.errors] == ["/bom/components/component[1]/hashes"]
