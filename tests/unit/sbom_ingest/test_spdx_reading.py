"""What an SPDX document says arrives in the inventory, as written."""

from typing import Any

import pytest

from shared.contracts.documents import Root
from tests.support.small_sboms import (
    DOCUMENT,
    cyclonedx,
    edges_by_name,
    inventory_of,
    only_component,
    refusal_of,
    related,
    result_of,
    spdx,
    warnings_of,
)


def test_a_package_becomes_a_component_with_all_that_was_said_of_it() -> None:
    document = spdx(
        {
            "name": "a",
            "versionInfo": "1.0",
            "supplier": "Organization: Acme (acme@example.org)",
            "downloadLocation": "git+https://example.org/a.git@v1.0",
            "licenseConcluded": "NOASSERTION",
            "licenseDeclared": "MIT",
            "licenseInfoFromFiles": ["MIT", "ISC"],
            "copyrightText": "Copyright 2020 Jane\nCopyright 2021 John",
            "checksums": [{"algorithm": "SHA256", "checksumValue": "AB" * 32}],
            "externalRefs": [
                {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/a@1.0"}
            ],
            "attributionTexts": ["Thanks to all"],
            "primaryPackagePurpose": "OPERATING_SYSTEM",
        }
    )

    inventory = inventory_of(document)

    [component] = inventory.components
    assert (component.name, component.version, component.supplier) == ("a", "1.0", "Acme")
    assert (component.purl, component.type) == ("pkg:npm/a@1.0", "operating-system")
    assert component.source_url == "git+https://example.org/a.git@v1.0"
    assert [(claim.value, claim.origin, claim.pointer) for claim in component.licenses] == [
        ("NOASSERTION", "concluded", "/packages/0/licenseConcluded"),
        ("MIT", "declared", "/packages/0/licenseDeclared"),
        ("MIT", "observed", "/packages/0/licenseInfoFromFiles/0"),
        ("ISC", "observed", "/packages/0/licenseInfoFromFiles/1"),
    ]
    assert component.copyright == ["Copyright 2020 Jane", "Copyright 2021 John"]
    assert component.hashes == {"sha256": "ab" * 32}
    assert [inventory.texts[key] for key in component.notices] == ["Thanks to all"]


@pytest.mark.parametrize("said", ["NOASSERTION", "NONE"])
def test_a_copyright_that_says_nothing_is_no_line(said: str) -> None:
    assert only_component(spdx({"name": "a", "copyrightText": said})).copyright == []


@pytest.mark.parametrize("kind", ["purl", "http://spdx.org/rdf/references/purl", "https://example.org/d#purl"])
def test_the_package_url_is_found_under_each_name_of_its_type(kind: str) -> None:
    reference = {"referenceType": kind, "referenceLocator": "pkg:npm/a@1"}

    assert only_component(spdx({"name": "a", "externalRefs": [reference]})).purl == "pkg:npm/a@1"


def test_the_described_package_is_the_root_and_stays_a_component() -> None:
    inventory = inventory_of(
        spdx(
            {"name": "shop", "versionInfo": "2"},
            {"name": "a"},
            {"name": "b"},
            relationships=[
                related(DOCUMENT, "DESCRIBES", "shop"),
                related("shop", "DEPENDS_ON", "a"),
                related("b", "dependency_of", "a"),
            ],
        )
    )

    assert inventory.root == Root(name="shop", version="2", type="library")
    assert inventory.buckets.components == 3
    assert inventory.root_position == 0
    assert edges_by_name(inventory) == [("ROOT", "a"), ("a", "b")]


@pytest.mark.parametrize("described", [["SPDXRef-shop"], ["shop"]])
def test_document_describes_names_the_root_with_and_without_the_prefix(described: list[str]) -> None:
    document = spdx({"name": "a"}, {"name": "shop"}, documentDescribes=described)

    assert inventory_of(document).root.name == "shop"


def test_of_several_described_packages_the_root_is_the_one_that_nothing_leads_to() -> None:
    document = spdx(
        {"name": "a"},
        {"name": "shop"},
        documentDescribes=["SPDXRef-a", "SPDXRef-shop"],
        relationships=[related("shop", "DEPENDS_ON", "a")],
    )

    assert inventory_of(document).root.name == "shop"
    assert warnings_of(document) == []


def test_several_roots_are_each_direct_and_the_first_gives_the_name() -> None:
    document = spdx(
        {"name": "shop"},
        {"name": "admin"},
        {"name": "a"},
        documentDescribes=["SPDXRef-shop", "SPDXRef-admin"],
        relationships=[related("shop", "DEPENDS_ON", "a")],
    )

    inventory = inventory_of(document)

    assert (inventory.root.name, inventory.root_position) == ("shop", None)
    assert edges_by_name(inventory) == [("ROOT", "shop"), ("ROOT", "admin"), ("shop", "a")]
    assert warnings_of(document) == [("several-roots", "")]


def test_a_root_with_an_empty_name_has_none() -> None:
    document = spdx({"name": "", "versionInfo": "", "SPDXID": "SPDXRef-r", "licenseDeclared": "MIT"})

    assert inventory_of(document).root == Root(type="library")


def test_what_the_root_contains_is_direct_only_where_no_dependency_leads() -> None:
    inventory = inventory_of(
        spdx(
            *({"name": name} for name in ("image", "a", "b", "x", "y")),
            documentDescribes=["SPDXRef-image"],
            relationships=[
                *(related("image", "CONTAINS", name) for name in ("a", "b", "x", "y")),
                related("a", "DEPENDS_ON", "b"),
                related("x", "DEPENDS_ON", "y"),
                related("y", "DEPENDS_ON", "x"),
            ],
        )
    )

    assert edges_by_name(inventory) == [("ROOT", "a"), ("ROOT", "x"), ("a", "b"), ("x", "y"), ("y", "x")]


@pytest.mark.parametrize(
    ("kinds", "scope", "linkage"),
    [
        (["DEPENDENCY_OF"], "runtime", None),
        (["DEV_DEPENDENCY_OF"], "dev", None),
        (["TEST_DEPENDENCY_OF"], "test", None),
        (["BUILD_DEPENDENCY_OF"], "build", None),
        (["OPTIONAL_DEPENDENCY_OF"], "optional", None),
        (["PROVIDED_DEPENDENCY_OF"], "excluded", None),
        (["BUILD_TOOL_OF"], "build", "dev-tool"),
        (["TEST_DEPENDENCY_OF", "DEPENDENCY_OF"], "runtime", None),
        (["TEST_DEPENDENCY_OF", "DEV_DEPENDENCY_OF"], "test", None),
    ],
)
def test_relationships_say_scope_and_linkage_and_the_strongest_counts(
    kinds: list[str], scope: str, linkage: str | None
) -> None:
    document = spdx({"name": "shop"}, {"name": "a"}, relationships=[related("a", kind, "shop") for kind in kinds])

    component = inventory_of(document).components[1]

    assert (component.scope, component.linkage) == (scope, linkage)


@pytest.mark.parametrize(("kind", "linkage"), [("STATIC_LINK", "static"), ("DYNAMIC_LINK", "dynamic")])
def test_a_link_is_a_dependency_with_linkage(kind: str, linkage: str) -> None:
    inventory = inventory_of(spdx({"name": "shop"}, {"name": "a"}, relationships=[related("shop", kind, "a")]))

    assert edges_by_name(inventory) == [("shop", "a")]
    assert inventory.components[1].linkage == linkage


def test_extracted_licenses_keep_their_texts() -> None:
    extracted = [{"licenseId": "LicenseRef-1", "name": "NOASSERTION", "extractedText": "Do as you like."}]

    inventory = inventory_of(spdx({"name": "a"}, hasExtractedLicensingInfos=extracted))

    [license_] = inventory.extracted_licenses
    assert (license_.id, license_.name) == ("LicenseRef-1", None)
    assert inventory.texts[license_.text or ""] == "Do as you like."


def test_an_extracted_license_that_stands_twice_is_kept_as_often_as_it_differs() -> None:
    texts = ("Do as you like.", "Ask me.", "Do as you like.")
    extracted = [{"licenseId": "LicenseRef-1", "extractedText": text} for text in texts]

    document = spdx({"name": "a"}, hasExtractedLicensingInfos=extracted)
    inventory = inventory_of(document)

    assert [inventory.texts[each.text or ""] for each in inventory.extracted_licenses] == ["Do as you like.", "Ask me."]
    assert warnings_of(document) == [("duplicate-reference", "/hasExtractedLicensingInfos/1/licenseId")]


def test_statements_for_licet_are_taken_from_annotations() -> None:
    annotations = [
        {"comment": "licet:notice: Notice of A\nsecond line"},
        {"comment": "licet:linkage: static"},
        {"comment": "reviewed"},
    ]

    inventory = inventory_of(spdx({"name": "a", "annotations": annotations}))

    [component] = inventory.components
    assert [inventory.texts[key] for key in component.notices] == ["Notice of A\nsecond line"]
    assert component.linkage == "static"


def test_files_are_counted_apart_beside_packages() -> None:
    files = [{"SPDXID": "SPDXRef-f", "fileName": "./f"}]
    document = spdx({"name": "a"}, files=files, relationships=[related("a", "CONTAINS", "f")])

    facts = result_of(document).facts

    assert (facts.files, facts.buckets.elements) == (1, 1)
    assert warnings_of(document) == []


def test_files_are_the_elements_where_there_is_no_package() -> None:
    files = [
        {"SPDXID": "SPDXRef-f", "fileName": "./f", "licenseConcluded": "MIT", "licenseInfoInFiles": ["ISC"]},
        {"SPDXID": "SPDXRef-g", "fileName": "./g", "noticeText": "Notice of g"},
    ]

    inventory = inventory_of(spdx(files=files))

    assert [(component.name, component.type) for component in inventory.components] == [
        ("./f", "file"),
        ("./g", "file"),
    ]
    assert [claim.value for claim in inventory.components[0].licenses] == ["MIT", "ISC"]
    assert (inventory.files, inventory.buckets.elements) == (0, 2)


@pytest.mark.parametrize(
    ("members", "code", "pointer"),
    [
        (
            {"relationships": [related("a", "DEPENDS_ON", "x")]},
            "dangling-reference",
            "/relationships/0/relatedSpdxElement",
        ),
        ({"relationships": [related("a", "DEPENDS_ON", "a")]}, "self-dependency", "/relationships/0"),
        ({"relationships": [related("a", "LIKES", "a")]}, "unknown-relationship", "/relationships/0"),
        ({"dataLicense": "MIT"}, "missing-field", "/dataLicense"),
        ({"creationInfo": {"created": "<now>"}}, "malformed-time", "/creationInfo/created"),
        ({"packages": [{"name": "a"}, {"name": "b"}]}, "missing-field", "/packages/0"),
        ({"packages": [{"name": "a", "SPDXID": "1", "filesAnalyzed": "False"}]}, None, None),
        (
            {"packages": [{"name": "a", "SPDXID": "1", "licenseConcluded": "MIT ISC"}]},
            "license-expression",
            "/packages/0/licenseConcluded",
        ),
    ],
)
def test_what_does_not_change_the_outcome_is_taken(
    members: dict[str, Any], code: str | None, pointer: str | None
) -> None:
    warnings = warnings_of(spdx({"name": "a"}, **members))

    assert warnings[:1] == ([(code, pointer)] if code else [])


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"packages": {}}, "/packages"),
        ({"packages": [None]}, "/packages/0"),
        ({"packages": [{"SPDXID": "SPDXRef-a"}]}, "/packages/0"),
        ({"packages": [{"name": "a", "licenseConcluded": ["MIT"]}]}, "/packages/0/licenseConcluded"),
        ({"relationships": "none"}, "/relationships"),
    ],
)
def test_what_could_change_the_outcome_is_refused_with_its_place(members: dict[str, Any], pointer: str) -> None:
    refusal = refusal_of(spdx(**members))

    assert (refusal.kind, refusal.errors[0].pointer) == ("breaks-specification", pointer)


def test_both_formats_give_the_same_component() -> None:
    hashes = {"sha256": "ab" * 32}
    from_cyclonedx = only_component(
        cyclonedx(
            {
                "name": "a",
                "version": "1",
                "purl": "pkg:npm/a@1",
                "copyright": "Copyright 2020 Jane",
                "hashes": [{"alg": "SHA-256", "content": "ab" * 32}],
            }
        )
    )
    from_spdx = only_component(
        spdx(
            {
                "name": "a",
                "versionInfo": "1",
                "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/a@1"}],
                "copyrightText": "Copyright 2020 Jane",
                "checksums": [{"algorithm": "SHA256", "checksumValue": "ab" * 32}],
            }
        )
    )

    facts = [(each.name, each.version, each.purl, each.copyright, each.hashes) for each in (from_cyclonedx, from_spdx)]

    assert facts[0] == facts[1] == ("a", "1", "pkg:npm/a@1", ["Copyright 2020 Jane"], hashes)
