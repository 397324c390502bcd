"""With the settings, one person asks for a policy to be active and another agrees; its free rules then judge releases.
One says that an obligation is fulfilled, and another verifies it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from standalone.bootstrap import create_app, migrate_all
from standalone.settings import Settings
from tests.support.sboms import a_cyclonedx

_KEY = "licet_" + "k" * 40
_POLICY = "/api/v1/policies/ours"


@pytest.fixture
async def ann(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A client of all four services in this process, where activation and verification take two people."""
    monkeypatch.setenv("LICET_POLICY_TWO_PEOPLE", "true")
    monkeypatch.setenv("LICET_VERIFICATION_TWO_PEOPLE", "true")
    migrate_all(tmp_path)
    app = create_app(Settings(data_dir=tmp_path), _KEY)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://licet", headers={"X-Api-Key": _KEY}) as client,
    ):
        yield client


async def _policy(ann: httpx.AsyncClient) -> dict[str, Any]:
    document: dict[str, Any] = (await ann.get("/api/v1/policies/default")).json()
    rule = {"name": "no-left-pad", "when": 'component.name == "left-pad" && graph.depth <= 1', "then": "deny"}
    test = {"license": "MIT", "context": "internal-saas", "component": {"name": "left-pad"}, "verdict": "deny"}
    return {**document, "name": "ours", "free_rules": [rule], "tests": [test]}


async def _bob(ann: httpx.AsyncClient, role: str) -> dict[str, str]:
    wanted = {"name": "bob", "roles": [role], "projects": ["*"]}
    return {"X-Api-Key": (await ann.post("/api/v1/keys", json=wanted)).json()["key"]}


async def _as_bob(ann: httpx.AsyncClient, path: str, **body: Any) -> httpx.Response:
    return await ann.post(path, json=body, headers=await _bob(ann, "policy-admin"))


async def _verdict(ann: httpx.AsyncClient, project: str) -> Any:
    query = {"project": project, "version": "1", "policy": "ours", "wait": "30"}
    return (await ann.post("/api/v1/sboms", params=query, content=a_cyclonedx({project: "MIT"}))).json()


async def test_a_policy_judges_once_a_second_person_agrees(ann: httpx.AsyncClient) -> None:
    published = await ann.put(_POLICY, json=await _policy(ann))
    waiting = await ann.get(_POLICY)
    again = await ann.post(f"{_POLICY}/activate", json={"version": 1})
    agreed = await _as_bob(ann, f"{_POLICY}/activate", version=1)

    assert (published.status_code, published.json()["active"]) == (201, False)
    assert len(published.json()["activation_asked_by"]) == 1
    assert (waiting.status_code, again.status_code) == (404, 409)
    assert (agreed.status_code, agreed.json()["active"], agreed.json()["activation_asked_by"]) == (200, True, [])
    denied, allowed = await _verdict(ann, "left-pad"), await _verdict(ann, "right-pad")
    assert (denied["gate"]["verdict"], allowed["gate"]["verdict"]) == ("fail", "pass")
    gate = (await ann.get(f"/api/v1/releases/{denied['release']['id']}/gate")).json()
    assert [each["rule"] for each in gate["findings"]] == ["rule/no-left-pad"]


async def test_an_activation_ends_what_was_asked_before(ann: httpx.AsyncClient) -> None:
    document = await _policy(ann)
    for _ in range(2):
        await ann.put(_POLICY, json=document)
    await _as_bob(ann, f"{_POLICY}/activate", version=2)

    first = await _as_bob(ann, f"{_POLICY}/activate", version=1)
    second = await ann.post(f"{_POLICY}/activate", json={"version": 1})

    assert (first.json()["active"], len(first.json()["activation_asked_by"])) == (False, 1)
    assert second.json()["active"] is True


async def test_a_faulty_free_rule_is_refused_with_its_place_and_the_old_version_stays(ann: httpx.AsyncClient) -> None:
    document = await _policy(ann)
    await ann.put(_POLICY, json=document)
    await _as_bob(ann, f"{_POLICY}/activate", version=1)
    document["free_rules"][0]["when"] = '["a"].exists(x, x == component.name)'

    refused = await ann.put(_POLICY, json=document)

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"].endswith("/free_rules/0/when")
    assert "line 1, column 7 of the expression: exists() is not taken" in error["message"]
    assert (await ann.get(_POLICY)).json()["version"] == 1


async def test_nobody_verifies_what_they_have_fulfilled_themselves(ann: httpx.AsyncClient) -> None:
    query = {"project": "source", "version": "1", "wait": "30"}
    release = (await ann.post("/api/v1/sboms", params=query, content=a_cyclonedx({"readline": "GPL-3.0-only"}))).json()
    path = f"/api/v1/releases/{release['release']['id']}/obligations"
    items = (await ann.get(path)).json()["items"]
    open_ = next(each for each in items if each["obligation"] == "source-with-binary")

    async def patched(item: dict[str, Any], headers: dict[str, str], **change: Any) -> httpx.Response:
        return await ann.patch(f"{path}/{item['id']}", json=change, headers={"If-Match": item["etag"], **headers})

    fulfilled = (await patched(open_, {}, status="fulfilled", evidence=["archive 7"])).json()
    own = await patched(fulfilled, {}, status="verified")
    other = await patched(fulfilled, await _bob(ann, "legal"), status="verified")

    assert (own.status_code, "somebody else has to" in own.json()["detail"]) == (409, True)
    assert (other.status_code, other.json()["status"]) == (200, "verified")
    assert other.json()["verified_by"] != other.json()["fulfilment_by"] == fulfilled["fulfilment_by"]


async def test_a_classification_changes_verdicts_once_a_second_person_agrees(ann: httpx.AsyncClient) -> None:
    path = "/api/v1/license-classifications"
    body = {"license": "MIT", "category": "strong-copyleft", "reason": "only for a test"}
    sbom, query = a_cyclonedx({"left-pad": "MIT"}), {"version": "1", "wait": "30"}

    made = (await ann.post(path, json=body)).json()
    twin = (await ann.post(path, json=body | {"category": "public-domain"})).json()
    before = (await ann.post("/api/v1/sboms", params={**query, "project": "before"}, content=sbom)).json()
    own = await ann.post(f"{path}/{made['id']}/approve")
    agreed = await _as_bob(ann, f"{path}/{made['id']}/approve")
    second = await _as_bob(ann, f"{path}/{twin['id']}/approve")
    after = (await ann.post("/api/v1/sboms", params={**query, "project": "after"}, content=sbom)).json()

    assert (made["state"], own.status_code) == ("proposed", 409)
    approvals = (await ann.get("/api/v1/audit", params={"action": f"POST {path}/{{decision_id}}/approve"})).json()[
        "items"
    ]
    trail = next(each for each in approvals if each["status"] == 200)
    assert (trail["before"], trail["reason"]) == ({"state": "proposed"}, "only for a test")
    assert trail["versions"]["policies"]["default"]["version"] == 1
    gate = (await ann.get(f"/api/v1/releases/{after['release']['id']}/gate")).json()
    facts = ("license_catalogue", "compatibility", "export_rules")
    assert {name: trail["versions"][name] for name in facts} == {name: gate["inputs"][name] for name in facts}
    assert (agreed.status_code, agreed.json()["state"]) == (200, "in-effect")
    assert (second.status_code, made["id"] in second.json()["detail"]) == (409, True)
    assert (before["gate"]["verdict"], after["gate"]["verdict"]) == ("pass", "fail")
