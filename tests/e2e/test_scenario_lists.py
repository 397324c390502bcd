"""Lists come in pages of the same envelope."""

import httpx
import pytest

from tests.support.api import got, listed, problem, submitted
from tests.support.sboms import a_cyclonedx

_FIVE = a_cyclonedx({f"lib-{number}": "GPL-3.0-only" for number in range(5)})


@pytest.mark.parametrize("what", ["components", "findings", "obligations", "evaluations"])
def test_the_pages_of_a_list_together_are_the_list(api: httpx.Client, project: str, what: str) -> None:
    release = submitted(api, _FIVE, project)["release"]["id"]
    submitted(api, _FIVE, project, context="public-oss-eupl")
    path = f"/api/v1/releases/{release}/{what}"

    in_pages = listed(api, path, limit=1)

    assert in_pages == listed(api, path)
    assert len(in_pages) > 1


def test_releases_are_listed_the_newest_first_and_filtered(api: httpx.Client, project: str) -> None:
    for version, license_ in (("1", "MIT"), ("2", "GPL-3.0-only"), ("3", "MIT")):
        submitted(api, a_cyclonedx({"lib": license_}), project, version)

    in_pages = listed(api, "/api/v1/releases", limit=2, project=project)

    assert [each["version"] for each in in_pages] == ["3", "2", "1"]
    assert [each["gate"] for each in in_pages] == [{"verdict": "pass"}, {"verdict": "fail"}, {"verdict": "pass"}]
    assert [each["version"] for each in listed(api, "/api/v1/releases", project=project, verdict="fail")] == ["2"]
    assert [each["version"] for each in listed(api, "/api/v1/releases", project=project, version="3")] == ["3"]
    assert listed(api, "/api/v1/releases", project=f"{project}-unknown") == []


def test_releases_are_found_by_what_they_ship(api: httpx.Client, project: str) -> None:
    for version, name in (("1", f"{project}-lib"), ("2", "other"), ("3", f"{project}-lib")):
        submitted(api, a_cyclonedx({name: "MIT"}), project, version)
    purl = f"pkg:npm/{project}-lib"

    def found(**parameters: str) -> list[str]:
        return [each["version"] for each in listed(api, "/api/v1/releases", **parameters)]

    assert found(purl=purl) == found(purl=f"{purl}@1.0.0") == ["3", "1"]
    assert found(purl=purl, version_range="vers:npm/>=1.0.0|<2.0.0", project=project) == ["3", "1"]
    assert found(purl=purl, version_range="vers:npm/>1.0.0") == found(purl=f"{purl}@2.0.0") == []
    assert found(license="MIT", project=project) == ["3", "2", "1"]
    problem(api.get("/api/v1/releases", params={"purl": "lib"}), 422, "invalid-input")


def test_two_releases_are_compared(api: httpx.Client, project: str) -> None:
    base = submitted(api, a_cyclonedx({"stays": "MIT", "goes": "Zlib"}), project, "1")["release"]["id"]
    release = submitted(api, a_cyclonedx({"stays": "MIT", "comes": "GPL-3.0-only"}), project, "2")["release"]["id"]

    diff = got(api, f"/api/v1/releases/{release}/diff", base=base)

    assert [each["name"] for each in diff["components"]["added"]] == ["comes"]
    assert [each["name"] for each in diff["components"]["removed"]] == ["goes"]
    assert diff["components"]["changed"] == []
    assert diff["licenses"] == {"added": ["GPL-3.0-only"], "removed": ["Zlib"]}
    assert [each["subject"]["name"] for each in diff["findings"]["added"]] == ["comes"]
    assert {each["license"] for each in diff["obligations"]["added"]} == {"GPL-3.0-only"}
    assert {each["license"] for each in diff["obligations"]["removed"]} <= {"Zlib"}
    assert diff["truncated"] == {}


def test_two_equal_releases_have_no_difference(api: httpx.Client, project: str) -> None:
    components = {"a": "MIT", "b": "GPL-3.0-only", "c": "Apache-2.0"}
    base = submitted(api, a_cyclonedx(components), project, "1")["release"]["id"]
    release = submitted(api, a_cyclonedx(components), project, "2")["release"]["id"]

    diff = got(api, f"/api/v1/releases/{release}/diff", base=base)

    nothing = {"added": [], "removed": [], "changed": []}
    assert diff["components"] == diff["obligations"] == nothing
    assert diff["licenses"] == {"added": [], "removed": []}
    assert diff["findings"] == {"added": [], "removed": [], "unchanged": 1}


def test_another_cause_of_a_known_obligation_is_a_change(api: httpx.Client, project: str) -> None:
    base = submitted(api, a_cyclonedx({"stays": "MIT", "goes": "MIT"}), project, "1")["release"]["id"]
    release = submitted(api, a_cyclonedx({"stays": "MIT", "comes": "MIT"}), project, "2")["release"]["id"]

    obligations = got(api, f"/api/v1/releases/{release}/diff", base=base)["obligations"]

    assert obligations["added"] == obligations["removed"] == []
    assert obligations["changed"]
    for each in obligations["changed"]:
        assert [one["name"] for one in each["components_added"]] == ["comes"]
        assert [one["name"] for one in each["components_removed"]] == ["goes"]


def test_projects_are_listed_with_the_number_of_their_releases(api: httpx.Client, project: str) -> None:
    submitted(api, a_cyclonedx(), project, "1")
    submitted(api, a_cyclonedx(), project, "2")

    projects = listed(api, "/api/v1/projects", limit=3)

    assert {"name": project, "releases": 2} in projects
    assert [each["name"] for each in projects] == sorted(each["name"] for each in projects)


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "many"), ("page_token", "not-ours")])
@pytest.mark.parametrize("what", ["releases", "components", "obligations"])
def test_a_page_that_cannot_be_is_refused(api: httpx.Client, project: str, what: str, name: str, value: str) -> None:
    release = submitted(api, a_cyclonedx(), project)["release"]["id"]
    path = "/api/v1/releases" if what == "releases" else f"/api/v1/releases/{release}/{what}"

    problem(api.get(path, params={name: value}), 422, "invalid-input")


def test_a_limit_above_the_largest_is_cut(api: httpx.Client, project: str) -> None:
    release = submitted(api, _FIVE, project)["release"]["id"]

    assert len(got(api, f"/api/v1/releases/{release}/components", limit="100000")["items"]) == 5
