"""What a CycloneDX document says arrives in the inventory, as written."""

from base64 import b64encode
from typing import Any

import pytest

from shared.contracts.documents import Root
from tests.support.small_sboms import (
    cyclonedx,
    edges_by_name,
    inventory_of,
    only_component,
    refusal_of,
    result_of,
    warnings_of,
)


def test_the_identity_of_a_component_is_kept_as_written() -> None:
    component = only_component(
        cyclonedx(
            {
                "name": "Core",
                "group": "@acme",
                "version": "1.0",
                "purl": "pkg:npm/%40acme/Core@1.0",
                "bom-ref": "c",
                "type": "framework",
                "supplier": {"name": "Acme"},
            }
        )
    )

    assert (component.name, component.group, component.version, component.ref) == ("Core", "@acme", "1.0", "c")
    assert (component.purl, component.type, component.supplier) == ("pkg:npm/%40acme/Core@1.0", "framework", "Acme")


def test_nested_components_follow_their_parent_in_document_order() -> None:
    inner = {"type": "library", "name": "inner", "components": [{"type": "library", "name": "innermost"}]}
    inventory = inventory_of(cyclonedx({"name": "outer", "components": [inner]}, {"name": "last"}))

    assert [(component.name, component.pointer) for component in inventory.components] == [
        ("outer", "/components/0"),
        ("inner", "/components/0/components/0"),
        ("innermost", "/components/0/components/0/components/0"),
        ("last", "/components/1"),
    ]
    assert edges_by_name(inventory) == [("outer", "inner"), ("inner", "innermost")]


def test_the_root_is_apart_and_its_dependencies_are_direct() -> None:
    inventory = inventory_of(
        cyclonedx(
            {"name": "a", "bom-ref": "a"},
            {"name": "b", "bom-ref": "b"},
            metadata={"component": {"type": "application", "name": "shop", "version": "", "bom-ref": "root"}},
            dependencies=[{"ref": "root", "dependsOn": ["a"]}, {"ref": "a", "dependsOn": ["b"]}],
        )
    )

    assert inventory.root == Root(name="shop", type="application")
    assert edges_by_name(inventory) == [("ROOT", "a"), ("a", "b")]
    assert inventory.root_position is None


def test_components_inside_the_root_belong_to_it() -> None:
    document = cyclonedx(
        {"name": "a", "bom-ref": "a"},
        metadata={
            "component": {
                "type": "application",
                "name": "shop",
                "components": [{"type": "library", "name": "module", "bom-ref": "m"}],
            }
        },
        dependencies=[{"ref": "m", "dependsOn": ["a"]}],
    )

    assert edges_by_name(inventory_of(document)) == [("ROOT", "a")]
    assert warnings_of(document) == [("root-parts", "/metadata/component/components")]


def test_licenses_keep_their_kind_origin_text_and_place() -> None:
    text = b64encode("Permission is granted …".encode()).decode()
    document = cyclonedx(
        {
            "name": "a",
            "licenses": [
                {"license": {"id": "MIT", "url": "https://example.org", "acknowledgement": "concluded"}},
                {"license": {"name": "Apache 2", "text": {"content": text, "encoding": "base64"}}},
                {"expression": "MIT OR Apache-2.0"},
                {"license": {"id": "MIT", "url": "https://example.org", "acknowledgement": "concluded"}},
            ],
            "evidence": {"licenses": [{"license": {"id": "ISC"}}]},
        }
    )

    inventory = inventory_of(document)

    claims = inventory.components[0].licenses
    assert [(claim.value, claim.kind, claim.origin) for claim in claims] == [
        ("MIT", "id", "concluded"),
        ("Apache 2", "name", "declared"),
        ("MIT OR Apache-2.0", "expression", "declared"),
        ("ISC", "id", "observed"),
    ]
    assert claims[0].url == "https://example.org"
    assert inventory.texts[claims[1].text or ""] == "Permission is granted …"
    assert claims[3].pointer == "/components/0/evidence/licenses/0/license"


