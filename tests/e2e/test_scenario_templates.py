"""A project's own header and templates of its notices."""

import httpx

from tests.e2e.test_scenario_notice import eventually
from tests.support.api import got, new_key, problem, submitted
from tests.support.sboms import a_component, a_cyclonedx

_SBOM = a_cyclonedx({"left-pad": "MIT"})
_TEMPLATES = "/api/v1/notice-templates"
_NAMES = "{% for each in components %}{{ each.name }} {% endfor %}"
_FOR_DEVELOPMENT = {"name": "cdx:npm:package:development", "value": "true"}


def test_a_notice_is_printed_by_the_newest_template_or_by_the_one_that_is_asked_for(
    api: httpx.Client, project: str
) -> None:
    path = f"/api/v1/releases/{submitted(api, _SBOM, project)['release']['id']}/notice"
    for source in ("first: {{ project }}", "second: {% for each in components %}{{ each.name }}{% endfor %}"):
        stored = api.put(f"{_TEMPLATES}/text", params={"project": project}, content=source)
        assert stored.status_code == 201, stored.text

    newest = api.get(path, params={"format": "text", "template": "latest"})
    first = api.get(path, params={"format": "text", "template": "1"})

    assert (newest.text, first.text) == ("second: left-pad", f"first: {project}")
    assert newest.headers["etag"] != first.headers["etag"]
    known = {"If-None-Match": newest.headers["etag"]}
    assert api.get(path, params={"format": "text", "template": "latest"}, headers=known).status_code == 304
    assert [each["version"] for each in got(api, _TEMPLATES, project=project)["items"]] == [1, 2]
    assert api.get(f"{_TEMPLATES}/text", params={"project": project}).text.startswith("second")
    problem(api.get(path, params={"format": "html", "template": "latest"}), 404, "not-found")
    problem(api.get(path, params={"format": "json", "template": "latest"}), 422, "invalid-input")


def test_a_broken_template_is_refused_with_its_line_and_not_stored(api: httpx.Client, project: str) -> None:
    refusal = problem(
        api.put(f"{_TEMPLATES}/html", params={"project": project}, content="a\n{{ nobody }}"), 422, "invalid-input"
    )

    assert [each["pointer"] for each in refusal["errors"]] == ["line 2"]
    assert got(api, _TEMPLATES, project=project)["items"] == []
    problem(api.put(f"{_TEMPLATES}/tattoo", params={"project": project}, content="a"), 422, "invalid-input")
    problem(api.put(f"{_TEMPLATES}/html", content="a"), 422, "invalid-input")


def test_the_header_of_a_project_stands_in_its_notices_from_the_next_evaluation_on(
    api: httpx.Client, project: str
) -> None:
    release = submitted(api, _SBOM, project)["release"]["id"]
    path = f"/api/v1/releases/{release}/notice"
    before = api.get(path).text
    api.put(f"{_TEMPLATES}/header", params={"project": project}, content="Part of the Example suite").raise_for_status()

    evaluation = api.post(f"/api/v1/releases/{release}/evaluations").json()["evaluation"]

    assert eventually(api, path, evaluation)["header"] == "Part of the Example suite"
    assert "Example suite" in api.get(path, params={"wait": "30"}).text
    assert "Example suite" not in before


def test_components_of_scopes_that_are_delivered_too_are_listed_on_request(api: httpx.Client, project: str) -> None:
    tester = a_component("tester", "GPL-3.0-only", properties=[_FOR_DEVELOPMENT])
    sbom = a_cyclonedx({"left-pad": "MIT"}, components=[a_component("left-pad", "MIT"), tester])
    path = f"/api/v1/releases/{submitted(api, sbom, project)['release']['id']}/notice"
    api.put(f"{_TEMPLATES}/text", params={"project": project}, content=_NAMES).raise_for_status()

    without, more = (api.get(path, params={"format": "json", **asked}) for asked in ({}, {"include": "test,dev"}))

    assert [each["name"] for each in without.json()["components"]] == ["left-pad"]
    assert [each["name"] for each in more.json()["components"]] == ["left-pad", "tester"]
    assert (more.json()["included_scopes"], more.headers["x-notice-status"]) == (["dev", "test"], "draft")
    assert {each["license"] for each in more.json()["texts"]} == {"MIT", "GPL-3.0-only"}
    assert more.headers["etag"] == api.get(path, params={"format": "json", "include": "dev,test"}).headers["etag"]
    assert api.get(path, params={"include": "dev", "template": "latest"}).text == "left-pad tester "
    problem(api.get(path, params={"include": "dev", "require": "final"}), 409, "conflict")
    problem(api.get(path, params={"include": "runtime"}), 422, "invalid-input")


def test_a_notice_over_releases_has_the_header_and_template_of_the_product_it_is_called_after(
    api: httpx.Client, project: str
) -> None:
    releases = [submitted(api, a_cyclonedx({name: "MIT"}), project, name)["release"]["id"] for name in ("a", "b")]
    for kind, source in (("text", _NAMES), ("header", "Part of the Example suite")):
        api.put(f"{_TEMPLATES}/{kind}", params={"project": project}, content=source).raise_for_status()
    asked = {"format": "text", "template": "latest"}

    printed = api.post("/api/v1/notices", params=asked, json={"releases": releases})

    assert printed.text == "a b "
    assert api.post("/api/v1/notices", json={"releases": releases}).json()["header"] == "Part of the Example suite"
    problem(api.post("/api/v1/notices", params=asked, json={"releases": releases, "project": "x"}), 404, "not-found")


def test_templates_of_other_projects_are_out_of_reach(api: httpx.Client, project: str) -> None:
    stranger = {"X-Api-Key": new_key(api, "release-manager", projects="other-*")["key"]}

    for answer in (
        api.put(f"{_TEMPLATES}/text", params={"project": project}, content="x", headers=stranger),
        api.get(f"{_TEMPLATES}/text", params={"project": project}, headers=stranger),
        api.get(_TEMPLATES, params={"project": project}, headers=stranger),
    ):
        problem(answer, 404, "not-found")


def test_without_a_key_nothing_is_signed(api: httpx.Client, project: str) -> None:
    release = submitted(api, _SBOM, project)["release"]["id"]

    problem(api.get(f"/api/v1/releases/{release}/notice/signature"), 404, "not-found")
    problem(api.get("/api/v1/notice-key"), 404, "not-found")
