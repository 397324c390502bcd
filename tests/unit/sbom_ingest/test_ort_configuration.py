"""Curations, licence choices and scanner findings of an ORT result count as they do in ORT."""

import json
from typing import Any

import pytest

from shared.contracts.inventory import Component, Identifier, Party, StatedChoice
from tests.support.small_sboms import inventory_of, only_component, refusal_of, warnings_of

PLACE = "/resolved_configuration/package_curations"
A = {"id": "NPM:@acme:a:1.0", "declared_licenses": ["MIT"], "concluded_license": "ISC"}
ARTIFACT = {"source_artifact": {"url": "https://example.org/a.tgz", "hash": {"value": "0", "algorithm": "SHA-1"}}}
VCS = {"vcs_info": {"type": "Git", "url": "https://example.org/a.git", "revision": "main", "path": "lib"}}
AT_REVISION = {**VCS, "resolved_revision": "0123"}


def a_result(*packages: dict[str, Any], **members: Any) -> bytes:
    """A result of one project and these packages."""
    result = {"projects": [{"id": "NPM::shop:1"}], "packages": list(packages)}
    return json.dumps({"repository": {}, "analyzer": {"result": result}} | members).encode()


def curated(*curations: tuple[str, dict[str, Any]], package: dict[str, Any] = A) -> bytes:
    """A result of one package with curations of one provider, by the ids that they are for."""
    listed = [{"id": identifier, "curations": data} for identifier, data in curations]
    configuration = {"package_curations": [{"provider": {"id": "Dir"}, "curations": listed}]}
    return a_result(package, resolved_configuration=configuration)


def concluded(component: Component) -> list[tuple[str, str]]:
    return [(claim.value, claim.pointer) for claim in component.licenses if claim.origin == "concluded"]


def test_a_curated_conclusion_takes_the_place_of_the_packages_own() -> None:
    component = only_component(curated(("NPM:@acme:a:1.0", {"concluded_license": "Apache-2.0"})))

    assert concluded(component) == [("Apache-2.0", f"{PLACE}/0/curations/0/curations/concluded_license")]
    assert [claim.value for claim in component.licenses if claim.origin == "declared"] == ["MIT"]


@pytest.mark.parametrize(
    ("identifier", "applies"),
    [
        ("npm:@acme:a:1.0", True),
        ("NPM:@acme:a:", True),
        ("NPM:@acme:a", True),
        ("NPM:@acme::1.0", True),
        ("NPM:@other:a:1.0", False),
        ("NPM:@acme:b:1.0", False),
        ("NPM:@acme:a:1.1", False),
        ("Maven:@acme:a:1.0", False),
    ],
)
def test_a_curation_is_for_the_packages_that_ort_takes_it_for(identifier: str, applies: bool) -> None:
    component = only_component(curated((identifier, {"concluded_license": "Apache-2.0"})))

    assert [value for value, _ in concluded(component)] == ["Apache-2.0" if applies else "ISC"]


def test_of_two_curations_the_first_that_says_something_counts() -> None:
    component = only_component(
        curated(
            ("NPM:@acme:a:", {"comment": "a label"}),
            ("NPM:@acme:a:1.0", {"concluded_license": "Apache-2.0"}),
            ("NPM:@acme:a:1.0", {"concluded_license": "0BSD", "is_modified": True, **ARTIFACT}),
        )
    )

    assert [value for value, _ in concluded(component)] == ["Apache-2.0"]
    assert component.modified is True
    assert component.source_url == "https://example.org/a.tgz"


@pytest.mark.parametrize(
    ("versions", "version", "applies"),
    [
        ("[1.0,2.0]", "2.0", True),
        ("[1.0,2.0[", "2.0", False),
        ("[1.0,2.0[", "1.9.9", True),
        ("[1.0,2.0)", "2.0.0", False),
        ("]1.0,2.0]", "1.0", False),
        ("[1.0, 2.0]", "1.5", True),
        ("[1.10,)", "1.9", False),
        ("[1.10,)", "v1.10-rc1", True),
        ("(,2.0]", "0.1", True),
        ("(,2.0[", "2", False),
        ("1.0.+", "1.0.a", True),
        ("1.1+", "1.10", True),
        ("1.1+", "1.2", False),
        ("+", "none", True),
        ("latest.integration", "3.1", True),
        (">=1.0.0 <2.0.0", "1.5", True),
        (">= 1.0.0 < 2.0.0", "2.0", False),
        ("1.0.0 || =3.0.0", "3.0", True),
        ("[1.0,2.0]", "none", False),
        ("1.0+dfsg", "1.0+dfsg", True),
    ],
)
def test_a_curation_is_for_a_range_of_versions_as_ort_takes_it(versions: str, version: str, applies: bool) -> None:
    package = {**A, "id": f"NPM:@acme:a:{version}"}

    component = only_component(curated((f"NPM:@acme:a:{versions}", {"concluded_license": "0BSD"}), package=package))

    assert [value for value, _ in concluded(component)] == ["0BSD" if applies else "ISC"]


