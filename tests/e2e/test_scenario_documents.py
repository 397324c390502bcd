"""Documents: sent in every form, sent again, superseded, put together from parts."""

import base64
import gzip
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import zstandard

from tests.support.api import got, listed, problem, submitted
from tests.support.sboms import a_component, a_cyclonedx, an_spdx

_BODY = a_cyclonedx({"left-pad": "MIT"})
_OTHER = a_cyclonedx({"right-pad": "MIT"})


def _names(api: httpx.Client, release: str) -> list[str]:
    return sorted(each["name"] for each in listed(api, f"/api/v1/releases/{release}/components"))


def _evaluations(api: httpx.Client, release: str) -> list[str]:
    return [each["evaluation"] for each in listed(api, f"/api/v1/releases/{release}/evaluations")]


def test_the_same_bytes_again_are_a_replay_with_the_same_ids_and_no_new_evaluation(
    api: httpx.Client, project: str
) -> None:
    first = submitted(api, _BODY, project)

    answer = api.post("/api/v1/sboms", params={"project": project, "version": "1"}, content=_BODY)

    again = answer.json()
    assert (answer.status_code, again["replayed"]) == (200, True)
    assert again["release"] == first["release"]
    assert again["document"] == first["document"]
    assert again["gate"] == first["gate"]
    assert len(_evaluations(api, first["release"]["id"])) == 1


def test_the_same_bytes_for_another_context_are_evaluated_anew(api: httpx.Client, project: str) -> None:
    body = a_cyclonedx({"readline": "GPL-3.0-only"})
    first = submitted(api, body, project)

    second = submitted(api, body, project, context="internal-saas")

    assert (first["gate"]["verdict"], second["gate"]["verdict"]) == ("fail", "pass")
    assert second["replayed"] is False
    assert second["document"]["id"] == first["document"]["id"]
    assert second["release"]["id"] == first["release"]["id"]
    assert got(api, f"/api/v1/releases/{second['release']['id']}")["context"] == "internal-saas"
    assert len(_evaluations(api, first["release"]["id"])) == 2


def test_an_earlier_evaluation_can_still_be_looked_at(api: httpx.Client, project: str) -> None:
    body = a_cyclonedx({"readline": "GPL-3.0-only"})
    release = submitted(api, body, project)["release"]["id"]
    submitted(api, body, project, context="internal-saas")

    newest, oldest = _evaluations(api, release)
    assert got(api, f"/api/v1/releases/{release}/gate", evaluation=oldest)["verdict"] == "fail"
    assert got(api, f"/api/v1/releases/{release}/gate", evaluation=newest)["verdict"] == "pass"
    problem(api.get(f"/api/v1/releases/{release}/gate", params={"evaluation": release}), 404, "not-found")


def test_a_newer_document_supersedes_and_older_bytes_become_current_again(api: httpx.Client, project: str) -> None:
    first = submitted(api, _BODY, project)
    release = first["release"]["id"]

    submitted(api, _OTHER, project)
    assert _names(api, release) == ["right-pad"]
    again = submitted(api, _BODY, project)

    assert again["replayed"] is False
    assert again["document"]["id"] == first["document"]["id"]
    assert _names(api, release) == ["left-pad"]
    assert got(api, f"/api/v1/releases/{release}")["evaluations"] == 3


def test_a_release_is_the_union_of_its_parts_and_each_is_superseded_alone(api: httpx.Client, project: str) -> None:
    submitted(api, a_cyclonedx({"react": "MIT"}), project, part="frontend")
    both = submitted(api, a_cyclonedx({"readline": "GPL-3.0-only"}), project, part="backend")
    release = both["release"]["id"]

    assert _names(api, release) == ["react", "readline"]
    assert both["gate"]["verdict"] == "fail"

    submitted(api, a_cyclonedx({"flask": "BSD-3-Clause"}), project, part="backend")

    shown = got(api, f"/api/v1/releases/{release}")
    assert [each["part"] for each in shown["documents"]] == ["backend", "frontend"]
    assert shown["document"] == shown["documents"][0]
    assert shown["gate"]["verdict"] == "pass"
    assert _names(api, release) == ["flask", "react"]


def test_parts_that_are_sent_at_once_all_count(api: httpx.Client, project: str) -> None:
    names = [f"part-{number}" for number in range(4)]

    with ThreadPoolExecutor(len(names)) as pool:
        sent = list(pool.map(lambda name: _post(api, project, a_cyclonedx({name: "MIT"}), part=name), names))

    assert [each.status_code for each in sent] == [202] * len(names)
    release = sent[0].json()["release"]["id"]
    got(api, f"/api/v1/releases/{release}/obligations", wait="60")
    assert _names(api, release) == names


def test_the_same_document_sent_by_many_at_once_is_one_document(api: httpx.Client, project: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: _post(api, project, _BODY), range(30)))

    assert {each.status_code for each in sent} <= {200, 202}
    assert len({each.json()["document"]["id"] for each in sent}) == 1
    release = sent[0].json()["release"]["id"]
    got(api, f"/api/v1/releases/{release}/gate", wait="60")
    assert len(_evaluations(api, release)) == 1


