"""The format is recognised from the content alone, and a stranger is told what it is."""

import codecs
import gzip
import json
from pathlib import Path

import pytest

from sbom_ingest.adapters.readers.registry import READERS
from tests.support.small_sboms import cyclonedx, refusal_of, result_of, spdx, warnings_of


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_each_cyclonedx_version_is_recognised(version: str) -> None:
    facts = result_of(cyclonedx({"name": "a"}, specVersion=version)).facts

    assert (facts.format, facts.serialization, facts.spec_version) == ("cyclonedx", "json", version)


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.3"])
def test_each_spdx_version_is_recognised_and_told_without_its_prefix(version: str) -> None:
    facts = result_of(spdx({"name": "a"}, spdxVersion=f"SPDX-{version}")).facts

    assert (facts.format, facts.serialization, facts.spec_version) == ("spdx", "json", version)


def test_the_version_may_stand_behind_everything_else() -> None:
    document = json.loads(spdx({"name": "a"}))
    version = document.pop("spdxVersion")
    files = [{"SPDXID": f"SPDXRef-{number}", "fileName": "f" * 200} for number in range(1000)]

    facts = result_of(json.dumps({"files": files, **document, "spdxVersion": version}).encode()).facts

    assert (facts.format, facts.files) == ("spdx", 1000)


def test_githubs_wrapper_is_read_and_pointers_lead_through_it() -> None:
    wrapped = b'{"sbom": ' + spdx({"name": "a"}, relationships=[{}]) + b"}"

    assert result_of(wrapped).facts.buckets.components == 1
    assert all(pointer.startswith("/sbom/") for _, pointer in warnings_of(wrapped))


@pytest.mark.parametrize(
    ("encode", "code"),
    [
        (lambda text: text, None),
        (lambda text: codecs.BOM_UTF8 + text, "encoding"),
        (lambda text: codecs.BOM_UTF16_LE + text.decode().encode("utf-16-le"), "encoding"),
        (lambda text: codecs.BOM_UTF16_BE + text.decode().encode("utf-16-be"), "encoding"),
    ],
)
def test_byte_order_marks_and_utf_16_are_taken_with_a_warning(encode, code) -> None:
    document = json.dumps(json.loads(cyclonedx({"name": "Zoë"})), ensure_ascii=False).encode()

    assert [warning for warning, _ in warnings_of(encode(document))] == ([code] if code else [])


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", "not-an-sbom", "empty"),
        (b"  \n", "not-an-sbom", "empty"),
        (b"null", "not-an-sbom", "no SBOM"),
        (b"[]", "not-an-sbom", "not an object"),
        (b'{"name": "left-pad"}', "not-an-sbom", "neither `bomFormat` nor `spdxVersion`"),
        (b"<!DOCTYPE html><html></html>", "not-an-sbom", "HTML page"),
        (b'<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/2"/>', "not-an-sbom", "1.5, 1.6, 1.7"),
        (b'<?xml version="1.0"?><project><name>pom</name></project>', "not-an-sbom", "<project>"),
        (b"<project><name>pom</project", "not-an-sbom", "<project>"),
        (b"<>", "not-an-sbom", "no SBOM"),
        (b'{"@context": "https://doi.org/10.5063/schema/codemeta-2.0"}', "not-an-sbom", "not that of SPDX"),
        (b'{"a": "\xff"}', "not-an-sbom", "not UTF-8"),
        (b'{"bomFormat": "CycloneDX"', "not-an-sbom", "truncated"),
        (b'{"a": "x\\ud800y"}', "not-an-sbom", "surrogate"),
        (gzip.compress(b"{}", mtime=0), "unsupported-encoding", "Content-Encoding: gzip"),
        (b"PK\x03\x04", "unsupported-encoding", "ZIP"),
        (cyclonedx(specVersion="9.9"), "not-an-sbom", "1.2, 1.3, 1.4, 1.5, 1.6, 1.7"),
        (spdx(spdxVersion="SPDX-2.0"), "not-an-sbom", "2.1, 2.2, 2.3"),
        (spdx(spdxVersion=2), "not-an-sbom", "2.1, 2.2, 2.3"),
        (cyclonedx(bomFormat="Other"), "not-an-sbom", "bomFormat"),
    ],
)
def test_a_stranger_is_refused_and_told_what_it_is(body: bytes, kind: str, words: str) -> None:
    refusal = refusal_of(body)

    assert refusal.kind == kind
    assert words in refusal.detail


def test_the_readme_names_all_that_is_read() -> None:
    words = " ".join((Path(__file__).parents[3] / "services" / "sbom-ingest" / "README.md").read_text().split())

    assert [reader.READS for reader in READERS if reader.READS not in words] == []
