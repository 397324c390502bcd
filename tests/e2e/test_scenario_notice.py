"""The NOTICE of a release: complete, the same for the same inputs, and honest about being a draft."""

import base64
import hashlib
import io
import json
import time
import zipfile
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.support.api import got, listed, new_key, problem, submitted
from tests.support.sboms import a_cyclonedx

_DRAFT = a_cyclonedx({"left-pad": "MIT", "readline": "GPL-3.0-only"})
_FINAL = a_cyclonedx({"left-pad": "MIT"})


def test_the_notice_names_every_component_with_copyright_and_complete_license_text(
    api: httpx.Client, project: str
) -> None:
    upload = submitted(api, _DRAFT, project)

    notice = api.get(f"/api/v1/releases/{upload['release']['id']}/notice", params={"format": "text"})
    assert notice.headers["content-type"] == "text/plain; charset=utf-8"
    for expected in (
        "left-pad",
        "Copyright 2020 the authors of left-pad",
        "THE SOFTWARE IS PROVIDED",  # the end of MIT
        "How to Apply These Terms to Your New Programs",  # the end of GPL-3.0
    ):
        assert expected.casefold() in notice.text.casefold()


def test_the_notice_has_a_digest_a_file_name_and_an_etag_that_saves_the_second_download(
    api: httpx.Client, project: str
) -> None:
    path = f"/api/v1/releases/{submitted(api, _DRAFT, project)['release']['id']}/notice"

    first = api.get(path)
    again = api.get(path, headers={"If-None-Match": first.headers["etag"]})
    other = api.get(path, headers={"If-None-Match": '"something-else"'})

    digest = base64.b64encode(hashlib.sha256(first.content).digest()).decode()
    assert first.headers["digest"] == f"sha-256={digest}"
    assert first.headers["content-disposition"].startswith("attachment; filename=")
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert (other.status_code, other.content) == (200, first.content)


def test_a_notice_with_open_points_is_a_draft_and_refused_where_a_final_one_is_required(
    api: httpx.Client, project: str
) -> None:
    path = f"/api/v1/releases/{submitted(api, _DRAFT, project)['release']['id']}/notice"

    assert api.get(path).headers["x-notice-status"] == "draft"
    refusal = problem(api.get(path, params={"require": "final"}), 409, "conflict")
    assert any("GPL-3.0-only" in each["message"] for each in refusal["errors"])


def test_a_notice_without_open_points_is_final(api: httpx.Client, project: str) -> None:
    path = f"/api/v1/releases/{submitted(api, _FINAL, project)['release']['id']}/notice"

    notice = api.get(path, params={"require": "final"})
    assert (notice.status_code, notice.headers["x-notice-status"]) == (200, "final")


def test_the_notice_as_json_lists_components_and_texts(api: httpx.Client, project: str) -> None:
    upload = submitted(api, _FINAL, project, "3.1")

    notice = got(api, f"/api/v1/releases/{upload['release']['id']}/notice", format="json")
    assert (notice["status"], notice["project"], notice["version"]) == ("final", project, "3.1")
    [component] = notice["components"]
    assert (component["name"], component["license"]) == ("left-pad", "MIT")
    assert [each["id"] for each in notice["texts"]] == component["texts"]
    assert notice["open_points"] == []


def test_an_unknown_format_is_refused_with_the_known_ones(api: httpx.Client, project: str) -> None:
    path = f"/api/v1/releases/{submitted(api, _FINAL, project)['release']['id']}/notice"

    refusal = problem(api.get(path, params={"format": "tattoo"}), 422, "invalid-input")
    assert refusal["errors"][0]["pointer"] == "format"


def test_a_project_with_a_slash_in_its_name_has_stable_addresses(api: httpx.Client, project: str) -> None:
    name, version = f"org/{project} é", "1.0/rc 1"
    upload = submitted(api, _FINAL, name, version)

    path = f"/api/v1/projects/{quote(name, safe='')}/releases/{quote(version, safe='')}"
    assert got(api, path)["id"] == upload["release"]["id"]
    assert api.get(f"{path}/notice").content == api.get(f"/api/v1/releases/{upload['release']['id']}/notice").content


def test_the_same_inputs_give_the_same_notice(api: httpx.Client, project: str) -> None:
    path = f"/api/v1/releases/{submitted(api, _DRAFT, project)['release']['id']}/notice"
    before = api.get(path)

    submitted(api, _FINAL, project)
    submitted(api, _DRAFT, project)

    after = api.get(path)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])


_STARTS = {"markdown": "# Third-party notices of ", "html": "<!doctype html>"}