@pytest.mark.parametrize(
    "versions", ["[a,b]", "[1,2))", "[1.2.3,4.5.6", "[1.2.3.4,5.6.7.8]", "(,)", "~1.0", "1.x", "^1"]
)
def test_a_curation_for_versions_that_nobody_can_tell_is_not_applied_and_told(versions: str) -> None:
    document = curated((f"NPM:@acme:a:{versions}", {"concluded_license": "Apache-2.0"}))

    assert [value for value, _ in concluded(only_component(document))] == ["ISC"]
    assert warnings_of(document) == [("curation-ignored", f"{PLACE}/0/curations/0/id")]


def test_a_conclusion_that_is_no_text_refuses_the_document() -> None:
    refusal = refusal_of(curated(("NPM:@acme:a:1.0", {"concluded_license": ["MIT"]})))

    assert refusal.kind == "breaks-specification"


@pytest.mark.parametrize("older", [False, True])
def test_license_choices_are_told_with_the_package_that_they_are_for(older: bool) -> None:
    choices = {
        "repository_license_choices": [{"given": "GPL-2.0-only OR MIT", "choice": "MIT"}],
        "package_license_choices": [
            {"package_id": A["id"], "license_choices": [{"choice": "ISC"}]},
            {"package_id": "NPM::gone:1", "license_choices": [{"given": "A", "choice": "B"}]},
        ],
    }
    holder = {"license_choices": choices}
    members = {"repository": {"config": holder}} if older else {"resolved_configuration": holder}
    place = "/repository/config/license_choices" if older else "/resolved_configuration/license_choices"
    document = a_result(A, **members)

    assert inventory_of(document).choices == [
        StatedChoice("MIT", f"{place}/repository_license_choices/0", "GPL-2.0-only OR MIT"),
        StatedChoice("ISC", f"{place}/package_license_choices/0/license_choices/0", None, 0),
    ]
    assert warnings_of(document) == [("choice-ignored", f"{place}/package_license_choices/1/license_choices/0")]


def found(license_: str, path: str) -> dict[str, Any]:
    return {"license": license_, "location": {"path": path, "start_line": 1, "end_line": 2}}


def scanned(provenance: dict[str, Any], *, configurations: Any = ()) -> bytes:
    """A result of the package `a`, whose sources of this provenance were scanned."""
    summary = {
        "licenses": [found("MIT", "lib/a.js"), found("MIT", "lib/b.js"), found("GPL-2.0-only", "test/t.js")],
        "copyrights": [
            {"statement": "Copyright (c) Jane", "location": {"path": "lib/a.js"}},
            {"statement": "Copyright (c) Joe", "location": {"path": "test/t.js"}},
        ],
    }
    scan = {"provenance": provenance, "scanner": {"name": "ScanCode"}, "summary": summary}
    scanner = {
        "provenances": [
            {"id": A["id"], "package_provenance": provenance},
            {"id": "NPM::shop:1", "package_provenance": provenance},
            {"id": "NPM::gone:1", "package_provenance": None},
        ],
        "scan_results": [scan],
    }
    return a_result(A, scanner=scanner, resolved_configuration={"package_configurations": list(configurations)})


def observed(component: Component) -> list[tuple[str, str]]:
    return [(claim.value, claim.pointer) for claim in component.licenses if claim.origin == "observed"]


def test_what_was_found_in_an_artifact_is_observed_in_its_package() -> None:
    component = only_component(scanned(ARTIFACT))

    place = "/scanner/scan_results/0/summary/licenses"
    assert observed(component) == [("MIT", f"{place}/0/license"), ("GPL-2.0-only", f"{place}/2/license")]
    assert component.copyright == ["Copyright (c) Jane", "Copyright (c) Joe"]


def test_of_a_repository_only_the_folder_of_the_package_counts() -> None:
    component = only_component(scanned(AT_REVISION))

    assert [value for value, _ in observed(component)] == ["MIT"]
    assert component.copyright == ["Copyright (c) Jane"]


def test_excluded_files_and_corrected_findings_count_as_the_configuration_says() -> None:
    configuration = {
        "id": A["id"],
        "path_excludes": [{"pattern": "test/**", "reason": "TEST_OF"}],
        "license_finding_curations": [
            {"path": "lib/a.js", "detected_license": "MIT", "concluded_license": "NONE"},
            {"path": "**", "detected_license": "MIT", "concluded_license": "MIT-0"},
        ],
    }

    component = only_component(scanned(ARTIFACT, configurations=[configuration, {"id": "NPM::other:1"}]))

    assert observed(component) == [("MIT-0", "/scanner/scan_results/0/summary/licenses/1/license")]
    assert component.copyright == ["Copyright (c) Jane"]


def test_a_package_keeps_its_cpe_and_its_authors() -> None:
    component = only_component(a_result(A | {"cpe": "cpe:2.3:a:acme:a", "authors": ["Jane", "Joe", "Jane"]}))

    assert component.identifiers == (Identifier("cpe", "cpe:2.3:a:acme:a"),)
    assert component.parties == (Party("author", "Jane"), Party("author", "Joe"))
