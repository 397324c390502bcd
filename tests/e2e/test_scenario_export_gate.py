"""The gate of a release evaluates export for the destinations that it is asked for."""

from typing import Any

import httpx

from tests.support.api import got, new_key, problem, submitted
from tests.support.sboms import a_cyclonedx

_OPENSSL = {
    "type": "library",
    "bom-ref": "ssl",
    "name": "libssl3",
    "version": "3.0.15-1",
    "purl": "pkg:deb/debian/libssl3@3.0.15-1",
    "licenses": [{"license": {"id": "Apache-2.0"}}],
}


def _released(api: httpx.Client, project: str, context: str = "proprietary-distributed") -> str:
    document = a_cyclonedx({}, components=[_OPENSSL], dependencies=[{"ref": "root", "dependsOn": ["ssl"]}])
    release: str = submitted(api, document, project, context=context)["release"]["id"]
    return release


def _gate(api: httpx.Client, release: str, **parameters: str) -> dict[str, Any]:
    gate: dict[str, Any] = got(api, f"/api/v1/releases/{release}/gate", **parameters)
    return gate


def _export(gate: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in gate["findings"] if each["kind"] == "export"]


def _approved(api: httpx.Client, path: str, **body: Any) -> None:
    made = api.post(path, json=body)
    assert made.status_code == 201, made.text
    key = new_key(api, "export-officer")["key"]
    headers = {"X-Api-Key": key}
    assert api.post(f"{path}/{made.json()['id']}/approve", headers=headers).status_code == 200


def test_cryptography_without_a_classification_is_a_hint_until_a_destination_is_asked_for(
    api: httpx.Client, project: str
) -> None:
    release = _released(api, project)

    plain, asked = _gate(api, release), _gate(api, release, destination="DE,US")

    assert (plain["verdict"], asked["verdict"]) == ("pass", "fail")
    (hint,) = _export(plain)
    assert (hint["severity"], hint["rule"], hint["route"]) == ("hint", "export/needs-classification", "export")
    assert "pkg:deb/debian/libssl3@3.0.15-1" in hint["message"]
    error = asked["findings"][0]
    assert (error["severity"], error["rule"], error["kind"]) == ("error", "export/needs-classification", "export")
    assert asked["counts"]["error"] == plain["counts"]["error"] + 1
    assert error["how_to_fix"]


def test_packages_that_nobody_knows_are_silent_until_a_destination_is_asked_for(
    api: httpx.Client, project: str
) -> None:
    release = submitted(api, a_cyclonedx({"nobody-knows-it": "MIT"}), project)["release"]["id"]

    plain, asked = _gate(api, release), _gate(api, release, destination="DE")

    assert _export(plain) == []
    assert [each["rule"] for each in _export(asked)] == ["export/unclassified"]
    assert asked["verdict"] == "fail"


def test_a_public_release_with_standard_cryptography_passes_everywhere(api: httpx.Client, project: str) -> None:
    release = _released(api, project, "public-oss-eupl")

    gate = _gate(api, release, destination="worldwide-public")

    assert _export(gate) == []
    assert gate["verdict"] == "pass"


def test_what_nobody_knows_only_warns_of_a_public_release(api: httpx.Client, project: str) -> None:
    document = a_cyclonedx({"nobody-knows-it": "MIT"})
    release = submitted(api, document, project, context="public-oss-eupl")["release"]["id"]

    gate = _gate(api, release, destination="worldwide-public")

    assert [each["severity"] for each in _export(gate)] == ["warning"]


def test_an_approved_mass_market_classification_opens_all_but_embargoed_destinations(
    api: httpx.Client, project: str
) -> None:
    release = _released(api, project)
    note3 = {
        "retail": True,
        "user_can_change_crypto": False,
        "needs_supplier_support": False,
        "details_available": True,
    }
    assert api.post("/api/v1/export-statements", json={"project": project, "note3": note3}).status_code == 201
    facts = {"code": "5D992.c", "jurisdiction": "US", "method": "self", "by": "Erna", "date": "2026-01-15"}
    _approved(api, "/api/v1/export-classifications", project=project, **facts)

    allowed, embargoed = _gate(api, release, destination="US,CN"), _gate(api, release, destination="DE,IR")

    assert allowed["verdict"] == "pass"
    assert embargoed["verdict"] == "fail"
    assert "for IR" in embargoed["findings"][0]["message"]


def test_non_standard_cryptography_of_a_public_release_waits_for_its_mail(api: httpx.Client, project: str) -> None:
    crypto = {"kind": "implements", "functions": ["confidentiality"], "algorithms": ["our cipher"], "standard": False}
    statement = {"project": project, "published": True, "source_url": "https://example.org/a", "crypto": crypto}
    api.post("/api/v1/export-statements", json=statement)
    release = _released(api, project, "public-oss-eupl")
    before = _gate(api, release)

    sent = {
        "project": project,
        "type": "742.15(b)",
        "sent_at": "2026-01-02",
        "recipients": ["crypt@bis.doc.gov", "enc@nsa.gov"],
        "evidence": ["mail.eml"],
    }
    api.post("/api/v1/notifications", json=sent)
    again = api.post(f"/api/v1/releases/{release}/evaluations").json()["evaluation"]
    after = _gate(api, release, evaluation=again)
    api.post("/api/v1/export-statements", json=statement | {"source_url": "https://example.org/b"})
    moved = _gate(api, release, destination="worldwide-public")

    assert [each["rule"] for each in _export(before)] == ["export/notification-first"]
    assert before["verdict"] == "fail"
    assert (_export(after), after["verdict"]) == ([], "pass")
    assert moved["verdict"] == "fail"


def test_a_destination_that_does_not_exist_is_refused_by_name(api: httpx.Client, project: str) -> None:
    release = _released(api, project)

    refused = api.get(f"/api/v1/releases/{release}/gate", params={"destination": "DE,QQ"})

    assert "QQ" in problem(refused, 422, "invalid-input")["detail"]