@pytest.mark.parametrize("format_", _STARTS)
@pytest.mark.parametrize("group", ["component", "license"])
def test_the_notice_comes_in_more_forms_and_groupings(
    api: httpx.Client, project: str, format_: str, group: str
) -> None:
    path = f"/api/v1/releases/{submitted(api, _DRAFT, project)['release']['id']}/notice"

    notice = api.get(path, params={"format": format_, "group": group})
    again = api.get(path, params={"format": format_, "group": group}, headers={"If-None-Match": notice.headers["etag"]})

    assert (notice.status_code, notice.headers["content-type"]) == (200, f"text/{format_}; charset=utf-8")
    assert notice.text.startswith(_STARTS[format_])
    assert "left-pad" in notice.text
    assert notice.headers["etag"] == f'"{hashlib.sha256(notice.content).hexdigest()}"'
    assert again.status_code == 304


def test_the_checks_say_what_they_saw(api: httpx.Client, project: str) -> None:
    release = submitted(api, _DRAFT, project)["release"]["id"]

    told = got(api, f"/api/v1/releases/{release}/notice/checks")

    assert told["status"] == "draft"
    assert [each["number"] for each in told["checks"]] == list(range(1, 16))
    failed = [each["number"] for each in told["checks"] if each["result"] == "failed"]
    assert 11 in failed


def test_the_sources_to_give_are_listed_as_json_and_csv(api: httpx.Client, project: str) -> None:
    release = submitted(api, a_cyclonedx({"left-pad": "MIT", "=1+1": "GPL-3.0-only"}), project)["release"]["id"]
    path = f"/api/v1/releases/{release}/sources"

    [source] = got(api, path)["items"]
    table = api.get(path, params={"format": "csv"})

    assert (source["name"], source["scope"], source["source"]) == ("=1+1", "whole-work", None)
    assert "source-with-binary" in source["obligations"]
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.text.splitlines()[1].startswith('"\'=1+1"')


def test_a_product_notice_covers_several_releases(api: httpx.Client, project: str) -> None:
    first = submitted(api, _DRAFT, project, "1")["release"]["id"]
    second = submitted(api, a_cyclonedx({"left-pad": "MIT", "glob": "ISC"}), project, "2")["release"]["id"]

    made = api.post("/api/v1/notices", json={"releases": [first, second]})
    turned = api.post("/api/v1/notices", json={"releases": [second, first]})

    assert made.status_code == 200, made.text
    assert turned.content == made.content
    assert [each["name"] for each in made.json()["components"]] == ["glob", "left-pad", "readline"]
    ids = {each["id"] for each in made.json()["texts"]}
    assert all(set(each["texts"]) <= ids for each in made.json()["components"])
    assert made.headers["x-notice-status"] == "draft"
    grouped = api.post(
        "/api/v1/notices", params={"format": "text", "group": "license"}, json={"releases": [first, second]}
    )
    assert "--- ISC (1) ---" in grouped.text
    problem(api.post("/api/v1/notices", params={"group": "colour"}, json={"releases": [first]}), 422, "invalid-input")


def test_a_product_notice_shows_no_release_that_the_caller_may_not_see(api: httpx.Client, project: str) -> None:
    release = submitted(api, _DRAFT, project)["release"]["id"]
    stranger = {"X-Api-Key": new_key(api, "viewer", projects="other-*")["key"]}

    problem(api.post("/api/v1/notices", json={"releases": [release]}, headers=stranger), 404, "not-found")
    problem(api.post("/api/v1/notices", json={"releases": []}), 422, "invalid-input")


@pytest.mark.parametrize(
    "format_", ["cyclonedx-json", "spdx-json", "spdx-yaml", "spdx-xml", "spdx-rdf", "spdx-tag-value"]
)
def test_the_enriched_sbom_can_be_sent_again_and_says_the_same(api: httpx.Client, project: str, format_: str) -> None:
    first = submitted(api, _DRAFT, project, "1")["release"]["id"]
    enriched = api.get(f"/api/v1/releases/{first}/sbom", params={"format": format_})
    again = submitted(api, enriched.content, f"{project}-again", "1")["release"]["id"]

    assert enriched.headers["content-disposition"].startswith("attachment; filename=")
    assert enriched.headers["etag"] == f'"{hashlib.sha256(enriched.content).hexdigest()}"'
    said, repeated = (
        {
            (each["name"], each["effective_license"], tuple(each["copyright"]))
            for each in listed(api, f"/api/v1/releases/{release}/components")
            if each["name"] in ("left-pad", "readline")
        }
        for release in (first, again)
    )
    assert said == repeated


def test_an_unknown_form_of_the_sbom_is_refused(api: httpx.Client, project: str) -> None:
    path = f"/api/v1/releases/{submitted(api, _FINAL, project)['release']['id']}/sbom"

    problem(api.get(path, params={"format": "swid"}), 422, "invalid-input")


