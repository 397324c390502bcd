"""ScanCode's scans are read in the shapes of all of its versions."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.inventory import Component, Party, Reference
from tests.support.small_sboms import edges_by_name, inventory_of, only_component, refusal_of, warnings_of

SBOMS = Path(__file__).parents[2] / "data" / "sboms"
VERSION_32 = (SBOMS / "example.scancode32.json").read_bytes()
VERSION_31 = (SBOMS / "example.scancode31.json").read_bytes()


def a_scan(*files: dict[str, Any], **parts: Any) -> bytes:
    headers = [{"tool_name": "scancode-toolkit", "tool_version": "32.3.0"}]
    return json.dumps({"headers": headers, "files": list(files)} | parts).encode()


def claims(component: Component) -> list[tuple[str, str, str]]:
    return [(claim.origin, claim.kind, claim.value) for claim in component.licenses]


def test_packages_are_the_elements_and_files_are_counted() -> None:
    inventory = inventory_of(VERSION_32)

    assert (inventory.format, inventory.serialization, inventory.spec_version) == ("scancode", "json", "32.3.0")
    assert inventory.tool == ["scancode-toolkit 32.3.0"]
    assert (inventory.buckets.elements, inventory.files) == (2, 1)


def test_a_package_keeps_all_that_was_found() -> None:
    inventory = inventory_of(VERSION_32)
    parser = inventory.components[0]

    assert (parser.group, parser.name, parser.version) == ("@example", "parser", "2.0.0")
    assert parser.purl == "pkg:npm/%40example/parser@2.0.0"
    assert parser.copyright == ["Copyright (c) 2020 Jane Roe", "Copyright (c) 2000 ACME, Inc."]
    assert parser.hashes == {"sha1": "91b4792588a7738c25f35dd6f63752a2f8776135"}
    assert parser.source_url == "git+https://example.org/parser.git"
    assert [inventory.texts[key] for key in parser.notices] == ["This product includes a parser."]


def test_the_declared_expression_counts_and_what_it_was_read_from_is_kept() -> None:
    parser, lexer = inventory_of(VERSION_32).components

    assert claims(parser) == [
        ("declared", "expression", "Apache-2.0 OR MIT"),
        ("observed", "name", "Apache 2 or MIT"),
        ("observed", "expression", "LicenseRef-scancode-unknown-license-reference"),
        ("observed", "expression", "MIT"),
    ]
    assert claims(lexer) == [("declared", "name", "see LICENSE")]


def test_texts_of_references_come_along() -> None:
    inventory = inventory_of(VERSION_32)
    [extracted] = inventory.extracted_licenses

    assert extracted.id == "LicenseRef-scancode-unknown-license-reference"
    assert inventory.texts[extracted.text or ""] == "Ask the author."


def test_dependencies_on_packages_that_were_found_are_edges() -> None:
    inventory = inventory_of(VERSION_32)

    assert edges_by_name(inventory) == [("parser", "lexer")]
    assert (inventory.components[1].scope, inventory.components[1].scope_written) == ("dev", "devDependencies")
    assert warnings_of(VERSION_32) == [("dangling-reference", "/dependencies/1")]


def test_files_are_the_elements_where_no_package_was_found() -> None:
    inventory = inventory_of(VERSION_31)
    first, second = inventory.components

    assert (inventory.buckets.elements, inventory.files, inventory.spec_version) == (2, 0, "31.2.1")
    assert (first.name, first.type, first.hashes) == ("lib/a.c", "file", {"md5": "bdf7c572beb4094c2059508fa73c05a4"})
    assert first.copyright == ["Copyright (c) 2000 ACME, Inc."]
    assert second.copyright == ["Copyright (c) 2001 Jane Roe"]


def test_keys_of_scancode_become_spdx_ids_where_the_scan_says_which() -> None:
    first, second = inventory_of(VERSION_31).components

    assert claims(first) == [("observed", "expression", "GPL-2.0-or-later WITH Classpath-exception-2.0")]
    assert claims(second) == [("observed", "name", "proprietary-license")]


def test_an_expression_of_version_32_is_taken_as_it_is() -> None:
    file = {"path": "a.c", "type": "file", "detected_license_expression_spdx": "MIT AND ISC"}

    assert claims(only_component(a_scan(file))) == [("observed", "expression", "MIT AND ISC")]


def test_older_versions_keep_packages_in_the_file_that_states_them() -> None:
    stated: dict[str, Any] = {"name": "old", "version": "1", "purl": "pkg:npm/old@1", "license_expression": "mit"}
    stated["declared_license"] = {"name": "MIT"}
    file = {"path": "package.json", "type": "file", "packages": [stated], "licenses": []}

    component = only_component(a_scan(file))

    assert component.pointer == "/files/0/packages/0"
    assert claims(component) == [("declared", "name", "mit"), ("observed", "name", '{"name":"MIT"}')]


def test_version_2_has_no_headers() -> None:
    document = {"scancode_version": "2.2.1", "files": [{"path": "a.c", "type": "file", "licenses": []}]}

    assert inventory_of(json.dumps(document).encode()).spec_version == "2.2.1"


@pytest.mark.parametrize(
    ("scan", "pointer"),
    [
        (a_scan(packages=[{"name": []}]), "/packages/0/name"),
        (a_scan({"path": "a", "detected_license_expression_spdx": ["MIT"]}), None),
        (a_scan(packages={}), "/packages"),
        (a_scan(packages=[None]), "/packages/0"),
    ],
)
def test_what_could_change_the_outcome_refuses_the_document(scan: bytes, pointer: str | None) -> None:
    refusal = refusal_of(scan)

    assert refusal.kind == "breaks-specification"
    assert pointer is None or refusal.errors[0].pointer == pointer


def test_one_bad_field_costs_a_warning_and_not_the_document() -> None:
    assert warnings_of(a_scan({"path": "a.c", "sha1": 7.5, "copyrights": [3]}))[0][0] == "field-ignored"


def test_headers_of_another_tool_are_no_scan() -> None:
    assert refusal_of(b'{"headers": [{"tool_name": "other"}], "files": []}').kind == "not-an-sbom"


def a_scan_of(package: dict[str, Any], *files: dict[str, Any]) -> bytes:
    """A scan of one package, whose uid is `uid`, and these files."""
    head = [{"tool_name": "scancode-toolkit", "tool_version": "32.3.2"}]
    packages = [{"name": "a", "package_uid": "uid"} | package]
    listed = [{"type": "file", "path": f"f{number}"} | each for number, each in enumerate(files)]
    return json.dumps({"headers": head, "packages": packages, "dependencies": [], "files": listed}).encode()


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("- MIT\n", ["MIT"]),
        ("- MIT\n- Apache-2.0\n- MIT\n", ["MIT", "Apache-2.0"]),
        ("- 'License: MIT'\n", ["License: MIT"]),
        ("MIT", ["MIT"]),
        ("- type: MIT\n  url: https://example.org\n", ["- type: MIT\n  url: https://example.org"]),
        ("- MIT\n  OR ISC", ["- MIT\n  OR ISC"]),
        ("license: MIT\n", ["MIT"]),
        (
            "license: MIT\nclassifiers:\n  - 'License :: OSI Approved :: MIT License'\n  - MIT\n",
            ["MIT", "License :: OSI Approved :: MIT License"],
        ),
        ("license: |\n  Do as you like.\n", ["license: |\n  Do as you like."]),
        ("license: MIT\nname: a", ["license: MIT\nname: a"]),
        ("  \n", []),
    ],
)
def test_a_list_of_statements_is_told_one_by_one(statement: str, names: list[str]) -> None:
    component = only_component(a_scan_of({"extracted_license_statement": statement}))

    assert [claim.value for claim in component.licenses] == names


def test_what_was_found_in_files_is_observed_in_the_packages_that_they_belong_to() -> None:
    document = a_scan_of(
        {"declared_license_expression_spdx": "MIT"},
        {
            "for_packages": ["uid", "uid", "gone"],
            "detected_license_expression_spdx": "ISC",
            "copyrights": [{"copyright": "Copyright (c) Jane"}],
        },
        {"for_packages": ["uid"], "detected_license_expression_spdx": "ISC"},
        {"for_packages": [], "detected_license_expression_spdx": "0BSD", "copyrights": [{"copyright": "Joe"}]},
    )

    component = only_component(document)

    assert claims(component) == [("declared", "expression", "MIT"), ("observed", "expression", "ISC")]
    assert component.licenses[1].pointer == "/files/0/detected_license_expression_spdx"
    assert component.copyright == ["Copyright (c) Jane"]
    assert ("file-outside", "/files/2") in warnings_of(document)


def test_copyright_of_files_that_belong_to_no_package_is_warned_of() -> None:
    stating = {"type": "file", "copyrights": [{"copyright": "(c) Jane Roe"}]}
    files = [
        {"path": "a.c", "for_packages": ["uid"], **stating},
        {"path": "b.c", **stating},
        {"path": "c.c", "type": "file"},
    ]

    document = a_scan_of({"name": "a", "package_uid": "uid"}, *files)

    assert warnings_of(document) == [("file-outside", "/files/1")]


def test_a_repository_without_a_scheme_of_its_own_and_parties_without_names_are_kept_and_left_out() -> None:
    parties = [{"role": "author", "name": "Jane"}, {"role": "author", "name": None, "email": "joe@example.org"}]
    component = only_component(a_scan_of({"vcs_url": "https://github.com/acme/a", "parties": parties}))

    assert component.source_url is None
    assert component.references == (Reference("vcs", "https://github.com/acme/a"),)
    assert component.parties == (Party("author", "Jane"),)


def a_match(rule: str, text: str, license_: str = "MIT") -> dict[str, Any]:
    return {"license_expression_spdx": license_, "rule_identifier": rule, "matched_text": text}


def a_scanned_file(path: str, *matches: dict[str, Any], license_: str = "MIT", **fields: Any) -> dict[str, Any]:
    detections = [{"matches": [each]} for each in matches]
    found = {"detected_license_expression_spdx": license_, "license_detections": detections}
    return {"path": path, "type": "file"} | found | fields


def texts(scan: bytes) -> list[list[tuple[str, str | None]]]:
    """Of each component the licences with their texts."""
    inventory = inventory_of(scan)
    return [
        [(claim.value, inventory.texts[claim.text] if claim.text else None) for claim in component.licenses]
        for component in inventory.components
    ]


def test_the_text_of_a_licence_that_was_matched_is_kept_and_a_notice_is_none() -> None:
    scan = a_scan(
        a_scanned_file("LICENSE", a_match("mit.LICENSE", "Copyright (c) 2020 Jane Roe\nPermission is hereby …")),
        a_scanned_file("a.c", a_match("mit_14.RULE", "License: MIT")),
        a_scanned_file("b.c", a_match("mit_99.RULE", "Permission is …")),
        license_rule_references=[
            {"identifier": "mit_99.RULE", "is_license_text": True},
            {"identifier": "mit_14.RULE", "is_license_text": False},
        ],
    )

    assert texts(scan) == [
        [("MIT", "Copyright (c) 2020 Jane Roe\nPermission is hereby …")],
        [("MIT", None)],
        [("MIT", "Permission is …")],
    ]


def test_a_file_with_texts_of_two_licences_keeps_both() -> None:
    expression = "MIT OR Apache-2.0"
    matches = a_match("mit.LICENSE", "M"), a_match("apache-2.0.LICENSE", "A", "Apache-2.0")

    assert texts(a_scan(a_scanned_file("LICENSE", *matches, license_=expression))) == [
        [(expression, "M"), (expression, "A")]
    ]


def test_texts_of_older_versions_go_to_the_licence_that_they_are_of() -> None:
    rule = {"identifier": "x", "is_license_text": True}
    licenses = [
        {"key": "apache-2.0", "spdx_license_key": "Apache-2.0", "matched_rule": rule, "matched_text": "A"},
        {"key": "mit", "spdx_license_key": "MIT", "matched_rule": rule, "matched_text": "M"},
        {"key": "mit", "spdx_license_key": "MIT", "matched_rule": {"is_license_text": False}, "matched_text": "MIT"},
    ]
    file = {"path": "a", "license_expressions": ["mit", "apache-2.0"], "licenses": licenses}

    assert texts(a_scan(file)) == [[("MIT", "M"), ("Apache-2.0", "A")]]


def test_the_texts_in_the_files_of_a_package_are_the_package_s() -> None:
    of_a = {"for_packages": ["pkg:npm/a@1?uuid=1"]}
    scan = a_scan(
        a_scanned_file("a.c", **of_a),
        a_scanned_file("LICENSE", a_match("mit.LICENSE", "one"), **of_a),
        a_scanned_file("lib/LICENSE", a_match("mit.LICENSE", "two"), **of_a),
        a_scanned_file("copy/LICENSE", a_match("mit.LICENSE", "two"), **of_a),
        packages=[{"name": "a", "version": "1", "package_uid": "pkg:npm/a@1?uuid=1"}],
    )

    assert texts(scan) == [[("MIT", "one"), ("MIT", "two")]]


def test_what_a_dependency_needs_for_its_own_development_is_not_left_out() -> None:
    packages = [{"name": name, "package_uid": name, "purl": f"pkg:npm/{name}"} for name in ("shop", "forge", "express")]
    dependencies = [
        {"purl": "pkg:npm/forge", "for_package_uid": "shop", "scope": "dependencies", "is_runtime": True},
        {"purl": "pkg:npm/express", "for_package_uid": "forge", "scope": "devDependencies", "is_runtime": False},
    ]
    head = {"tool_name": "scancode-toolkit", "tool_version": "32.3.2"}
    document = json.dumps({"headers": [head], "packages": packages, "dependencies": dependencies, "files": []}).encode()

    assert [component.scope for component in inventory_of(document).components] == ["runtime"] * 3