def test_the_texts_of_an_expression_are_kept_together() -> None:
    details = [
        {"licenseIdentifier": "MIT", "text": {"content": "one"}},
        {"licenseIdentifier": "ISC", "text": {"content": "two"}},
    ]
    inventory = inventory_of(
        cyclonedx({"name": "a", "licenses": [{"expression": "MIT AND ISC", "expressionDetails": details}]})
    )

    assert list(inventory.texts.values()) == ["one\n\ntwo"]


@pytest.mark.parametrize(
    ("said", "scope", "written"),
    [
        ({}, "runtime", None),
        ({"scope": "required"}, "runtime", "required"),
        ({"scope": "optional"}, "optional", "optional"),
        ({"scope": "excluded"}, "excluded", "excluded"),
        ({"scope": "test"}, "test", "test"),
        (
            {"scope": "optional", "properties": [{"name": "cdx:npm:package:development", "value": "true"}]},
            "dev",
            "cdx:npm:package:development=true",
        ),
        ({"properties": [{"name": "cdx:npm:package:development", "value": "false"}]}, "runtime", None),
        (
            {"properties": [{"name": "cdx:maven:component_scope", "value": "provided"}]},
            "excluded",
            "cdx:maven:component_scope=provided",
        ),
    ],
)
def test_scope_comes_from_the_scope_field_and_from_marks_of_package_managers(
    said: dict[str, Any], scope: str, written: str | None
) -> None:
    component = only_component(cyclonedx({"name": "a"} | said))

    assert (component.scope, component.scope_written) == (scope, written)


def test_copyright_is_split_into_lines_and_kept_verbatim() -> None:
    component = only_component(
        cyclonedx(
            {
                "name": "a",
                "copyright": "Copyright (c) 2020  Jane\r\n\nCopyright 2021 Łukasz",
                "evidence": {"copyright": [{"text": "Copyright 2021 Łukasz"}, {"text": "© Zoë"}]},
            }
        )
    )

    assert component.copyright == ["Copyright (c) 2020  Jane", "Copyright 2021 Łukasz", "© Zoë"]


def test_hashes_are_named_as_spdx_names_them_in_lower_case() -> None:
    hashes = [{"alg": "SHA-256", "content": "AB" * 32}, {"alg": "MD5", "content": "0" * 32}]

    assert only_component(cyclonedx({"name": "a", "hashes": hashes})).hashes == {"sha256": "ab" * 32, "md5": "0" * 32}


@pytest.mark.parametrize(
    ("said", "modified"),
    [
        ({}, None),
        ({"modified": True}, True),
        ({"modified": False}, False),
        ({"pedigree": {"patches": [{"type": "backport"}]}}, True),
        ({"pedigree": {"patches": []}}, None),
        ({"pedigree": {"commits": [{"uid": "1"}]}}, None),
        ({"properties": [{"name": "licet:modified", "value": "true"}]}, True),
    ],
)
def test_a_component_is_modified_where_the_document_says_so(said: dict[str, Any], modified: bool | None) -> None:
    assert only_component(cyclonedx({"name": "a"} | said)).modified is modified


def test_statements_for_licet_are_taken_from_properties() -> None:
    said = {
        "licet:notice": "Notice of A",
        "licet:notice-status": "present",
        "licet:linkage": "dynamic",
        "licet:source-url": "https://example.org/a.tar.gz",
        "licet:colour": "red",
    }
    properties = [{"name": name, "value": value} for name, value in said.items()]
    document = cyclonedx({"name": "a", "properties": properties})

    inventory = inventory_of(document)

    [component] = inventory.components
    assert [inventory.texts[key] for key in component.notices] == ["Notice of A"]
    assert (component.notice_status, component.linkage) == ("present", "dynamic")
    assert component.source_url == "https://example.org/a.tar.gz"
    assert warnings_of(document) == [("unknown-statement", "/components/0/properties")]