def test_what_an_sbom_leaves_out_can_be_handed_in(api: httpx.Client, project: str) -> None:
    release = submitted(api, a_cyclonedx({"curl": "curl"}), project)["release"]["id"]
    path, key = f"/api/v1/releases/{release}", {"name": "curl"}
    listed_component = listed(api, f"{path}/components")[0]
    given = {"purl": listed_component["purl"], **key} if listed_component["purl"] else key
    text = (
        "COPYRIGHT AND PERMISSION NOTICE\n\nCopyright (c) 1996 - 2026, Daniel Stenberg\n\n" + "Permission to use. " * 60
    )
    bundle = {"components": [{**given, "license_texts": [{"license": "curl", "text": text}]}]}
    assert got(api, f"{path}/notice", format="json")["status"] == "draft"

    answer = api.post(f"{path}/attributions", json=bundle)

    assert answer.status_code == 202, answer.text
    evaluation = answer.json()["evaluation"]
    notice = eventually(api, f"{path}/notice", evaluation)
    assert notice["status"] == "final"
    assert text in [each["text"] for each in notice["texts"]]
    later = submitted(api, a_cyclonedx({"curl": "curl", "glob": "ISC"}), project, "2")["release"]["id"]
    assert text in [each["text"] for each in got(api, f"/api/v1/releases/{later}/notice", format="json")["texts"]]


def test_a_text_that_was_handed_in_holds_for_the_same_file_in_other_projects(api: httpx.Client, project: str) -> None:
    sbom = json.loads(a_cyclonedx({"curl": "curl"}))
    sbom["components"][0]["hashes"] = [{"alg": "SHA-256", "content": hashlib.sha256(project.encode()).hexdigest()}]
    first = submitted(api, json.dumps(sbom).encode(), project)["release"]["id"]
    [named] = listed(api, f"/api/v1/releases/{first}/components")
    text = "COPYRIGHT AND PERMISSION NOTICE\n\nCopyright (c) Stenberg\n\n" + "Permission to use. " * 60
    bundle = {
        "components": [
            {"name": "curl", "version": named["version"], "license_texts": [{"license": "curl", "text": text}]}
        ]
    }
    member = {"X-Api-Key": new_key(api, "release-manager", projects=project)["key"]}

    by_member = api.post(f"/api/v1/releases/{first}/attributions", json=bundle, headers=member)
    by_all = api.post(f"/api/v1/releases/{first}/attributions", params={"wait": "60"}, json=bundle)
    at_once = got(api, f"/api/v1/releases/{first}/notice", format="json")
    other = submitted(api, json.dumps(sbom).encode(), f"{project}-other")["release"]["id"]

    assert (by_member.status_code, by_all.status_code) == (202, 200), by_member.text + by_all.text
    assert text in [each["text"] for each in at_once["texts"]]
    assert (by_member.json()["archived"], by_all.json()["archived"]) == (0, 1)
    assert text in [each["text"] for each in got(api, f"/api/v1/releases/{other}/notice", format="json")["texts"]]


def test_an_archive_of_license_files_is_handed_in_for_a_package(api: httpx.Client, project: str) -> None:
    sbom = json.loads(a_cyclonedx({"curl": "curl"}))
    sbom["components"][0]["purl"] = "pkg:generic/curl@1"
    release = submitted(api, json.dumps(sbom).encode(), project)["release"]["id"]
    path = f"/api/v1/releases/{release}"
    purl = "pkg:generic/curl@1"
    text = "COPYRIGHT AND PERMISSION NOTICE\n\nCopyright (c) Stenberg\n\n" + "Permission to use. " * 60
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("COPYING", text)
        archive.writestr("README", "no licence")

    answer = api.post(f"{path}/attributions", params={"purl": purl}, content=written.getvalue())

    assert answer.status_code == 202, answer.text
    assert [each["file"] for each in answer.json()["unused"]] == ["README"]
    notice = eventually(api, f"{path}/notice", answer.json()["evaluation"])
    assert text in [each["text"] for each in notice["texts"]]


def test_an_attribution_for_nobody_is_refused(api: httpx.Client, project: str) -> None:
    path = f"/api/v1/releases/{submitted(api, _FINAL, project)['release']['id']}/attributions"

    refusal = problem(api.post(path, json={"components": [{"copyright": ["(c) x"]}]}), 422, "invalid-input")
    assert [each["pointer"] for each in refusal["errors"]] == ["/components/0"]


def eventually(api: httpx.Client, path: str, evaluation: str) -> dict[str, Any]:
    """The NOTICE of the evaluation, once it is there."""
    for _ in range(100):
        answer = api.get(path, params={"format": "json", "evaluation": evaluation})
        if answer.status_code == 200:
            return dict(answer.json())
        time.sleep(0.1)
    raise AssertionError(answer.text)
