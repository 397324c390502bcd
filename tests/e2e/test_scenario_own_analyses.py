"""An organisation says itself what a licence asks, and releases are judged by it from their next evaluation on."""

import time
from typing import Any

import httpx
import pytest

from tests.support.api import got, listed, new_key, problem, submitted
from tests.support.sboms import a_cyclonedx

_ANALYSES = "/api/v1/license-analyses"
_TEXT = {"obligation": "license-text", "clause": "§1", "trigger": ["source", "binary"]}
_SOURCE = {"obligation": "source-location", "clause": "§4", "trigger": ["binary"], "linkage": ["static"]}


@pytest.fixture
def license_id(project: str) -> str:
    """A licence of the organisation that this test has to itself."""
    return f"LicenseRef-{project}"


def _put(api: httpx.Client, license_id: str, *rows: dict[str, Any], **other: Any) -> dict[str, Any]:
    made = api.put(f"{_ANALYSES}/{license_id}", json={"obligations": rows, **other})
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    assert made.headers["location"] == f"{_ANALYSES}/{license_id}?version={shown['version']}"
    return shown


def _duties(api: httpx.Client, path: str, license_id: str) -> list[tuple[str, str | None]]:
    """The duties of the licence, once the gateway has heard that they are derived."""
    items = listed(api, path, wait="30")
    return [(each["obligation"], each["clause"]) for each in items if each["license"] == license_id]


def test_a_licence_of_ones_own_brings_its_duties_from_the_next_evaluation_on(
    api: httpx.Client, project: str, license_id: str
) -> None:
    body = a_cyclonedx({"engine": license_id})
    release = submitted(api, body, project)["release"]["id"]
    path = f"/api/v1/releases/{release}/obligations"
    before = _duties(api, path, license_id)

    made = _put(api, license_id, _TEXT, _SOURCE, note="as agreed with the vendor")
    asked = api.post("/api/v1/licenses/obligations", json={"license": license_id, "linkage": "static"}).json()
    later = submitted(api, body, project, "2")["release"]["id"]

    assert before == [("analyse-license", None)]
    assert (made["version"], made["withdrawn"], made["analysis"]["note"]) == (1, False, "as agreed with the vendor")
    assert [each["id"] for each in asked["obligations"]] == ["license-text", "source-location"]
    assert asked["questions"] == []
    assert _duties(api, f"/api/v1/releases/{later}/obligations", license_id) == [("license-text", "§1")]
    assert _duties(api, path, license_id) == before
    _evaluate_again(api, release)
    assert _duties(api, path, license_id) == [("license-text", "§1")]


def _evaluate_again(api: httpx.Client, release: str) -> None:
    """Ask for it, and wait until its obligations are derived: they are told by the event of the evaluation."""
    evaluation = api.post(f"/api/v1/releases/{release}/evaluations").json()["evaluation"]
    path = f"/api/v1/releases/{release}/obligations"
    deadline = time.monotonic() + 60
    while api.get(path, params={"evaluation": evaluation}).status_code != 200:
        assert time.monotonic() < deadline, "the obligations of the new evaluation were not derived"
        time.sleep(0.2)


def test_a_shipped_analysis_is_overridden_until_the_own_one_is_withdrawn(api: httpx.Client) -> None:
    shipped = got(api, "/api/v1/licenses/Xnet")

    _put(api, "Xnet", _TEXT, status="checked", checked_on="2026-11-27", analysed_by="A. Lawyer")
    own = got(api, "/api/v1/licenses/xnet")
    withdrawn = api.delete(f"{_ANALYSES}/Xnet")
    again = api.delete(f"{_ANALYSES}/Xnet")

    assert shipped["analysis"]["own_version"] is None
    assert own["analysis"] == {
        "status": "checked",
        "analysed_by": "A. Lawyer",
        "checked_on": "2026-11-27",
        "own_version": 1,
    }
    assert [each["clause"] for each in own["obligations"]] == ["§1"]
    assert (withdrawn.status_code, withdrawn.json()["withdrawn"]) == (200, True)
    problem(again, 409, "conflict")
    assert got(api, "/api/v1/licenses/Xnet") == shipped


def test_versions_are_kept_and_tell_who_made_them(api: httpx.Client, license_id: str) -> None:
    _put(api, license_id, _TEXT)
    _put(api, license_id, _TEXT, _SOURCE)

    versions = listed(api, f"{_ANALYSES}/{license_id}/versions", limit=1)
    first = got(api, f"{_ANALYSES}/{license_id}", version="1")
    newest = got(api, f"{_ANALYSES}/{license_id}")

    assert [each["version"] for each in versions] == [2, 1]
    assert (first, newest) == (versions[1], versions[0])
    assert all(each["created_by"] and each["created_at"] for each in versions)
    assert license_id in {each["license"] for each in listed(api, _ANALYSES)}
    assert got(api, f"/api/v1/licenses/{license_id}")["analysis"]["own_version"] == 2
    problem(api.get(f"{_ANALYSES}/{license_id}", params={"version": "3"}), 404, "not-found")


def test_what_is_wrong_is_named_with_its_place_and_nothing_is_stored(api: httpx.Client, license_id: str) -> None:
    unknown = api.put(f"{_ANALYSES}/{license_id}", json={"obligations": [_TEXT, _TEXT | {"obligation": "pay"}]})
    shape = api.put(f"{_ANALYSES}/{license_id}", json={"obligations": [_TEXT | {"trigger": ["post"]}]})
    deprecated = api.put(f"{_ANALYSES}/GPL-2.0", json={"obligations": [_TEXT]})
    nobody = api.put(f"{_ANALYSES}/Acme-1.0", json={"obligations": [_TEXT]})

    assert problem(unknown, 422, "invalid-input")["errors"][0]["pointer"] == "/obligations/1/obligation"
    assert problem(shape, 422, "invalid-input")["errors"][0]["pointer"].startswith("/obligations/")
    assert "GPL-2.0-only" in problem(deprecated, 422, "invalid-input")["errors"][0]["message"]
    problem(nobody, 422, "invalid-input")
    problem(api.get(f"{_ANALYSES}/{license_id}"), 404, "not-found")
    problem(api.get(f"/api/v1/licenses/{license_id}"), 404, "not-found")


def test_the_legal_department_writes_and_all_read(api: httpx.Client, license_id: str) -> None:
    reviewer, legal = (new_key(api, role)["key"] for role in ("reviewer", "legal"))

    with httpx.Client(base_url=api.base_url, headers={"X-Api-Key": reviewer}) as client:
        problem(client.put(f"{_ANALYSES}/{license_id}", json={"obligations": [_TEXT]}), 403, "forbidden")
        assert client.get(_ANALYSES).status_code == 200
    with httpx.Client(base_url=api.base_url, headers={"X-Api-Key": legal}) as client:
        assert _put(client, license_id, _TEXT)["version"] == 1
