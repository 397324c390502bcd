"""What an SPDX tag-value document says arrives in the inventory, with the line where it stands."""

import pytest

from shared.contracts.documents import Root
from tests.support.small_sboms import edges_by_name, inventory_of, only_component, refusal_of, result_of, warnings_of
from tests.support.spdx_documents import TAG_VALUE_HEAD, tag_value


def test_a_package_becomes_a_component_with_all_that_was_said_of_it() -> None:
    document = tag_value(
        "# a comment",
        "PackageName: a",
        "SPDXID: SPDXRef-a",
        "PackageVersion: 1.0",
        "PackageSupplier: Organization: Acme (acme@example.org)",
        "PackageDownloadLocation: git+https://example.org/a.git@v1.0",
        "FilesAnalyzed: False",
        "PackageLicenseConcluded: NOASSERTION",
        "PackageLicenseDeclared: (MIT OR ISC)",
        "PackageLicenseInfoFromFiles: MIT",
        "PackageLicenseInfoFromFiles: ISC",
        "PackageCopyrightText: <text> Copyright 2020 Jane",
        "Copyright 2021 John: all rights </text>",
        "PackageChecksum: SHA256: " + "AB" * 32,
        "ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1.0",
        "PackageAttributionText: <text>Thanks to all</text>",
        "PrimaryPackagePurpose: OPERATING-SYSTEM",
    )

    inventory = inventory_of(document)

    [component] = inventory.components
    assert (component.name, component.version, component.supplier) == ("a", "1.0", "Acme")
    assert (component.purl, component.type, component.pointer) == ("pkg:npm/a@1.0", "operating-system", "line 9")
    assert component.source_url == "git+https://example.org/a.git@v1.0"
    assert [(claim.value, claim.origin, claim.pointer) for claim in component.licenses] == [
        ("NOASSERTION", "concluded", "line 15"),
        ("(MIT OR ISC)", "declared", "line 16"),
        ("MIT", "observed", "line 17"),
        ("ISC", "observed", "line 18"),
    ]
    assert component.copyright == ["Copyright 2020 Jane", "Copyright 2021 John: all rights"]
    assert component.hashes == {"sha256": "ab" * 32}
    assert [inventory.texts[key] for key in component.notices] == ["Thanks to all"]
    assert inventory.tool == ["example-1.0"]
    assert warnings_of(document) == []


def test_relationships_stand_anywhere_and_end_no_element() -> None:
    document = tag_value(
        "Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-shop",
        "PackageName: shop",
        "Relationship: SPDXRef-shop DEPENDS_ON SPDXRef-a",
        "RelationshipComment: <text>because</text>",
        "SPDXID: SPDXRef-shop",
        "PackageVersion: 2",
        "PackageName: a",
        "SPDXID: SPDXRef-a",
        "Relationship: SPDXRef-shop DEPENDS_ON DocumentRef-x:SPDXRef-b",
        "Relationship: SPDXRef-a NEEDS",
    )

    inventory = inventory_of(document)

    assert inventory.root == Root(name="shop", version="2", type="library")
    assert edges_by_name(inventory) == [("ROOT", "a")]
    assert warnings_of(document) == [("external-reference", "line 16"), ("field-ignored", "line 17")]


def test_a_license_of_the_document_keeps_its_text_exactly() -> None:
    document = tag_value(
        "PackageName: a",
        "SPDXID: SPDXRef-a",
        "LicenseID: LicenseRef-1",
        "ExtractedText: <text>",
        "  PackageName: no package",
        "  # no comment",
        "</text>",
        "LicenseName: Own License",
    )

    inventory = inventory_of(document)

    [license_] = inventory.extracted_licenses
    assert (license_.id, license_.name) == ("LicenseRef-1", "Own License")
    assert inventory.texts[str(license_.text)] == "\n  PackageName: no package\n  # no comment\n"
    assert inventory.buckets.elements == 1


def test_an_annotation_makes_a_statement_of_the_element_that_it_names() -> None:
    document = tag_value(
        "Annotator: Tool: t",
        "AnnotationDate: 2026-01-01T00:00:00Z",
        "AnnotationComment: <text>licet:linkage: static</text>",
        "AnnotationType: OTHER",
        "SPDXREF: SPDXRef-a",
        "PackageName: a",
        "SPDXID: SPDXRef-a",
        "Annotator: Tool: t",
        "SPDXREF: SPDXRef-a",
        "AnnotationComment: licet:modified: true",
    )

    component = only_component(document)

    assert (component.linkage, component.modified) == ("static", True)


