"""An organisation publishes its own policy, and releases are judged by it."""

from typing import Any

import httpx
import pytest
import yaml

from tests.support.api import new_key, problem

_POLICIES = "/api/v1/policies"


@pytest.fixture
def name(project: str) -> str:
    """The name of a policy that this test has to itself."""
    return f"policy-of-{project}"


def _default(api: httpx.Client) -> dict[str, Any]:
    shown = api.get(f"{_POLICIES}/default?version=1")
    assert shown.status_code == 200, shown.text
    document: dict[str, Any] = shown.json()
    return document | {"name": None}


def _denying_mit(api: httpx.Client, name: str) -> dict[str, Any]:
    document = _default(api) | {"name": name}
    document["rules"]["permissive"] = dict.fromkeys(document["contexts"], "deny")
    return document


def _published(api: httpx.Client, document: dict[str, Any], **query: str) -> dict[str, Any]:
    made = api.put(f"{_POLICIES}/{document['name']}", json=document, params=query)
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    return shown


def _upload(api: httpx.Client, project: str, policy: str) -> str:
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [
            {"type": "library", "name": "a", "version": "1", "licenses": [{"license": {"id": "MIT"}}]},
        ],
    }
    query = {"project": project, "version": "1.0", "policy": policy}
    sent = api.post("/api/v1/sboms", params=query, json=document)
    assert sent.status_code in (200, 201, 202), sent.text
    release: str = sent.json()["release"]["id"]
    return release


def _gate(api: httpx.Client, release: str) -> dict[str, Any]:
    answer = api.get(f"/api/v1/releases/{release}/gate", params={"wait": "30"})
    assert answer.status_code == 200, answer.text
    gate: dict[str, Any] = answer.json()
    return gate


def test_a_release_is_judged_by_the_active_version_and_an_old_gate_stays(
    api: httpx.Client, project: str, name: str
) -> None:
    _published(api, _denying_mit(api, name))
    release = _upload(api, project, name)
    first = _gate(api, release)

    second = _published(api, _default(api) | {"name": name})
    api.post(f"/api/v1/releases/{release}/evaluations")
    now = _gate(api, release)
    evaluations = api.get(f"/api/v1/releases/{release}/evaluations").json()["items"]
    then = api.get(f"/api/v1/releases/{release}/gate", params={"evaluation": evaluations[-1]["evaluation"]}).json()

    assert (first["verdict"], first["policy"]) == ("fail", {"name": name, "version": 1})
    assert now["policy"] == {"name": name, "version": 2}
    assert now["verdict"] != "fail"
    assert (second["version"], second["active"]) == (2, True)
    assert then == first


def test_a_file_keeps_its_words_and_is_shown_as_yaml_and_json(api: httpx.Client, name: str) -> None:
    shipped = api.get(f"{_POLICIES}/default?version=1", headers={"Accept": "application/yaml"})
    text = shipped.text.replace("name: default", f"name: {name}  # ours")

    made = api.put(f"{_POLICIES}/{name}", content=text, headers={"Content-Type": "application/yaml"})
    again = api.put(f"{_POLICIES}/{name}", content=text, params={"activate": "false"})
    second = api.get(f"{_POLICIES}/{name}?version=2", headers={"Accept": "application/yaml"})
    active = api.get(f"{_POLICIES}/{name}")

    assert made.status_code == again.status_code == 201, made.text
    assert "# ours" in second.text
    assert yaml.safe_load(second.text)["version"] == 2
    assert (active.json()["name"], active.json()["version"]) == (name, 1)
    assert active.headers["etag"] == f'"{made.json()["sha256"]}"'
    problem(api.get(f"{_POLICIES}/{name}?version=3"), 404, "not-found")


def test_versions_tell_who_made_them_and_any_of_them_can_be_activated(api: httpx.Client, name: str) -> None:
    document = _default(api) | {"name": name}
    _published(api, document)
    _published(api, document)

    back = api.post(f"{_POLICIES}/{name}/activate", json={"version": 1})
    again = api.post(f"{_POLICIES}/{name}/activate", json={"version": 1})
    missing = api.post(f"{_POLICIES}/{name}/activate", json={"version": 9})
    versions = api.get(f"{_POLICIES}/{name}/versions").json()["items"]

    assert back.json()["active"] is True
    problem(again, 409, "conflict")
    problem(missing, 404, "not-found")
    assert [(each["version"], each["active"]) for each in versions] == [(2, False), (1, True)]
    assert all(each["created_by"] and each["created_at"] for each in versions)


