"""What an officer files changes the verdict of the releases that it touches, by itself and of no other."""

import time
from typing import Any

import httpx

from tests.support.api import got, listed, new_key, problem, submitted
from tests.support.sboms import a_cyclonedx

_OPENSSL = {"type": "library", "bom-ref": "ssl", "name": "libssl3", "purl": "pkg:deb/debian/libssl3@3.0.15-1"}
_CURL = {"type": "library", "bom-ref": "curl", "name": "libcurl4", "purl": "pkg:deb/debian/libcurl4@7.88.1-10"}
_WAYS = [{"ref": "root", "dependsOn": ["curl"]}, {"ref": "curl", "dependsOn": ["ssl"]}]
_MASS = {"code": "5D992.c", "jurisdiction": "US", "method": "self", "by": "Erna", "date": "2026-01-15"}
_NOTE3 = {"retail": True, "user_can_change_crypto": False, "needs_supplier_support": False, "details_available": True}


def _released(api: httpx.Client, project: str, context: str = "proprietary-distributed", version: str = "1") -> str:
    document = a_cyclonedx({}, components=[_OPENSSL, _CURL], dependencies=_WAYS)
    release: str = submitted(api, document, project, version, context=context)["release"]["id"]
    return release


def _approved(api: httpx.Client, path: str, role: str, **body: Any) -> str:
    made = api.post(path, json=body)
    assert made.status_code == 201, made.text
    headers = {"X-Api-Key": new_key(api, role)["key"]}
    assert api.post(f"{path}/{made.json()['id']}/approve", headers=headers).status_code == 200
    id_: str = made.json()["id"]
    return id_


def _settled(api: httpx.Client) -> None:
    """Wait until every request to evaluate again is worked off."""
    until = time.monotonic() + 60
    while any(each["state"] != "done" for each in listed(api, "/api/v1/reevaluations")):
        assert time.monotonic() < until
        time.sleep(0.2)


def _evaluation(api: httpx.Client, release: str) -> str:
    found: str = got(api, f"/api/v1/releases/{release}/gate")["evaluation"]
    return found


def _rules(api: httpx.Client, release: str, **parameters: str) -> list[tuple[str, str, bool]]:
    findings = got(api, f"/api/v1/releases/{release}/gate", **parameters)["findings"]
    return [(each["rule"], each["severity"], bool(each["waived"])) for each in findings if each["kind"] == "export"]


def test_an_approved_classification_settles_the_project_s_releases_by_itself_and_its_end_asks_again(
    api: httpx.Client, project: str
) -> None:
    touched, elsewhere = _released(api, project), _released(api, f"{project}-other")
    internal = _released(api, project, "internal-saas", "2")
    before = [_evaluation(api, each) for each in (elsewhere, internal)]
    open_ = _rules(api, touched)

    assert api.post("/api/v1/export-statements", json={"project": project, "note3": _NOTE3}).status_code == 201
    id_ = _approved(api, "/api/v1/export-classifications", "export-officer", project=project, **_MASS)
    _settled(api)
    settled = _rules(api, touched)
    assert api.delete(f"/api/v1/export-classifications/{id_}").status_code == 200
    _settled(api)

    assert open_ == [("export/needs-classification", "hint", False)]
    assert settled == []
    assert _rules(api, touched) == open_
    assert [_evaluation(api, each) for each in (elsewhere, internal)] == before  # whose policy does not look at export


def test_a_notification_lets_a_public_release_out_by_itself(api: httpx.Client, project: str) -> None:
    crypto = {"kind": "implements", "functions": ["confidentiality"], "algorithms": ["our cipher"], "standard": False}
    statement = {"project": project, "published": True, "source_url": "https://example.org/a"}
    sent = {"type": "742.15(b)", "sent_at": "2026-01-02", "recipients": ["crypt@bis.doc.gov", "enc@nsa.gov"]}
    release = _released(api, project, "public-oss-eupl")
    before_crypto = api.post("/api/v1/notifications", json=sent | {"project": project}).json()

    api.post("/api/v1/export-statements", json=statement | {"crypto": crypto})
    _settled(api)
    asked = _rules(api, release)
    (told_of_none,) = listed(api, "/api/v1/notifications", project=project)
    api.post("/api/v1/notifications", json=sent | {"project": project})
    _settled(api)

    assert before_crypto["due_again"] == []
    assert asked == [("export/notification-first", "error", False)]
    assert told_of_none["due_again"] == ["the non-standard cryptography has changed"]
    assert _rules(api, release) == []


