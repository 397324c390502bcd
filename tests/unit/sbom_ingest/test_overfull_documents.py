"""Documents with more in one place than anybody needs are refused early, and the refusal says where."""

import json
from typing import Any

import pytest

from sbom_ingest.domain.limits import Limits
from tests.support.small_sboms import cyclonedx, refusal_of, result_of, spdx
from tests.support.spdx_documents import rdf, rdf_package, tag_value, xml

MOST = 10
LIMITS = Limits(entries=MOST)
RDF_TEXTS = "".join(f"<spdx:attributionText>{number}</spdx:attributionText>" for number in range(MOST + 1))


def a_component(count: int, at: str, entry: Any) -> bytes:
    """A CycloneDX document of one component with so many entries at a path of two members at most."""
    first, _, second = at.partition("/")
    entries = [entry] * count
    return cyclonedx({"name": "a", first: {second: entries} if second else entries})


def a_package(count: int, at: str, entry: Any) -> bytes:
    return spdx({"name": "a", at: [entry] * count})


def a_graph(count: int, at: str, entry: Any) -> bytes:
    """An SPDX 3 document of one package with so many entries."""
    package = {"type": "software_Package", "spdxId": "a", "name": "a", at: [entry] * count}
    return json.dumps({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [package]}).encode()


def a_licensed_graph(count: int, at: str, _entry: Any) -> bytes:
    """An SPDX 3 document of a package with a licence that leads to so many ids."""
    relationship = {"type": "Relationship", "from": "a", "relationshipType": "hasDeclaredLicense", "to": ["s"]}
    license_set = {"type": "expandedlicensing_DisjunctiveLicenseSet", "spdxId": "s", "expandedlicensing_member": ["x"]}
    (relationship if at == "to" else license_set)[at] = ["x"] * count
    graph = [{"type": "software_Package", "spdxId": "a", "name": "a"}, relationship, license_set]
    return json.dumps({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph}).encode()


def a_scanned(count: int, at: str, entry: Any) -> bytes:
    result = {"projects": [], "packages": [{"id": "NPM::a:1", at: [entry] * count}]}
    return json.dumps({"repository": {}, "analyzer": {"result": result}}).encode()


CASES = [
    *(
        (a_component, at, entry, f"/components/0/{at}")
        for at, entry in (
            ("licenses", {"expression": "MIT"}),
            ("hashes", {"alg": "MD5", "content": "0" * 32}),
            ("properties", {"name": "p", "value": "v"}),
            ("externalReferences", {"type": "vcs", "url": "u"}),
            ("authors", {"name": "n"}),
            ("pedigree/patches", {"type": "backport"}),
            ("evidence/licenses", {"expression": "MIT"}),
            ("evidence/copyright", {"text": "c"}),
        )
    ),
    *(
        (a_package, at, entry, f"/packages/0/{at}")
        for at, entry in (
            ("checksums", {"algorithm": "MD5", "checksumValue": "0"}),
            ("externalRefs", {"referenceType": "purl", "referenceLocator": "pkg:npm/a@1"}),
            ("licenseInfoFromFiles", "MIT"),
            ("attributionTexts", "t"),
            ("annotations", {"comment": "c"}),
        )
    ),
    (a_graph, "software_attributionText", "t", "/@graph/0/software_attributionText"),
    (a_licensed_graph, "to", "", "/@graph/1/to"),
    (a_licensed_graph, "expandedlicensing_member", "", "/@graph/2/expandedlicensing_member"),
    (a_scanned, "declared_licenses", "MIT", "/analyzer/result/packages/0/declared_licenses"),
    (a_scanned, "authors", "A", "/analyzer/result/packages/0/authors"),
]


@pytest.mark.parametrize(("document", "at", "entry", "pointer"), CASES)
def test_a_list_inside_of_an_element_may_have_so_many_entries_and_no_more(
    document: Any, at: str, entry: Any, pointer: str
) -> None:
    assert result_of(document(MOST, at, entry), LIMITS).facts.buckets.components == 1

    refusal = refusal_of(document(MOST + 1, at, entry), LIMITS)

    assert (refusal.limit, [each.pointer for each in refusal.errors]) == ("entries", [pointer])
    assert "leave out" in refusal.detail


def test_a_list_of_a_file_is_bounded_where_files_are_the_elements() -> None:
    file = {"SPDXID": "SPDXRef-f", "fileName": "f", "licenseInfoInFiles": ["MIT"] * (MOST + 1)}

    refusal = refusal_of(spdx(files=[file]), LIMITS)

    assert [each.pointer for each in refusal.errors] == ["/files/0/licenseInfoInFiles"]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (tag_value("PackageName: a", *["PackageChecksum: MD5: 0"] * (MOST + 1)), "line"),
        (xml(f"<packages><name>a</name>{'<x/>' * (MOST + 1)}</packages>"), "/Document/packages[1]"),
        (xml(f"<creationInfo>{'<creators>Tool: a</creators>' * (MOST + 1)}</creationInfo>"), "/Document/creationInfo"),
        (rdf(rdf_package("a", RDF_TEXTS)), "SPDXRef-a"),
    ],
)
def test_the_other_serializations_of_spdx_have_the_same_limit(document: bytes, pointer: str) -> None:
    refusal = refusal_of(document, LIMITS)

    assert refusal.limit == "entries"
    assert refusal.errors[0].pointer.startswith(pointer)


