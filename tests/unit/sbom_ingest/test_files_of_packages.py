"""What files and snippets say of licences and copyright counts for the packages that contain them."""

from typing import Any

import pytest
import yaml

from sbom_ingest.domain.limits import Limits
from shared.contracts.inventory import Component
from tests.support.small_graphs import BASE, expression, package, relationship, spdx3
from tests.support.small_sboms import DOCUMENT, inventory_of, refusal_of, related, spdx, warnings_of
from tests.support.spdx_documents import rdf, rdf_package, rdf_relationship, tag_value, xml

FILE = {
    "SPDXID": "SPDXRef-f",
    "fileName": "./f.c",
    "licenseConcluded": "NOASSERTION",
    "licenseInfoInFiles": ["MIT", "ISC"],
    "copyrightText": "Copyright 2020 Jane\nCopyright 2021 John",
    "noticeText": "A notice",
    "attributionTexts": ["Thanks"],
}
SNIPPET = {
    "SPDXID": "SPDXRef-s",
    "snippetFromFile": "SPDXRef-f",
    "licenseConcluded": "NOASSERTION",
    "licenseInfoInSnippets": ["BSD-3-Clause"],
    "copyrightText": "Copyright 2022 Joan",
}
CONTAINS = related("a", "CONTAINS", "f")
IN_JSON = spdx({"name": "a"}, {"name": "b"}, files=[FILE], snippets=[SNIPPET], relationships=[CONTAINS])
RDF_FILE = """<spdx:File rdf:about="#SPDXRef-f"><spdx:fileName>./f.c</spdx:fileName>
  <spdx:licenseInfoInFile rdf:resource="http://spdx.org/licenses/MIT"/>
  <spdx:licenseInfoInFile rdf:resource="http://spdx.org/licenses/ISC"/>
  <spdx:copyrightText>Copyright 2020 Jane\nCopyright 2021 John</spdx:copyrightText>
  <spdx:noticeText>A notice</spdx:noticeText><spdx:attributionText>Thanks</spdx:attributionText></spdx:File>"""
RDF_SNIPPET = """<spdx:Snippet rdf:about="#SPDXRef-s"><spdx:snippetFromFile rdf:resource="#SPDXRef-f"/>
  <spdx:licenseInfoInSnippet rdf:resource="http://spdx.org/licenses/BSD-3-Clause"/>
  <spdx:copyrightText>Copyright 2022 Joan</spdx:copyrightText></spdx:Snippet>"""
XML_PARTS = """<snippets><SPDXID>SPDXRef-s</SPDXID><snippetFromFile>SPDXRef-f</snippetFromFile>
    <licenseInfoInSnippets>BSD-3-Clause</licenseInfoInSnippets><copyrightText>Copyright 2022 Joan</copyrightText></snippets>
  <files><SPDXID>SPDXRef-f</SPDXID><fileName>./f.c</fileName><licenseInfoInFiles>MIT</licenseInfoInFiles>
    <licenseInfoInFiles>ISC</licenseInfoInFiles><copyrightText>Copyright 2020 Jane\nCopyright 2021 John</copyrightText>
    <noticeText>A notice</noticeText><attributionTexts>Thanks</attributionTexts></files>
  <packages><name>b</name><SPDXID>SPDXRef-b</SPDXID></packages>"""
TAG_FILE = (
    "FileName: ./f.c",
    "SPDXID: SPDXRef-f",
    "LicenseConcluded: NOASSERTION",
    "LicenseInfoInFile: MIT",
    "LicenseInfoInFile: ISC",
    "FileCopyrightText: <text>Copyright 2020 Jane\nCopyright 2021 John</text>",
    "FileNotice: A notice",
    "FileAttributionText: Thanks",
    "SnippetSPDXID: SPDXRef-s",
    "SnippetFromFileSPDXID: SPDXRef-f",
    "LicenseInfoInSnippet: BSD-3-Clause",
    "SnippetCopyrightText: <text>Copyright 2022 Joan</text>",
)
TAG_A = ("PackageName: a", "SPDXID: SPDXRef-a")
TAG_B = ("PackageName: b", "SPDXID: SPDXRef-b")


