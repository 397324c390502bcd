"""Decisions come in from files of the OSS Review Toolkit and go out as such files, without loss."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import yaml

from tests.support.api import got, listed, new_key, problem, submitted
from tests.support.sboms import a_cyclonedx


@contextmanager
def _person(api: httpx.Client, projects: str, *roles: str) -> Iterator[httpx.Client]:
    key = new_key(api, *roles, projects=projects)["key"]
    with httpx.Client(base_url=api.base_url, headers={"X-Api-Key": key}, timeout=60) as client:
        yield client


def _taken(client: httpx.Client, path: str, text: str, **query: str) -> dict[str, Any]:
    answer = client.post(f"{path}/import", content=text, params=query)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


def _given(client: httpx.Client, path: str, project: str) -> str:
    answer = client.get(path, params={"format": "ort", "project": project})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/yaml")
    return answer.text


def _of(project: str, written: str) -> list[Any]:
    """The entries about packages of this project, among those that hold everywhere."""
    return [
        each for each in yaml.safe_load(written) if project in each["id"].split(":")[1:3] or f"@{project}" in each["id"]
    ]


def test_curations_of_ort_judge_releases_and_survive_the_way_out_and_in_again(api: httpx.Client, project: str) -> None:
    path, other = "/api/v1/curations", f"other-{project}"
    text = f"""\
- id: "NPM::{project}"
  curations:
    comment: "seen in COPYING"
    declared_license_mapping: {{"Terms of {project}": "MIT", "Copyright A": "NONE"}}
- id: "NPM:@{project}:core:[1.0.0,2.0.0["
  curations: {{comment: "all of 1", concluded_license: "zlib OR mit", vcs: {{type: Git}}}}
- id: "NPM::{project}-wrong"
  curations: {{concluded_license: "whatever it takes"}}
- id: "NPM::{project}-strange:1.+"
  curations: {{concluded_license: MIT}}
"""
    with _person(api, project, "reviewer") as ours, _person(api, other, "reviewer") as theirs:
        report = _taken(ours, path, text)
        again = _taken(ours, path, text)
        out = _given(ours, path, project)
        there = _taken(theirs, path, yaml.safe_dump(_of(project, out)))
        out_there = _given(theirs, path, other)

    assert [(each["line"], each["id"]) for each in report["recorded"]] == [
        (1, f"NPM::{project}"),
        (5, f"NPM:@{project}:core:[1.0.0,2.0.0["),
    ]
    assert [each["line"] for each in report["refused"]] == [7, 9]
    assert report["ignored"] == [{"line": 5, "id": f"NPM:@{project}:core:[1.0.0,2.0.0[", "fields": ["vcs"]}]
    assert (again["recorded"], again["unchanged"]) == ([], 2)
    assert (len(there["recorded"]), there["refused"]) == (2, [])
    document = _of(project, out)
    assert _of(project, out_there) == document
    assert document[1]["id"] == f"NPM:@{project}:core:[1.0.0,2.0.0["
    comment = document[1]["curations"].pop("comment")
    assert document[1]["curations"] == {"concluded_license": "Zlib OR MIT"}
    assert comment.startswith("all of 1\n\nAuthor: key:")

    release = submitted(api, a_cyclonedx({project: f"Terms of {project}"}), project)
    (component,) = listed(api, f"/api/v1/releases/{release['release']['id']}/components")
    assert (release["gate"]["verdict"], component["license"]) == ("pass", "MIT")
    trace = got(api, f"/api/v1/releases/{release['release']['id']}/explain", name=project)["items"][0]["trace"]
    assert f"curation {report['recorded'][0]['decision']}" in [each["source"] for each in trace]


def test_classifications_of_ort_put_licences_in_categories(api: httpx.Client, project: str) -> None:
    path = "/api/v1/license-classifications"
    text = f"""\
categories: [{{name: "permissive"}}, {{name: "copyleft"}}]
categorizations:
- id: "LicenseRef-{project}"
  categories: ["permissive"]
- id: "LicenseRef-{project}-strong"
  categories: ["copyleft"]
"""
    with _person(api, project, "legal") as legal:
        first = _taken(legal, path, text)
        second = _taken(legal, path, text, category="copyleft:strong-copyleft")
        out = _given(legal, path, project)
        back = _taken(legal, path, out)
        body = {"license": f"LicenseRef-{project}", "category": "proprietary", "reason": "seen"}
        clash = legal.post(path, json=body)
        wrong = legal.post(path, json={**body, "category": "copyleft"})

    release = submitted(api, a_cyclonedx({project: f"LicenseRef-{project}"}), project)
    assert ([each["line"] for each in first["refused"]], len(first["recorded"])) == ([5], 1)
    assert (len(second["recorded"]), second["unchanged"]) == (1, 1)
    assert ([each for each in back["recorded"] if project in each["id"]], back["refused"]) == ([], [])
    assert back["unchanged"] >= 2
    assert release["gate"]["verdict"] == "pass"
    problem(clash, 409, "conflict")
    assert problem(wrong, 422, "invalid-input")["errors"][0]["pointer"] == "/category"


def test_choices_of_ort_hold_in_the_project_that_is_named(api: httpx.Client, project: str) -> None:
    path = "/api/v1/license-choices"
    text = f"""\
excludes: {{}}
license_choices:
  repository_license_choices:
  - {{given: "MIT OR Zlib", choice: "Zlib"}}
  - {{given: "MIT OR Zlib", choice: "ISC"}}
  package_license_choices:
  - package_id: "NPM::{project}-lib:1.0.0"
    license_choices: [{{given: "MIT OR ISC", choice: "ISC"}}]
"""
    with _person(api, project, "reviewer") as reviewer:
        report = _taken(reviewer, path, text, project=project)
        out = _given(reviewer, path, project)
        back = _taken(reviewer, path, out, project=project)

    release = submitted(api, a_cyclonedx({project: "MIT OR Zlib"}), project)["release"]["id"]
    assert ([each["line"] for each in report["recorded"]], [each["line"] for each in report["refused"]]) == (
        [4, 8],
        [5],
    )
    assert ([each for each in back["recorded"] if project in each["id"]], back["refused"]) == ([], [])
    assert back["unchanged"] >= 2
    assert listed(api, f"/api/v1/releases/{release}/components")[0]["effective_license"] == "Zlib"


def test_what_is_no_file_of_ort_is_refused_with_its_place(api: httpx.Client) -> None:
    refusal = problem(api.post("/api/v1/curations/import", content="- id: [\n"), 422, "invalid-input")
    too_many = "".join(f"- {{id: 'NPM::a{number}', curations: {{}}}}\n" for number in range(1001))

    assert refusal["errors"][0]["pointer"].startswith("line 2")
    assert (
        problem(api.post("/api/v1/curations/import", content=too_many), 413, "over-limit")["limit"] == "imported-rows"
    )
    problem(api.post("/api/v1/curations/import?project=a", content=""), 422, "invalid-input")
    problem(api.post("/api/v1/curations/import", content=b"\xff"), 422, "invalid-input")
    problem(api.get("/api/v1/waivers", params={"format": "ort"}), 422, "invalid-input")
    problem(api.post("/api/v1/license-classifications/import?category=a", content="{}"), 422, "invalid-input")