def test_an_object_may_have_so_many_members_at_the_top_and_no_more() -> None:
    members = {f"x{number}": 0 for number in range(MOST)}

    assert refusal_of(json.dumps(members | {"bomFormat": "CycloneDX"}).encode(), LIMITS).limit == "entries"


def test_no_list_is_looked_through_that_is_longer_than_the_relationships_of_a_document() -> None:
    refusal = refusal_of(cyclonedx(vulnerabilities=[0] * 11), Limits(relationships=10))

    assert (refusal.limit, refusal.errors[0].pointer) == ("relationships", "/vulnerabilities")


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"dependencies": [{"ref": "a", "dependsOn": ["b"] * 11}]}, "/dependencies/0/dependsOn"),
        ({"dependencies": [{"ref": "a", "provides": ["b"] * 11}]}, "/dependencies/0/provides"),
        ({"dependencies": [{"ref": "a"}] * 11}, "/dependencies"),
        ({"compositions": [{"aggregate": "complete", "assemblies": ["b"] * 11}]}, "/compositions/0/assemblies"),
        ({"compositions": [{"aggregate": "complete", "dependencies": ["b"] * 11}]}, "/compositions/0/dependencies"),
        ({"compositions": [{"aggregate": "complete"}] * 11}, "/compositions"),
    ],
)
def test_nothing_refers_to_more_elements_than_a_document_may_have(members: Any, pointer: str) -> None:
    refusal = refusal_of(cyclonedx({"name": "a", "bom-ref": "a"}, **members), Limits(elements=10))

    assert (refusal.limit, refusal.errors[0].pointer) == ("elements", pointer)


def test_parts_of_a_component_are_counted_before_they_are_read() -> None:
    part = {"type": "no type that is known", "name": "b"}

    refusal = refusal_of(cyclonedx({"name": "a", "components": [part] * 11}), Limits(elements=10, entries=10))

    assert refusal.limit == "elements"


@pytest.mark.parametrize(
    ("config", "graphs", "pointer"),
    [
        ({"excludes": {"paths": [{"pattern": "a"}] * 11}}, {}, "/repository/config/excludes/paths"),
        ({"excludes": {"scopes": [{"pattern": "a"}] * 11}}, {}, "/repository/config/excludes/scopes"),
        (
            {},
            {"NPM": {"scopes": {f":p:1:{number}": [] for number in range(11)}}},
            "/analyzer/result/dependency_graphs/NPM/scopes",
        ),
    ],
)
def test_what_ort_was_configured_with_is_bounded(config: Any, graphs: Any, pointer: str) -> None:
    result = {"projects": [{"id": "NPM::p:1"}], "packages": [], "dependency_graphs": graphs}
    document = {"repository": {"config": config}, "analyzer": {"result": result}}

    refusal = refusal_of(json.dumps(document).encode(), LIMITS)

    assert (refusal.limit, [each.pointer for each in refusal.errors]) == ("entries", [pointer])


@pytest.mark.parametrize(
    ("statement", "limits", "limit"),
    [
        ("".join(f"- {number}\n" for number in range(11)), LIMITS, "entries"),
        ("x" * 1_001, Limits(field_bytes=1_000), "field"),
    ],
)
def test_what_a_manifest_states_is_bounded(statement: str, limits: Limits, limit: str) -> None:
    package = {"type": "npm", "name": "a", "extracted_license_statement": statement}
    scan = {
        "headers": [{"tool_name": "scancode-toolkit", "tool_version": "32.3.0"}],
        "packages": [package],
        "files": [],
    }

    refusal = refusal_of(json.dumps(scan).encode(), limits)

    assert (refusal.limit, refusal.errors[0].pointer) == (limit, "/packages/0/extracted_license_statement")


def test_packages_that_stand_in_a_text_are_none() -> None:
    document = tag_value("PackageName: a", "PackageComment: <text>", *["PackageName: b"] * MOST, "</text>")

    assert result_of(document, Limits(elements=MOST - 1)).facts.buckets.components == 1


@pytest.mark.parametrize(
    ("document", "limit", "pointer"),
    [
        ("spdxVersion: SPDX-2.3\npackages:\n%s", "elements", "/packages"),
        ("repository: {}\nanalyzer:\n  result:\n    packages:\n%s", "elements", "/analyzer/result/packages"),
        (
            "analyzer: {}\nrepository:\n  config:\n    excludes:\n      paths:\n%s",
            "entries",
            "/repository/config/excludes/paths",
        ),
    ],
)
def test_lists_in_yaml_are_refused_before_their_end(document: str, limit: str, pointer: str) -> None:
    behind = "- !!python/object:a b"  # would refuse the document otherwise
    entries = "\n".join(f"{' ' * 8}{each}" for each in [*["- name: a"] * (MOST + 1), behind])

    refusal = refusal_of((document % entries).encode(), Limits(entries=MOST, elements=MOST))

    assert (refusal.limit, [each.pointer for each in refusal.errors]) == (limit, [pointer])