def named(document: bytes) -> dict[str, Component]:
    return {component.name: component for component in inventory_of(document).components}


def with_parts(**members: Any) -> bytes:
    """A JSON document of the packages `a` and `b`, and the file."""
    return spdx({"name": "a"}, {"name": "b"}, **{"files": [FILE]} | members)


def in_graph(*elements: dict[str, Any]) -> bytes:
    """An SPDX 3 document of a package that contains a file with a snippet."""
    file = {"type": "software_File", "spdxId": BASE + "f", "name": "f.c", "creationInfo": "_:made"}
    snippet = {"type": "software_Snippet", "spdxId": BASE + "s", "software_snippetFromFile": BASE + "f"}
    return spdx3(
        package("a"),
        file | {"software_copyrightText": "Copyright 2020 Jane"},
        snippet | {"software_copyrightText": "Copyright 2022 Joan"},
        expression("license", "MIT"),
        relationship("a", "contains", "f"),
        relationship("f", "hasDeclaredLicense", "license"),
        *elements,
    )


@pytest.mark.parametrize(
    "document",
    [
        IN_JSON,
        with_parts(snippets=[SNIPPET], relationships=[related("f", "CONTAINED_BY", "a")]),
        spdx({"name": "a", "hasFiles": ["SPDXRef-f"]}, {"name": "b"}, files=[FILE], snippets=[SNIPPET]),
        yaml.safe_dump(yaml.safe_load(IN_JSON)).encode(),
        xml(f"<packages><name>a</name><SPDXID>SPDXRef-a</SPDXID><hasFiles>SPDXRef-f</hasFiles></packages>{XML_PARTS}"),
        tag_value(*TAG_B, *TAG_A, *TAG_FILE),
        tag_value(*TAG_FILE, *TAG_A, *TAG_B, "Relationship: SPDXRef-a CONTAINS SPDXRef-f"),
        rdf(rdf_package("a", f"<spdx:hasFile>{RDF_FILE}</spdx:hasFile>"), rdf_package("b"), RDF_SNIPPET),
        rdf(RDF_SNIPPET, RDF_FILE, rdf_package("a", rdf_relationship("contains", "f")), rdf_package("b")),
    ],
    ids=["json", "contained by", "has files", "yaml", "xml", "by its place", "before", "rdf", "rdf by relationship"],
)
def test_a_package_has_what_its_files_and_their_snippets_say(document: bytes) -> None:
    inventory = inventory_of(document)

    [a] = [component for component in inventory.components if component.name == "a"]
    assert [(each.origin, each.value) for each in a.licenses] == [
        ("observed", "BSD-3-Clause"),
        ("observed", "ISC"),
        ("observed", "MIT"),
    ]
    assert a.copyright == ["Copyright 2020 Jane", "Copyright 2021 John", "Copyright 2022 Joan"]
    assert sorted(inventory.texts[key] for key in a.notices) == ["A notice", "Thanks"]
    [b] = [component for component in inventory.components if component.name == "b"]
    assert (b.licenses, b.copyright, b.notices) == ([], [], [])
    assert (inventory.files, inventory.buckets.elements) == (1, 2)


def test_a_package_has_what_its_files_say_in_a_graph() -> None:
    a = named(in_graph())["a"]

    assert [(each.origin, each.value) for each in a.licenses] == [("observed", "MIT")]
    assert a.copyright == ["Copyright 2020 Jane", "Copyright 2022 Joan"]


def test_what_a_package_says_itself_comes_first_and_once() -> None:
    said = {"licenseDeclared": "MIT", "licenseInfoFromFiles": ["MIT"], "copyrightText": "Copyright 2021 John"}

    [component] = inventory_of(spdx({"name": "a"} | said, files=[FILE], relationships=[CONTAINS])).components

    assert [(each.origin, each.value) for each in component.licenses] == [
        ("declared", "MIT"),
        ("observed", "MIT"),
        ("observed", "ISC"),
    ]
    assert component.copyright == ["Copyright 2021 John", "Copyright 2020 Jane"]


