"""SPDX 3 is read from its graph alone: elements, licences and relationships, whatever the order."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared.contracts.inventory import Component
from tests.support.small_graphs import BASE, CONTEXT, expression, license_info, package, relationship, spdx3
from tests.support.small_sboms import (
    edges_by_name,
    inventory_of,
    only_component,
    refusal_of,
    result_of,
    spdx,
    warnings_of,
)

EXAMPLE = (Path(__file__).parents[2] / "data" / "sboms" / "example.spdx3.json").read_bytes()
LISTED = "https://spdx.org/licenses/"
SET = "expandedlicensing_ConjunctiveLicenseSet"
CHOICE = "expandedlicensing_DisjunctiveLicenseSet"


def named(document: bytes) -> dict[str, Component]:
    return {component.name: component for component in inventory_of(document).components}


def claims(document: bytes, name: str = "root") -> list[tuple[str, str]]:
    return [(claim.origin, claim.value) for claim in named(document)[name].licenses]


def declared(*elements: dict[str, Any], target: str = "license") -> list[str]:
    """The licence of the root, which is declared to be `target`."""
    document = spdx3(package("root"), *elements, relationship("root", "hasDeclaredLicense", target))
    return [value for _, value in claims(document)]


def test_an_example_is_read_whole() -> None:
    result = result_of(EXAMPLE)
    inventory = inventory_of(result)

    assert (inventory.format, inventory.serialization, inventory.spec_version) == ("spdx", "json-ld", "3.0.1")
    assert (inventory.root.name, inventory.root.version, inventory.root.type) == ("shop", "1.4.2", "application")
    assert inventory.tool == ["example 1.0"]
    assert (inventory.buckets.elements, inventory.files) == (5, 1)
    assert result.warnings == []
    assert edges_by_name(inventory) == [
        ("ROOT", "parser"),
        ("ROOT", "checker"),
        ("ROOT", "ranking"),
        ("ranking", "clicks"),
    ]


def test_a_package_keeps_all_that_its_graph_says_of_it() -> None:
    parser = named(EXAMPLE)["parser"]

    assert (parser.version, parser.purl, parser.supplier) == ("2.0.0", "pkg:npm/parser@2.0.0", "Example Foundation")
    assert parser.copyright == ["Copyright (c) 2020 Jane Roe"]
    assert parser.hashes == {"sha256": "2dba00b048555bd12d5527d4b16d2ca110a129f5c719d8505f23dc9d87ef7640"}
    assert parser.source_url == "git+https://example.org/parser.git@v2.0.0"
    assert [inventory_of(EXAMPLE).texts[notice] for notice in parser.notices] == ["This product includes a parser."]
    assert (parser.linkage, parser.pointer, parser.ref) == ("dynamic", "/@graph/6", "https://example.org/shop#parser")


def test_a_purl_may_be_an_external_identifier_in_the_package_or_apart() -> None:
    apart = {"type": "ExternalIdentifier", "spdxId": f"{BASE}purl", "externalIdentifierType": "purl"}
    apart["identifier"] = "pkg:npm/a@1"

    found = only_component(spdx3(apart, package("root", externalIdentifier=[f"{BASE}purl"])))

    assert found.purl == "pkg:npm/a@1"
    assert named(EXAMPLE)["checker"].purl == "pkg:npm/checker@0.3.1"


def test_models_and_data_say_what_they_are() -> None:
    components = named(EXAMPLE)

    assert components["ranking"].type == "machine-learning-model"
    assert components["clicks"].type == "data"


def test_a_custom_license_comes_with_its_text() -> None:
    inventory = inventory_of(EXAMPLE)
    [claim] = named(EXAMPLE)["clicks"].licenses

    assert (claim.value, claim.kind, inventory.texts[claim.text or ""]) == (
        "Click Data Terms",
        "name",
        "For research only.",
    )


def test_an_expression_knows_its_custom_licenses_by_ids_of_its_own() -> None:
    inventory = inventory_of(EXAMPLE)
    extracted = {each.id: each for each in inventory.extracted_licenses}

    assert claims(EXAMPLE, "parser") == [("declared", "MIT OR LicenseRef-own")]
    assert inventory.texts[extracted["LicenseRef-own"].text or ""] == "You may use this on Tuesdays."


def test_sets_and_operators_come_to_an_expression() -> None:
    assert claims(EXAMPLE, "checker") == [("concluded", "Apache-2.0 OR GPL-2.0-only WITH Classpath-exception-2.0")]


def test_a_set_in_a_set_stays_together() -> None:
    inner = license_info(CHOICE, "inner", expandedlicensing_member=[f"{LISTED}MIT", f"{LISTED}ISC"])
    outer = license_info(SET, "license", expandedlicensing_member=[f"{BASE}inner", f"{LISTED}Zlib"])

    assert declared(inner, outer) == ["(MIT OR ISC) AND Zlib"]


@pytest.mark.parametrize(
    ("kind", "members", "expected"),
    [
        ("expandedlicensing_ListedLicense", {}, "license"),
        ("expandedlicensing_OrLaterOperator", {"expandedlicensing_subjectLicense": f"{LISTED}MPL-2.0"}, "MPL-2.0+"),
        (
            "expandedlicensing_OrLaterOperator",
            {"expandedlicensing_subjectLicense": f"{LISTED}GPL-2.0-only"},
            "GPL-2.0-or-later",
        ),
        ("expandedlicensing_CustomLicense", {}, "license"),
        ("Element", {"name": "NOASSERTION"}, "NOASSERTION"),
        (SET, {"expandedlicensing_member": f"{LISTED}MIT"}, "MIT"),
    ],
)
def test_each_kind_of_license_is_told(kind: str, members: dict[str, Any], expected: str) -> None:
    assert declared(license_info(kind, "license", **members)) == [expected]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://spdx.org/licenses/MIT", "MIT"),
        ("http://spdx.org/licenses/GPL-2.0-only.html", "GPL-2.0-only"),
        ("https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense", "NOASSERTION"),
        ("https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoneLicense", "NONE"),
        ("https://spdx.org/rdf/3.0.0/terms/Licensing/NoAssertion", "NOASSERTION"),
    ],
)
def test_what_every_document_may_refer_to_needs_no_element(target: str, expected: str) -> None:
    document = spdx3(package("root"), relationship("root", "hasConcludedLicense", target))

    assert claims(document) == [("concluded", expected)]
    assert warnings_of(document) == []


def test_a_license_that_is_nowhere_is_kept_as_a_name_and_warned_of() -> None:
    document = spdx3(package("root"), relationship("root", "hasDeclaredLicense", "gone"))

    [claim] = only_component(document).licenses
    assert (claim.value, claim.kind) == (f"{BASE}gone", "name")
    assert warnings_of(document) == [("dangling-reference", "/@graph/3/to/0")]


def test_a_license_of_another_document_is_no_mistake_of_this_one() -> None:
    elsewhere = {"type": "Bom", "spdxId": f"{BASE}bom", "import": [{"externalSpdxId": f"{BASE}gone"}]}
    document = spdx3(elsewhere, package("root"), relationship("root", "hasDeclaredLicense", "gone"))

    assert warnings_of(document) == [("external-reference", "/@graph/4/to/0")]


def test_concluded_comes_first_and_nothing_twice() -> None:
    mit = expression("mit", "MIT")
    twice = relationship("root", "hasDeclaredLicense", "mit", "mit")

    document = spdx3(package("root"), mit, twice, relationship("root", "hasConcludedLicense", "mit"))

    assert claims(document) == [("concluded", "MIT"), ("declared", "MIT")]


@pytest.mark.parametrize(
    ("kind", "scope", "expected"),
    [
        ("dependsOn", "", ("runtime", None, None)),
        ("dependsOn", "runtime", ("runtime", None, None)),
        ("dependsOn", "development", ("dev", "dependsOn (development)", None)),
        ("dependsOn", "build", ("build", "dependsOn (build)", None)),
        ("hasStaticLink", "", ("runtime", None, "static")),
        ("hasDynamicLink", "test", ("test", "hasDynamicLink (test)", "dynamic")),
        ("hasOptionalDependency", "runtime", ("optional", "hasOptionalDependency (runtime)", None)),
        ("hasProvidedDependency", "", ("excluded", "hasProvidedDependency", None)),
        ("usesTool", "", ("build", "usesTool", "dev-tool")),
        ("usesTool", "runtime", ("runtime", None, None)),
        ("DEPENDS_ON", "", ("runtime", None, None)),
        ("hasTest", "", ("test", "hasTest", None)),
    ],
)
def test_relationships_say_how_a_package_is_used(kind: str, scope: str, expected: tuple[str, ...]) -> None:
    document = spdx3(package("root"), package("a"), relationship("root", kind, "a", scope=scope))

    used = named(document)["a"]
    assert (used.scope, used.scope_written, used.linkage) == expected
    assert edges_by_name(inventory_of(document)) == [("ROOT", "a")]


def test_what_one_needs_at_run_time_is_needed_at_run_time() -> None:
    document = spdx3(
        package("root"),
        package("a"),
        relationship("root", "dependsOn", "a", scope="test"),
        relationship("root", "hasPrerequisite", "a"),
    )

    assert named(document)["a"].scope == "runtime"


def test_names_of_a_preview_are_understood() -> None:
    graph = [
        {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0", "createdUsing": ["SPDXRef-Tool"]},
        {"type": "Tool", "spdxId": "SPDXRef-Tool", "name": "Tool: example-1.0"},
        package("root") | {"spdxId": "SPDXRef-RootPackage"},
        {"type": "Element", "spdxId": "SPDXRef-Element", "name": "MIT"},
        {
            "type": "Relationship",
            "from": "SPDXRef-RootPackage",
            "relationshipType": "HAS_DECLARED_LICENSE",
            "to": ["SPDXRef-Element"],
        },
        {
            "type": "Relationship",
            "from": "SPDXRef-DOCUMENT",
            "relationshipType": "DESCRIBES",
            "to": ["SPDXRef-RootPackage"],
        },
    ]

    members: dict[str, Any] = {"@graph": graph, "@context": ["https://spdx.org/rdf/3.0.1/spdx-context.json"]}
    document = spdx3(**members)

    assert claims(document) == [("declared", "MIT")]
    assert inventory_of(document).tool == ["example-1.0"]
    assert inventory_of(document).spec_version == "3.0"


def test_an_element_may_stand_inside_another() -> None:
    inner = package("a", software_packageVersion="1")
    within = relationship("root", "dependsOn") | {"to": [inner]}

    components = named(spdx3(package("root"), within))

    assert components["a"].pointer == "/@graph/3/to/0"
    assert components["a"].version == "1"


def test_files_are_the_elements_where_there_is_no_package() -> None:
    file = {"type": "software_File", "spdxId": f"{BASE}file", "name": "a.c", "software_copyrightText": "(c) A"}
    document = spdx3(file, expression("mit", "MIT"), relationship("file", "hasConcludedLicense", "mit"), root="file")

    found = only_component(document)

    assert (found.name, found.type, found.copyright) == ("a.c", "file", ["(c) A"])
    assert claims(document, "a.c") == [("concluded", "MIT")]
    assert inventory_of(document).files == 0


def test_annotations_make_statements_of_ours() -> None:
    note = {"type": "Annotation", "subject": f"{BASE}root", "statement": "licet:modified: true"}

    assert only_component(spdx3(package("root"), note)).modified is True


def test_an_export_control_assessment_is_warned_of_since_nobody_can_read_it_here() -> None:
    reference = {"type": "ExternalRef", "externalRefType": "exportControlAssessment", "locator": ["https://e.org/ecca"]}

    warnings = warnings_of(spdx3(package("root", externalRef=[reference])))

    assert warnings == [("export-control-assessment", "/@graph/2/externalRef")]


def test_the_marks_of_another_format_are_no_copyright() -> None:
    text = "<text>\nCopyright (c) 2016 Jane Roe\n</text>"

    assert only_component(spdx3(package("root", software_copyrightText=text))).copyright == [
        "Copyright (c) 2016 Jane Roe"
    ]


@pytest.mark.parametrize(
    "context",
    [
        CONTEXT,
        [CONTEXT],
        "https://spdx.org/rdf/3.0.0/spdx-context.jsonld",
        "http://spdx.org/rdf/3.0.1/spdx-context.json",
        "https://spdx.github.io/spdx-spec/v3.0.1/rdf/spdx-context.jsonld",
        "https://spdx.github.io/spdx-3-model/context.json",
    ],
)
def test_the_context_of_the_specification_is_known_in_its_forms(context: Any) -> None:
    assert result_of(spdx3(package("root"), **{"@context": context})).warnings == []


@pytest.mark.parametrize(
    "context",
    [
        "http://127.0.0.1:9/context.jsonld",
        "file:///etc/passwd",
        "https://spdx.org.example.org/rdf/3.0.1/spdx-context.jsonld",
        "https://spdx.org/rdf/3.0.1/../../spdx-context.jsonld",
        [CONTEXT, "https://example.org/context.jsonld"],
        [CONTEXT, {"name": "https://example.org/other"}],
        {"@vocab": "https://example.org/"},
        7,
    ],
)
def test_any_other_context_is_refused_and_never_fetched(context: Any) -> None:
    refusal = refusal_of(spdx3(package("root"), **{"@context": context}))

    assert (refusal.kind, refusal.errors[0].pointer) == ("breaks-specification", "/@context")


def test_a_context_without_a_graph_is_no_document() -> None:
    refusal = refusal_of(b'{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}')

    assert (refusal.kind, refusal.errors[0].pointer) == ("breaks-specification", "/@graph")


def test_a_later_version_is_refused_with_those_that_are_read() -> None:
    members: dict[str, Any] = {"@graph": [{"type": "CreationInfo", "@id": "_:c", "specVersion": "3.1"}]}

    assert "3.0.1" in refusal_of(spdx3(**members)).detail


@pytest.mark.parametrize(
    ("element", "pointer"),
    [
        ({"type": "software_Package", "spdxId": f"{BASE}x"}, "/@graph/2"),
        (package("x") | {"name": None}, "/@graph/2/name"),
        ({"spdxId": f"{BASE}x"}, "/@graph/2/type"),
        (relationship("root", "dependsOn") | {"to": {"a": 1}}, "/@graph/2/to"),
        (relationship("root", "dependsOn") | {"from": None}, "/@graph/2/from"),
        (expression("x", "MIT") | {"simplelicensing_licenseExpression": None}, None),
    ],
)
def test_what_could_change_the_outcome_refuses_the_document(element: dict[str, Any], pointer: str | None) -> None:
    refusal = refusal_of(spdx3(element, package("root")))

    assert refusal.kind == "breaks-specification"
    assert pointer is None or refusal.errors[0].pointer == pointer


def test_what_is_harmless_costs_a_warning() -> None:
    odd = {"type": "unheard_Of", "spdxId": f"{BASE}odd"}
    strange = relationship("root", "isFriendOf", "odd")
    twice = package("root") | {"name": "again"}

    codes = dict(warnings_of(spdx3(package("root", software_copyrightText=["x"]), odd, strange, twice)))

    assert codes == {
        "field-ignored": "/@graph/2/software_copyrightText",
        "unknown-element": "/@graph/3",
        "unknown-relationship": "/@graph/4/relationshipType",
        "duplicate-reference": "/@graph/5",
    }


def test_a_license_that_is_part_of_itself_is_refused() -> None:
    first = license_info(SET, "license", expandedlicensing_member=[f"{BASE}second"])
    second = license_info(CHOICE, "second", expandedlicensing_member=[f"{BASE}license"])

    refusal = refusal_of(spdx3(package("root"), first, second, relationship("root", "hasDeclaredLicense", "license")))

    assert "part of itself" in refusal.detail


def test_sets_that_double_at_each_step_stop_at_the_limit_of_a_field() -> None:
    sets = [
        license_info(
            SET if step % 2 else CHOICE,
            f"s{step}",
            expandedlicensing_member=[f"{BASE}s{step + 1}", f"{BASE}t{step}"],
        )
        for step in range(40)
    ]
    others = [
        license_info(CHOICE if step % 2 else SET, f"t{step}", expandedlicensing_member=[f"{BASE}s{step + 1}", LISTED])
        for step in range(40)
    ]

    refusal = refusal_of(spdx3(package("root"), *sets, *others, relationship("root", "hasDeclaredLicense", "s0")))

    assert (refusal.kind, refusal.limit) == ("over-limit", "field")


def test_sets_deeper_than_the_limit_are_refused() -> None:
    sets = [license_info(SET, f"s{step}", expandedlicensing_member=[f"{BASE}s{step + 1}"]) for step in range(100)]

    refusal = refusal_of(spdx3(package("root"), *sets, relationship("root", "hasDeclaredLicense", "s0")))

    assert (refusal.kind, refusal.limit) == ("over-limit", "depth")


def test_the_order_of_a_graph_says_nothing() -> None:
    document = json.loads(EXAMPLE)
    turned = json.dumps(document | {"@graph": document["@graph"][::-1]}).encode()

    facts = [
        {(each.name, each.scope, each.linkage, tuple(claim.value for claim in each.licenses)) for each in components}
        for components in (inventory_of(EXAMPLE).components, inventory_of(turned).components)
    ]

    assert facts[0] == facts[1]
    assert sorted(edges_by_name(inventory_of(EXAMPLE))) == sorted(edges_by_name(inventory_of(turned)))


def test_spdx_2_and_3_give_the_same_component() -> None:
    digest = "ab" * 32
    older = {
        "name": "root",
        "versionInfo": "1",
        "licenseDeclared": "MIT OR ISC",
        "licenseConcluded": "NOASSERTION",
        "copyrightText": "Copyright (c) A",
        "downloadLocation": "git+https://example.org/a.git",
        "supplier": "Organization: Example Foundation",
        "primaryPackagePurpose": "OPERATING_SYSTEM",
        "attributionTexts": ["Thanks."],
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
        "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/a@1"}],
    }
    newer = package(
        "root",
        software_packageVersion="1",
        software_copyrightText="Copyright (c) A",
        software_downloadLocation="git+https://example.org/a.git",
        software_primaryPurpose="operatingSystem",
        software_attributionText=["Thanks."],
        software_packageUrl="pkg:npm/a@1",
        suppliedBy=f"{BASE}org",
        verifiedUsing=[{"type": "Hash", "algorithm": "sha256", "hashValue": digest}],
    )
    graph = [
        newer,
        {"type": "Organization", "spdxId": f"{BASE}org", "name": "Example Foundation"},
        expression("license", "MIT OR ISC"),
        relationship("root", "hasDeclaredLicense", "license"),
        relationship("root", "hasConcludedLicense", f"{CONTEXT}/terms/ExpandedLicensing/NoAssertionLicense"),
    ]

    found = [without_places(only_component(document)) for document in (spdx(older), spdx3(*graph))]

    assert found[0] == found[1]


def without_places(component: Component) -> Component:
    licenses = [msgspec.structs.replace(claim, pointer="") for claim in component.licenses]
    return msgspec.structs.replace(component, pointer="", ref=None, licenses=licenses)