def test_project_and_version_default_to_the_root_of_the_document(api: httpx.Client, project: str) -> None:
    body = a_cyclonedx({"left-pad": "MIT"}, root=project, version="7.7")

    answer = api.post("/api/v1/sboms", params={"wait": "60"}, content=body)

    release = answer.json()["release"]
    assert (answer.status_code, release["project"], release["version"]) == (200, project, "7.7")


@pytest.mark.parametrize(
    ("body", "missing"),
    [(a_cyclonedx(root="a-root", version=None), "version"), (a_cyclonedx(root=None), "project")],
    ids=["a root without version", "no root"],
)
def test_a_name_that_is_given_nowhere_is_asked_for(api: httpx.Client, body: bytes, missing: str) -> None:
    refusal = problem(api.post("/api/v1/sboms", content=body), 422, "invalid-input")

    assert refusal["errors"][0]["pointer"] == missing


@pytest.mark.parametrize("part_name", ["sbom", "bom"])
def test_a_form_carries_document_and_names(api: httpx.Client, project: str, part_name: str) -> None:
    fields = {"project": project, "version": "1", "wait": "60"}

    answer = api.post("/api/v1/sboms", data=fields, files={part_name: ("bom.json", _BODY, "application/json")})

    assert answer.status_code == 200, answer.text
    assert answer.json()["release"]["project"] == project
    assert answer.json()["document"]["sha256"] == hashlib.sha256(_BODY).hexdigest()


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_compressed_body_is_the_document_inside(api: httpx.Client, project: str, encoding: str) -> None:
    packed = gzip.compress(_BODY) if encoding == "gzip" else zstandard.compress(_BODY)
    query = {"project": project, "version": "1", "wait": "60"}

    answer = api.post("/api/v1/sboms", params=query, content=packed, headers={"Content-Encoding": encoding})

    assert answer.status_code == 200, answer.text
    document = answer.json()["document"]
    assert document["sha256"] == hashlib.sha256(_BODY).hexdigest()
    assert api.get(f"/api/v1/sboms/{document['id']}/raw").content == _BODY


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_raw_bytes_come_back_unchanged_with_their_digest(api: httpx.Client, project: str, encoding: str) -> None:
    body = _BODY.decode().encode(encoding)
    document = submitted(api, body, project)["document"]
    path = f"/api/v1/sboms/{document['id']}/raw"

    answer = api.get(path)
    again = api.get(path, headers={"If-None-Match": answer.headers["ETag"]})

    digest = hashlib.sha256(body)
    assert (answer.content, answer.headers["ETag"]) == (body, f'"{digest.hexdigest()}"')
    assert answer.headers["Digest"] == f"sha-256={base64.b64encode(digest.digest()).decode()}"
    assert (answer.headers["Content-Length"], answer.headers["Content-Type"]) == (
        str(len(body)),
        "application/octet-stream",
    )
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])


def test_an_spdx_document_is_recognised_by_its_content_alone(api: httpx.Client, project: str) -> None:
    upload = submitted(api, an_spdx({"left-pad": "MIT"}), project)

    document = upload["document"]
    assert (document["format"], document["spec_version"], document["serialization"]) == ("spdx", "2.3", "json")
    assert "left-pad" in _names(api, upload["release"]["id"])
    assert document["tool"] == ["by-hand-1.0"]


def test_every_element_is_counted_as_component_duplicate_or_ignored(api: httpx.Client, project: str) -> None:
    nested = a_component("outer", "MIT", components=[a_component("inner", "MIT", **{"bom-ref": "inner"})])
    twin = a_component("twin", "MIT", **{"bom-ref": "twin-1"}), a_component("twin", "MIT", **{"bom-ref": "twin-2"})
    nameless = {"type": "library", "name": "", "version": "1.0"}
    body = json.loads(_BODY) | {"components": [nested, *twin, nameless], "dependencies": []}

    upload = submitted(api, json.dumps(body).encode(), project)

    assert upload["document"]["buckets"] == {"elements": 5, "components": 3, "duplicates": 1, "ignored": 1}
    components = listed(api, f"/api/v1/releases/{upload['release']['id']}/components")
    assert {each["name"]: each["occurrences"] for each in components} == {"inner": 1, "outer": 1, "twin": 2}
    [ignored] = listed(api, f"/api/v1/sboms/{upload['document']['id']}/ignored")
    assert ignored["pointer"] == "/components/3"


def test_what_was_wrong_with_an_accepted_document_is_told_as_warnings(api: httpx.Client, project: str) -> None:
    upload = submitted(api, a_cyclonedx({"left-pad": "Who knows"}), project)

    [warning] = upload["document"]["warnings"]
    assert warning["pointer"] == "/components/0/licenses/0/expression"
    assert listed(api, f"/api/v1/sboms/{upload['document']['id']}/warnings") == [warning]
    shown = got(api, f"/api/v1/sboms/{upload['document']['id']}")
    assert shown | {"release": None} == upload["document"] | {"release": None}


def _post(api: httpx.Client, project: str, body: bytes, **parameters: str) -> httpx.Response:
    return api.post("/api/v1/sboms", params={"project": project, "version": "1"} | parameters, content=body)
