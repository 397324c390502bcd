"""ORT's results are read in every shape that they had by age, as JSON and as YAML."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sbom_ingest.adapters.readers.ort_patterns import matches_any, path_matches, readable_pattern
from sbom_ingest.adapters.readers.scope_names import scope_of
from sbom_ingest.domain.limits import Limits
from shared.contracts.inventory import Component
from tests.support.small_sboms import edges_by_name, inventory_of, refusal_of, result_of, warnings_of

SBOMS = Path(__file__).parents[2] / "data" / "sboms"
RESULT = (SBOMS / "example.ort-result.yml").read_bytes()


def a_result(*packages: dict[str, Any], **parts: Any) -> bytes:
    """An analyzer result of one project, as JSON."""
    result = {"projects": [{"id": "NPM::shop:1"}], "packages": list(packages)} | parts
    run = {"environment": {"ort_version": "60.0.0"}, "result": result}
    return json.dumps({"repository": {}, "analyzer": run}).encode()


def a_model(*packages: dict[str, Any], **parts: Any) -> bytes:
    """An evaluated model of one project and these packages."""
    project = {"_id": 0, "id": "NPM::shop:1", "is_project": True}
    tables = {
        "licenses": [{"_id": 0, "id": "The MIT License"}, {"_id": 1, "id": "ISC"}],
        "copyrights": [{"_id": 0, "statement": "Copyright (c) Jane Roe"}, {"_id": 1, "statement": "Copyright (c) X"}],
        "scopes": [{"_id": 0, "name": "dependencies"}, {"_id": 1, "name": "devDependencies"}],
    }
    return json.dumps(tables | {"packages": [project, *packages], "dependency_trees": []} | parts).encode()


def named(document: bytes) -> dict[str, Component]:
    return {component.name: component for component in inventory_of(document).components}


def test_an_example_is_read_whole() -> None:
    inventory = inventory_of(RESULT)

    assert (inventory.format, inventory.serialization, inventory.spec_version) == ("ort", "yaml", "60.0.0")
    assert (inventory.root.name, inventory.root.version, inventory.tool) == ("shop", "1.4.2", ["ORT 60.0.0"])
    assert inventory.buckets.elements == 4
    assert warnings_of(RESULT) == [("several-roots", "/analyzer/result/projects")]
    assert edges_by_name(inventory) == [
        ("ROOT", "parser"),
        ("ROOT", "checker"),
        ("ROOT", "widget"),
        ("parser", "lexer"),
        ("checker", "lexer"),
        ("widget", "checker"),
    ]


def test_json_and_yaml_say_the_same() -> None:
    as_json = inventory_of((SBOMS / "example.ort-result.json").read_bytes())

    assert as_json.serialization == "json"
    assert msgspec.structs.replace(as_json, serialization="yaml") == inventory_of(RESULT)


def test_a_package_keeps_all_that_ort_knows() -> None:
    parser = named(RESULT)["parser"]

    assert (parser.group, parser.version, parser.purl) == ("@example", "2.0.0", "pkg:npm/%40example/parser@2.0.0")
    assert parser.hashes == {"sha1": "91b4792588a7738c25f35dd6f63752a2f8776135"}
    assert parser.source_url == "https://example.org/parser-2.0.0.tgz"
    assert parser.pointer == "/analyzer/result/packages/0"


def test_a_repository_is_the_source_where_there_is_no_archive() -> None:
    assert named(RESULT)["lexer"].source_url == "git+https://example.org/lexer.git@abc#packages/lexer"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "parser",
            [
                ("concluded", "Apache-2.0 OR MIT"),
                ("declared", "Apache License, Version 2.0"),
                ("declared", "The MIT License"),
            ],
        ),
        # What ORT could not read is missing from its expression.
        ("lexer", [("declared", "BSD License"), ("declared", "MIT")]),
        ("checker", [("concluded", "ISC AND MIT"), ("declared", "ISC")]),
        ("widget", []),
    ],
)
def test_declared_licenses_stay_as_written_beside_what_was_concluded(name: str, expected: list[Any]) -> None:
    assert [(claim.origin, claim.value) for claim in named(RESULT)[name].licenses] == expected


def test_the_strongest_scope_counts_and_excluded_ones_do_not_ship() -> None:
    scopes = {name: (each.scope, each.scope_written) for name, each in named(RESULT).items()}

    assert scopes == {
        "parser": ("runtime", "dependencies"),
        "lexer": ("runtime", "dependencies"),
        "checker": ("excluded", "dependencies"),
        "widget": ("excluded", "dependencies"),
    }


def test_only_static_linking_is_said_on_purpose() -> None:
    linkages = {name: each.linkage for name, each in named(RESULT).items()}

    assert linkages == {"parser": None, "lexer": "static", "checker": None, "widget": None}


def test_a_curation_may_say_that_a_package_is_modified() -> None:
    assert named(RESULT)["checker"].modified is True


def test_trees_of_older_results_give_the_same_graph() -> None:
    tree = {"id": "NPM::a:1", "dependencies": [{"id": "NPM::b:1"}]}
    project = {"id": "NPM::shop:1", "scopes": [{"name": "devDependencies", "dependencies": [tree]}]}

    inventory = inventory_of(a_result({"id": "NPM::a:1"}, {"id": "NPM::b:1"}, projects=[project]))

    assert edges_by_name(inventory) == [("ROOT", "a"), ("a", "b")]
    assert {each.scope for each in inventory.components} == {"dev"}


def test_trees_inside_of_a_graph_are_read_too() -> None:
    graph = {
        "packages": ["NPM::a:1", "NPM::b:1"],
        "scope_roots": [{"pkg": 0, "dependencies": [{"pkg": 1}]}],
        "scopes": {":shop:1:dependencies": [{"root": 0}]},
    }

    inventory = inventory_of(a_result({"id": "NPM::a:1"}, {"id": "NPM::b:1"}, dependency_graphs={"NPM": graph}))

    assert edges_by_name(inventory) == [("ROOT", "a"), ("a", "b")]


def test_projects_that_need_each_other_are_the_root_together() -> None:
    graph = {
        "packages": ["NPM::b:1", "NPM::other:1"],
        "nodes": [{"pkg": 1}, {"pkg": 0}],
        "edges": [{"from": 0, "to": 1}],
        "scopes": {":shop:1:dependencies": [{"root": 1}]},
    }
    projects = [{"id": "NPM::shop:1"}, {"id": "NPM::other:1"}]

    document = a_result({"id": "NPM::b:1"}, projects=projects, dependency_graphs={"NPM": graph})

    assert edges_by_name(inventory_of(document)) == [("ROOT", "b")]


def test_a_graph_may_run_in_a_circle_and_point_to_nothing() -> None:
    graph = {
        "packages": ["NPM::a:1", "NPM::gone:1"],
        "nodes": [{}, {"pkg": 1}, {"pkg": 9}],
        "edges": [{"from": 0, "to": 1}, {"from": 1, "to": 0}, {"from": 0, "to": 7}],
        "scopes": {":shop:1:dependencies": [{"root": 0}, {"root": 5}]},
    }

    warnings = warnings_of(a_result({"id": "NPM::a:1"}, dependency_graphs={"NPM": graph}))

    assert [code for code, _ in warnings] == ["dangling-reference"] * 4


def test_an_evaluated_model_has_what_scanners_found() -> None:
    written = {
        "id": "NPM::a:1",
        "purl": "pkg:npm/a@1",
        "declared_licenses": [0],
        "declared_licenses_processed": {"spdx_expression": "MIT"},
        "detected_licenses": [0, 1],
        "detected_excluded_licenses": [1],
        "findings": [
            {"type": "COPYRIGHT", "copyright": 0},
            {"type": "COPYRIGHT", "copyright": 0},
            {"type": "COPYRIGHT", "copyright": 1, "path_excludes": [0]},
            {"type": "LICENSE", "license": 1},
        ],
    }

    found = named(a_model(written))["a"]

    assert [(claim.origin, claim.value) for claim in found.licenses] == [
        ("concluded", "MIT"),
        ("declared", "The MIT License"),
        ("observed", "The MIT License"),
    ]
    assert found.copyright == ["Copyright (c) Jane Roe"]


def test_an_example_of_an_evaluated_model_is_read_whole() -> None:
    inventory = inventory_of((SBOMS / "example.ort-evaluated-model.json").read_bytes())

    assert [each.name for each in inventory.components] == ["parser", "lexer", "checker"]
    assert [each.scope for each in inventory.components] == ["runtime", "runtime", "excluded"]
    assert edges_by_name(inventory) == [("ROOT", "parser"), ("ROOT", "checker"), ("parser", "lexer")]
    assert inventory.components[0].copyright == ["Copyright (c) 2020 Jane Roe"]


def test_an_evaluated_model_says_scope_and_what_is_excluded() -> None:
    tree = {
        "pkg": 0,
        "children": [
            {"scope": 0, "children": [{"pkg": 1, "linkage": "DYNAMIC", "children": [{"pkg": 2}]}]},
            {"scope": 1, "children": [{"pkg": 3}]},
        ],
    }
    packages: list[dict[str, Any]] = [{"id": "NPM::a:1"}, {"id": "NPM::b:1", "is_excluded": True}, {"id": "NPM::c:1"}]

    inventory = inventory_of(a_model(*packages, dependency_trees=[tree]))

    assert edges_by_name(inventory) == [("ROOT", "a"), ("ROOT", "c"), ("a", "b")]
    assert [each.scope for each in inventory.components] == ["runtime", "excluded", "dev"]
    assert inventory.spec_version is None


def test_what_other_tools_of_ort_found_is_said_to_be_unread() -> None:
    parts = {"scanner": {"results": {"scan_results": []}}, "advisor": {}, "evaluator": None}
    document = json.loads(a_result({"id": "NPM::a:1"})) | parts

    assert warnings_of(json.dumps(document).encode()) == [
        ("section-ignored", "/advisor"),
        ("section-ignored", "/scanner/results"),
    ]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (b'{"repository": {}, "analyzer": null}', "/analyzer"),
        (a_result({"purl": "pkg:npm/a@1"}), "/analyzer/result/packages/0"),
        (a_result({"id": "NPM::a:1", "declared_licenses": {}}), "/analyzer/result/packages/0/declared_licenses"),
        (a_result(projects=[{"id": None}]), "/analyzer/result/projects/0/id"),
        (a_result(dependency_graphs={"NPM": {"edges": [{"from": 0}]}}), None),
        (a_model({"id": "NPM::a:1", "declared_licenses": [7]}), "/packages/1/declared_licenses"),
        (a_model({"id": "NPM::a:1", "is_project": "perhaps"}), "/packages/1/is_project"),
    ],
)
def test_what_could_change_the_outcome_refuses_the_document(document: bytes, pointer: str | None) -> None:
    refusal = refusal_of(document)

    assert refusal.kind == "breaks-specification"
    assert pointer is None or refusal.errors[0].pointer == pointer


def test_one_bad_field_costs_a_warning_and_not_the_document() -> None:
    document = a_result({"id": "NPM::a:1", "source_artifact": 7, "is_modified": "maybe"})

    pointer = "/analyzer/result/packages/0"
    assert sorted(warnings_of(document)) == [
        ("field-ignored", f"{pointer}/is_modified"),
        ("field-ignored", f"{pointer}/source_artifact"),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dependencies", "runtime"),
        ("compileClasspath", "runtime"),
        ("runtimeOnly", "runtime"),
        ("latestRelease", "runtime"),
        ("testRuntimeClasspath", "test"),
        ("debugAndroidTestCompileClasspath", "test"),
        ("devDependencies", "dev"),
        ("dev-dependencies", "dev"),
        ("build-dependencies", "build"),
        ("annotationProcessor", "build"),
        ("compileOnly", "excluded"),
        ("provided", "excluded"),
        ("optionalDependencies", "optional"),
        ("", "runtime"),
    ],
)
def test_names_of_scopes_are_the_words_of_package_managers(name: str, expected: str) -> None:
    assert scope_of(name) == expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("devDependencies", "devDependencies", True),
        ("test.*", "testCompile", True),
        ("test.*", "latestCompile", False),
        ("(test|androidTest).*", "androidTestImplementation", True),
        ("^.*Test.+$", "debugUnitTestCompile", True),
        (r"a\.b", "axb", False),
        ("compile|provided", "provided", True),
    ],
)
def test_simple_patterns_are_matched_whole(pattern: str, name: str, expected: bool) -> None:
    assert matches_any(name, readable_pattern(pattern) or []) is expected


@pytest.mark.parametrize("pattern", ["(a+)+$", "(?=x)y", "[a-z]*", r"\d+", "(a|(b|c))", "(a|b)(c|d)", "a{3}"])
def test_patterns_that_could_take_long_are_not_tried(pattern: str) -> None:
    assert readable_pattern(pattern) is None


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("examples/demo/package.json", "examples/**", True),
        ("examples/demo/package.json", "examples/*", False),
        ("a/b/build.gradle", "**/build.gradle", True),
        ("build.gradle", "**/build.gradle", True),
        ("sub/module/build.gradle", "sub/module/build.gradle", True),
        ("a/b", "a", False),
    ],
)
def test_paths_are_matched_folder_by_folder(path: str, pattern: str, expected: bool) -> None:
    assert path_matches(path, pattern) is expected


def test_a_graph_in_yaml_may_have_more_edges_than_a_list_of_an_element_has_entries() -> None:
    fourth = RESULT.replace(b"- from: 3", b"- from: 2\n          to: 3\n        - from: 3")

    assert fourth.count(b"- from:") == 4
    assert result_of(fourth, Limits(entries=3)).facts.buckets.components == 4
