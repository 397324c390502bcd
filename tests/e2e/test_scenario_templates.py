"""A project's own header and templates of its notices."""

import httpx

from tests.e2e.test_scenario_notice import eventually
from tests.support.api import got, new_key, problem, submitted
from tests.support.sboms import a_cyclonedx

_SBOM = a_cyclonedx({"left-pad": "MIT"})
_TEMPLATES = "/api/v1/notice-templates"


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
    assert "Example suite" in api.get(path).text
    assert "Example suite" not in before


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