def test_what_was_concluded_of_a_file_stands_for_what_was_found_in_it() -> None:
    file = FILE | {"licenseConcluded": "MIT OR ISC"}

    a = named(with_parts(files=[file], relationships=[CONTAINS]))["a"]

    assert [(each.value, each.origin, each.pointer) for each in a.licenses] == [
        ("MIT OR ISC", "observed", "/files/0/licenseConcluded")
    ]


@pytest.mark.parametrize("said", ["NOASSERTION", "NONE"])
def test_a_file_that_says_nothing_adds_nothing(said: str) -> None:
    file = {"SPDXID": "SPDXRef-f", "licenseConcluded": said, "licenseInfoInFiles": [said], "copyrightText": said}

    a = named(with_parts(files=[file], relationships=[CONTAINS]))["a"]

    assert (a.licenses, a.copyright) == ([], [])


def test_a_file_of_several_packages_counts_for_each() -> None:
    found = named(with_parts(relationships=[CONTAINS, related("b", "CONTAINS", "f"), CONTAINS]))

    assert found["a"].copyright == found["b"].copyright == ["Copyright 2020 Jane", "Copyright 2021 John"]


def test_a_file_that_no_package_contains_counts_for_the_root() -> None:
    found = named(with_parts(relationships=[related(DOCUMENT, "DESCRIBES", "b"), related("b", "DEPENDS_ON", "a")]))

    assert (found["a"].copyright, len(found["b"].copyright)) == ([], 2)


def test_where_there_is_no_root_either_a_warning_says_that_it_is_not_used() -> None:
    assert ("file-outside", "") in warnings_of(with_parts())


def test_a_snippet_counts_for_its_file_where_files_are_the_elements() -> None:
    [component] = inventory_of(spdx(files=[FILE], snippets=[SNIPPET])).components

    assert component.copyright == ["Copyright 2020 Jane", "Copyright 2021 John", "Copyright 2022 Joan"]
    assert ("observed", "BSD-3-Clause") in [(each.origin, each.value) for each in component.licenses]


def test_packages_that_differ_in_their_files_alone_are_two() -> None:
    packages = [{"name": "a", "SPDXID": f"SPDXRef-{number}"} for number in "12"]
    contains = {"spdxElementId": "SPDXRef-1", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-f"}

    buckets = inventory_of(spdx(*packages, files=[FILE], relationships=[contains])).buckets

    assert (buckets.components, buckets.duplicates) == (2, 0)


def test_a_package_has_no_more_from_its_files_than_a_list_may_hold() -> None:
    files = [{"SPDXID": f"SPDXRef-{number}", "copyrightText": f"Copyright {number}"} for number in range(11)]
    document = spdx({"name": "a", "hasFiles": [each["SPDXID"] for each in files]}, files=files)

    refusal = refusal_of(document, Limits(entries=10))

    assert (refusal.limit, [each.pointer for each in refusal.errors]) == ("entries", ["/packages/0"])


def test_a_long_file_of_many_packages_makes_no_inventory_that_is_many_times_the_document() -> None:
    file = FILE | {"copyrightText": "Copyright " + "x" * 90}
    packages = [{"name": str(number), "hasFiles": ["SPDXRef-f"]} for number in range(10)]

    refusal = refusal_of(spdx(*packages, files=[file]), Limits(text_bytes=100))

    assert refusal.limit == "text"


def test_what_packages_have_as_files_are_relationships() -> None:
    packages = [{"name": str(number), "hasFiles": ["SPDXRef-f"] * 3} for number in range(2)]

    assert refusal_of(spdx(*packages, files=[FILE]), Limits(relationships=5)).limit == "relationships"