def test_files_are_elements_only_where_no_package_is() -> None:
    files = ["FileName: ./f", "SPDXID: SPDXRef-f", "LicenseConcluded: MIT", "LicenseInfoInFile: ISC", "FileNotice: n"]
    package = ["PackageName: a", "SPDXID: SPDXRef-a"]

    alone = result_of(tag_value(*files))

    [component] = inventory_of(alone).components
    assert (component.name, component.type, alone.facts.files) == ("./f", "file", 0)
    assert [(claim.value, claim.origin) for claim in component.licenses] == [("MIT", "concluded"), ("ISC", "observed")]
    for document in (tag_value(*files, *package), tag_value(*package, *files)):
        facts = result_of(document).facts
        assert (facts.buckets.elements, facts.files) == (1, 1)


def test_line_ends_of_windows_are_line_ends() -> None:
    text = "PackageCopyrightText: <text>Copyright Jane\nCopyright John</text>"
    document = tag_value("PackageName: a", "SPDXID: SPDXRef-a", text).replace(b"\n", b"\r\n")

    assert only_component(document).copyright == ["Copyright Jane", "Copyright John"]
    assert warnings_of(document) == []


def test_lines_and_tags_that_are_none_are_named_and_passed_over() -> None:
    document = tag_value("PackageName: a", "SPDXID: SPDXRef-a", "one", "two", "PackageColor: red", "three")

    assert [(code, place) for code, place in warnings_of(document)] == [
        ("line-ignored", "line 10"),
        ("unknown-tag", "line 12"),
        ("line-ignored", "line 13"),
    ]


@pytest.mark.parametrize("tag", ["PackageLicenseDeclared", "PackageLicenseConcluded"])
def test_two_licenses_where_one_is_meant_refuse_the_document(tag: str) -> None:
    refusal = refusal_of(tag_value("PackageName: a", "SPDXID: SPDXRef-a", f"{tag}: MIT", f"{tag}: ISC"))

    assert refusal.kind == "breaks-specification"
    assert [error.pointer for error in refusal.errors] == ["line 11"]


def test_a_field_twice_costs_the_second() -> None:
    document = tag_value("PackageName: a", "SPDXID: SPDXRef-a", "PackageVersion: 1", "PackageVersion: 2")

    assert only_component(document).version == "1"
    assert warnings_of(document) == [("field-ignored", "line 11")]


def test_a_text_that_is_never_closed_refuses_the_document() -> None:
    refusal = refusal_of(tag_value("PackageName: a", "PackageComment: <text>never closed", "PackageName: b"))

    assert refusal.kind == "breaks-specification"
    assert "line 9: the <text> that begins here has no </text>" in refusal.detail


@pytest.mark.parametrize("version", ["SPDX-1.0", "SPDX-1.2", "SPDX-2.0", "SPDX-3.0", "", "2,3"])
def test_a_version_that_is_not_read_is_refused_naming_those_that_are(version: str) -> None:
    refusal = refusal_of(f"SPDXVersion: {version}\nPackageName: a\n".encode())

    assert refusal.kind == "not-an-sbom"
    assert "2.1, 2.2, 2.3" in refusal.detail


def test_a_second_document_in_the_same_text_is_refused() -> None:
    assert refusal_of(tag_value(TAG_VALUE_HEAD)).kind == "breaks-specification"


def test_who_made_the_document_is_told_behind_a_package_too() -> None:
    document = tag_value("PackageName: a", "SPDXID: SPDXRef-a", "Creator: Tool: late-1")

    assert inventory_of(document).tool == ["example-1.0", "late-1"]


def test_relationships_say_the_same_before_and_behind_their_elements() -> None:
    elements = ["PackageName: a", "SPDXID: SPDXRef-a", "PackageName: b", "SPDXID: SPDXRef-b"]
    related = [
        "Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a",
        "Relationship: SPDXRef-b TEST_DEPENDENCY_OF SPDXRef-a",
        "Relationship: SPDXRef-b DEPENDS_ON SPDXRef-b",
    ]
    before, behind = tag_value(*related, *elements), tag_value(*elements, *related)

    assert edges_by_name(inventory_of(before)) == edges_by_name(inventory_of(behind)) == [("ROOT", "b")]
    assert [component.scope for component in inventory_of(behind).components] == ["runtime", "test"]
    assert [code for code, _ in warnings_of(behind)] == [code for code, _ in warnings_of(before)] == ["self-dependency"]