def test_a_waiver_of_an_officer_holds_for_the_destinations_that_are_asked_for(api: httpx.Client, project: str) -> None:
    release = _released(api, project)
    asked = got(api, f"/api/v1/releases/{release}/gate", destination="DE")
    waiver = {"project": project, "rule": "export/needs-classification", "reason": "risk-accepted"}

    _approved(api, "/api/v1/waivers", "export-officer", **waiver)
    waived = got(api, f"/api/v1/releases/{release}/gate", destination="DE")

    (error,) = [each for each in asked["findings"] if each["severity"] == "error" and each["kind"] == "export"]
    assert error["paths"] == [["libcurl4"], ["libcurl4", "libssl3"]]
    (excused,) = [each for each in waived["findings"] if each["fingerprint"] == error["fingerprint"]]
    assert excused["waived"]["reason"] == "risk-accepted"
    assert waived["counts"]["error"] == asked["counts"]["error"] - 1
    accept = {"Accept": "application/sarif+json"}
    sarif = api.get(f"/api/v1/releases/{release}/gate", params={"destination": "DE"}, headers=accept).json()
    (result,) = [each for each in sarif["runs"][0]["results"] if each["guid"] == excused["id"]]
    assert (result["ruleId"], result["suppressions"][0]["justification"]) == (waiver["rule"], "risk-accepted")
    assert result["partialFingerprints"] == {"licet/v1": error["fingerprint"]}


def test_a_group_of_countries_is_a_destination_and_one_that_does_not_exist_is_named(
    api: httpx.Client, project: str
) -> None:
    release = _released(api, project)

    embargoed = got(api, f"/api/v1/releases/{release}/export", destination="EU,E:2")
    unknown = api.get(f"/api/v1/releases/{release}/gate", params={"destination": "DE,E:9"})

    assert "for CU" in embargoed["verdicts"]["US"]["why"]
    assert "'E:9'" in problem(unknown, 422, "invalid-input")["detail"]


def test_dates_out_of_order_are_not_put_on_file(api: httpx.Client, project: str) -> None:
    for path, body, name in (
        ("/api/v1/notifications", {"type": "742.15(b)", "sent_at": "2999-01-01"}, "sent_at"),
        ("/api/v1/export-classifications", {"code": "5D002", "date": "2999-01-01"}, "date"),
        ("/api/v1/export-classifications", {"code": "5D002", "date": "2025-01-01", "list_version": "2026-01-01"},
         "list_version"),
        ("/api/v1/export-classifications", {"code": "5D992.a", "list_version": "2020-01-01"}, "code"),
    ):  # fmt: skip
        refused = problem(api.post(path, json=body | {"project": project}), 422, "invalid-input")
        assert name in refused["errors"][0]["pointer"], refused


def test_a_classification_that_contradicts_one_in_effect_is_refused_and_named(api: httpx.Client, project: str) -> None:
    path = "/api/v1/export-classifications"
    proposed = api.post(path, json=_MASS | {"project": project, "code": "EAR99"}).json()
    _approved(api, path, "export-officer", project=project, **_MASS)

    refused = api.post(path, json=_MASS | {"project": project, "code": "5D002"})
    headers = {"X-Api-Key": new_key(api, "export-officer")["key"]}
    late = api.post(f"{path}/{proposed['id']}/approve", headers=headers)
    later = api.post(path, json=_MASS | {"project": project, "code": "5D002", "date": "2026-02-01"})

    assert "5D002 contradicts 5D992.c" in problem(refused, 409, "conflict")["detail"]
    assert "EAR99 contradicts 5D992.c" in problem(late, 409, "conflict")["detail"]
    assert later.status_code == 201
    assert _released(api, project)