def test_shipped_policies_are_the_first_versions_of_their_names(api: httpx.Client) -> None:
    listed = {each["name"]: each for each in api.get(_POLICIES, params={"limit": 1000}).json()["items"]}

    assert {"default", "procurement"} <= listed.keys()
    assert (listed["procurement"]["version"], listed["procurement"]["created_by"]) == (1, None)


def test_only_policy_admins_write_and_all_read(api: httpx.Client, name: str) -> None:
    document = _default(api) | {"name": name}
    viewer, admin = (new_key(api, role)["key"] for role in ("viewer", "policy-admin"))

    with httpx.Client(base_url=api.base_url, headers={"X-Api-Key": viewer}) as client:
        problem(client.put(f"{_POLICIES}/{name}", json=document), 403, "forbidden")
        assert client.get(f"{_POLICIES}/procurement").status_code == 200
    with httpx.Client(base_url=api.base_url, headers={"X-Api-Key": admin}) as client:
        assert _published(client, document)["version"] == 1


def test_an_upload_that_names_no_policy_of_ours_says_so_in_its_stage(api: httpx.Client, project: str) -> None:
    release = _upload(api, project, "nobody-made-this")

    failed = api.get(f"/api/v1/releases/{release}/gate", params={"wait": "30"})

    assert "There is no policy 'nobody-made-this'" in str(problem(failed, 409, "conflict"))


def test_a_refused_file_names_its_places_and_the_old_version_stays(api: httpx.Client, name: str) -> None:
    shipped = api.get(f"{_POLICIES}/default?version=1", headers={"Accept": "application/yaml"}).text
    good = shipped.replace("name: default", f"name: {name}")
    api.put(f"{_POLICIES}/{name}", content=good)

    bad = api.put(f"{_POLICIES}/{name}", content=good.replace("then: deny", "then: denny"))
    failing = f"{good}\ntests: [{{license: MIT, context: internal-saas, verdict: deny}}]\n"
    untested = api.put(f"{_POLICIES}/{name}", content=failing)
    asked = api.post(f"{_POLICIES}/validate", content=failing)
    nonsense = api.post(f"{_POLICIES}/validate", content="- just\n- a list\n")

    (error, *_) = problem(bad, 422, "invalid-input")["errors"]
    assert error["pointer"].startswith("line ")
    assert "/rules/" in error["pointer"]
    assert "expects deny and gets allow" in problem(untested, 422, "invalid-input")["errors"][0]["message"]
    assert asked.status_code == 200
    assert (asked.json()["valid"], asked.json()["tests"][0]["got"]) == (False, "allow")
    problem(nonsense, 422, "invalid-input")
    assert len(api.get(f"{_POLICIES}/{name}/versions").json()["items"]) == 1


def test_a_dry_run_says_what_would_change_and_changes_nothing(api: httpx.Client, project: str, name: str) -> None:
    _published(api, _default(api) | {"name": name})
    release = _upload(api, project, name)
    before = _gate(api, release)

    strict = api.post(f"{_POLICIES}/{name}/dry-run", json=_denying_mit(api, name))
    same = api.post(f"{_POLICIES}/{name}/dry-run", json=_default(api) | {"name": name})
    with _of_project(api, "another") as client:
        hidden = client.post(f"{_POLICIES}/{name}/dry-run", json=_denying_mit(api, name))
    bad = api.post(f"{_POLICIES}/{name}/dry-run", json={"name": name})

    assert strict.status_code == 200, strict.text
    (change,) = strict.json()["items"]
    assert (change["release"], change["verdict"], change["would_be"]) == (release, before["verdict"], "fail")
    assert (change["findings_added"], change["findings_removed"]) == (1, 0)
    assert (same.json()["examined"], same.json()["items"]) == (1, [])
    assert (hidden.json()["examined"], hidden.json()["items"]) == (0, [])
    problem(bad, 422, "invalid-input")
    assert _gate(api, release) == before


def _of_project(api: httpx.Client, pattern: str) -> httpx.Client:
    key = new_key(api, "policy-admin", projects=pattern)["key"]
    return httpx.Client(base_url=api.base_url, headers={"X-Api-Key": key})


def test_the_schema_of_policy_files_is_there_for_editors(api: httpx.Client) -> None:
    schema = api.get(f"{_POLICIES}/schema")

    assert schema.status_code == 200
    assert schema.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