def test_the_source_is_a_source_distribution_before_a_repository() -> None:
    vcs = {"type": "vcs", "url": "https://example.org/a.git"}
    archive = {"type": "source-distribution", "url": "https://example.org/a.tar.gz"}

    assert only_component(cyclonedx({"name": "a", "externalReferences": [vcs]})).source_url == vcs["url"]
    assert only_component(cyclonedx({"name": "a", "externalReferences": [vcs, archive]})).source_url == archive["url"]


def test_services_are_counted_at_any_depth_and_are_no_elements() -> None:
    services = [{"name": "s", "bom-ref": "s", "services": [{"name": "t"}, {"name": "u"}]}]
    result = result_of(
        cyclonedx({"name": "a", "bom-ref": "a"}, services=services, dependencies=[{"ref": "a", "dependsOn": ["s"]}])
    )

    assert (result.facts.services, result.facts.buckets.elements, result.warnings) == (3, 1, [])


@pytest.mark.parametrize(
    "tools",
    [
        [{"vendor": "Anchore", "name": "syft", "version": "1.18.1"}, {"name": "cdxgen"}],
        {
            "components": [{"type": "application", "name": "syft", "version": "1.18.1"}],
            "services": [{"name": "cdxgen"}],
        },
    ],
)
def test_tools_are_told_by_name_and_version_in_both_forms(tools: Any) -> None:
    assert result_of(cyclonedx(metadata={"tools": tools})).facts.tool == ["syft 1.18.1", "cdxgen"]


def test_references_by_package_url_serve_where_there_is_no_bom_ref() -> None:
    inventory = inventory_of(
        cyclonedx(
            {"name": "a", "purl": "pkg:npm/a@1"},
            {"name": "b", "purl": "pkg:npm/b@1"},
            dependencies=[{"ref": "pkg:npm/a@1", "dependsOn": ["pkg:npm/b@1"]}],
        )
    )

    assert edges_by_name(inventory) == [("a", "b")]


@pytest.mark.parametrize(
    ("members", "code", "pointer"),
    [
        ({"dependencies": [{"ref": "a", "dependsOn": ["x"]}]}, "dangling-reference", "/dependencies/0/dependsOn/0"),
        ({"dependencies": [{"ref": "a", "dependsOn": ["a"]}]}, "self-dependency", "/dependencies/0/dependsOn/0"),
        (
            {"dependencies": [{"ref": "a", "dependsOn": ["urn:cdx:1/1#x"]}]},
            "external-reference",
            "/dependencies/0/dependsOn/0",
        ),
        ({"metadata": {"timestamp": "0000-00-00T99:99:99Z"}}, "malformed-time", "/metadata/timestamp"),
        ({"components": [{"type": "library", "name": "a", "version": 1.5}]}, "field-ignored", "/components/0/version"),
        ({"components": [{"type": "library", "name": "a", "purl": "npm/a"}]}, "malformed-purl", "/components/0/purl"),
        (
            {"components": [{"type": "library", "name": "a", "licenses": None}]},
            "field-ignored",
            "/components/0/licenses",
        ),
        (
            {"components": [{"type": "library", "name": "a", "licenses": [{"license": {"id": "mit"}}]}]},
            "license-id-case",
            "/components/0/licenses/0/license/id",
        ),
        (
            {"components": [{"type": "library", "name": "a", "licenses": [{"license": {"id": "Later-9.0"}}]}]},
            "unknown-license-id",
            "/components/0/licenses/0/license/id",
        ),
        (
            {"components": [{"type": "library", "name": "a", "licenses": [{"expression": "MIT OR"}]}]},
            "license-expression",
            "/components/0/licenses/0/expression",
        ),
    ],
)
def test_what_does_not_change_the_outcome_is_taken_with_a_warning(
    members: dict[str, Any], code: str, pointer: str
) -> None:
    assert (code, pointer) in warnings_of(cyclonedx({"name": "a", "bom-ref": "a"}, **members))


def test_a_field_that_does_not_fit_costs_that_field_alone() -> None:
    properties = [{"name": "licet:notice-status", "value": None}, {"name": "licet:linkage", "value": "static"}]
    component = only_component(cyclonedx({"name": "a", "version": 2, "copyright": 7, "properties": properties}))

    assert (component.version, component.copyright, component.linkage) == ("2", ["7"], "static")


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"components": {"a": {}}}, "/components"),
        ({"components": [None]}, "/components/0"),
        ({"components": [{"name": "a"}]}, "/components/0"),
        ({"components": [{"type": "library"}]}, "/components/0"),
        ({"components": [{"type": "foo", "name": "a"}]}, "/components/0/type"),
        ({"components": [{"type": "library", "name": None}]}, "/components/0/name"),
        ({"components": [{"type": "library", "name": "a", "licenses": "MIT"}]}, "/components/0/licenses"),
        ({"components": [{"type": "library", "name": "a", "licenses": [{}]}]}, "/components/0/licenses/0"),
        (
            {"components": [{"type": "library", "name": "a", "licenses": [{"license": {}}]}]},
            "/components/0/licenses/0/license",
        ),
        (
            {"components": [{"type": "library", "name": "a", "licenses": [{"license": {"id": "MIT", "name": "X"}}]}]},
            "/components/0/licenses/0/license",
        ),
        (
            {"components": [{"type": "library", "name": "a", "licenses": [{"license": {"id": "Apache-2"}}]}]},
            "/components/0/licenses/0/license/id",
        ),
        (
            {"components": [{"type": "library", "name": "a", "hashes": [{"alg": "MD5", "content": "foo"}]}]},
            "/components/0/hashes/0/content",
        ),
        ({"components": [{"type": "library", "name": "a", "components": {}}]}, "/components/0/components"),
        ({"services": [{"name": "s", "data": [{"flow": "bar"}]}]}, "/services/0/data/0/flow"),
        ({"serialNumber": "urn:uuid:1"}, "/serialNumber"),
        ({"dependencies": [{"ref": "a", "dependsOn": "b"}]}, "/dependencies/0/dependsOn"),
    ],
)
def test_what_could_change_the_outcome_is_refused_with_its_place(members: dict[str, Any], pointer: str) -> None:
    refusal = refusal_of(cyclonedx(**members))

    assert (refusal.kind, refusal.errors[0].pointer) == ("breaks-specification", pointer)


def test_a_refusal_names_several_places() -> None:
    broken = [{"type": "foo", "name": "a"}, {"type": "library", "name": "b"}, {"type": "library"}]

    refusal = refusal_of(cyclonedx(components=broken))

    assert [error.pointer for error in refusal.errors] == ["/components/0/type", "/components/2"]


def test_null_where_a_text_is_meant_is_as_if_it_were_missing() -> None:
    document = cyclonedx(
        {"name": "a", "group": None, "copyright": None, "licenses": [{"license": {"id": "MIT", "url": None}}]}
    )

    assert [claim.value for claim in only_component(document).licenses] == ["MIT"]
    assert warnings_of(document) == []


def test_no_number_of_nulls_costs_a_licence() -> None:
    licenses = [{"license": {"name": f"Licence {number}", "url": None}} for number in range(120)]

    assert len(only_component(cyclonedx({"name": "a", "licenses": licenses})).licenses) == 120


def test_licences_with_too_many_faults_to_mend_refuse_the_document() -> None:
    licenses = [{"license": {"name": f"Licence {number}", "acknowledgement": []}} for number in range(21)]

    refusal = refusal_of(cyclonedx({"name": "a", "licenses": licenses}))

    assert [error.pointer for error in refusal.errors] == ["/components/0/licenses"]
