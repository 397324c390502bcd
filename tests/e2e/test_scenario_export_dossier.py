"""The export dossier of a release in its forms, the public page, and the annual report."""

import csv
import io

import httpx
import pytest

from tests.support.api import got, new_key, problem, submitted
from tests.support.sboms import a_cyclonedx

_HOSTILE = "<script>alert(1)</script> | `x` [a](javascript:b)"
_OPENSSL = {"type": "library", "bom-ref": "ssl", "name": "libssl3", "purl": "pkg:deb/debian/libssl3@3.0.15-1"}
_STRANGE = {"type": "library", "bom-ref": "strange", "name": _HOSTILE}
_DEPENDENCIES = [{"ref": "root", "dependsOn": ["ssl", "strange"]}]


@pytest.fixture
def release(api: httpx.Client, project: str) -> str:
    document = a_cyclonedx({}, components=[_OPENSSL, _STRANGE], dependencies=_DEPENDENCIES)
    id_: str = submitted(api, document, project)["release"]["id"]
    return id_


def _classified(api: httpx.Client, project: str, **facts: str) -> None:
    body = {"project": project, "code": "5D992.c", "jurisdiction": "US", "method": "self", "date": "2026-01-15"} | facts
    made = api.post("/api/v1/export-classifications", json=body)
    assert made.status_code == 201, made.text
    headers = {"X-Api-Key": new_key(api, "export-officer")["key"]}
    path = f"/api/v1/export-classifications/{made.json()['id']}/approve"
    assert api.post(path, headers=headers).status_code == 200


def test_a_dossier_tells_what_an_officer_signs(api: httpx.Client, project: str, release: str) -> None:
    _classified(api, project, basis="740.17(b)(3)(i)")

    dossier = got(api, f"/api/v1/releases/{release}/export", destination="DE,IR")

    assert dossier["destinations"] == ["DE", "IR"]
    assert dossier["verdicts"]["US"]["verdict"] == "licence-required"
    assert "for IR" in dossier["verdicts"]["US"]["why"]
    assert [each["code"] for each in dossier["classifications"]] == ["5D992.c"]
    assert [each["name"] for each in dossier["unknown"]] == [_HOSTILE]
    assert "pkg:deb/debian/libssl3@3.0.15-1" in dossier["crypto_notice"]
    assert any("licence or authorisation" in each for each in dossier["open_points"])
    assert "5 years" in dossier["retention"]
    (row,) = dossier["self_classification"]
    assert (row["PRODUCT NAME"], row["ECCN"], row["AUTHORIZATION TYPE"]) == (project, "5D992.c", "MMKT")
    assert dossier["block_release"] is True


@pytest.mark.parametrize(
    ("format_", "type_", "alive"), [("markdown", "text/markdown", "](javascript"), ("html", "text/html", "<script>")]
)
def test_a_dossier_is_a_page_on_which_foreign_text_stays_text(
    api: httpx.Client, release: str, format_: str, type_: str, alive: str
) -> None:
    answer = api.get(f"/api/v1/releases/{release}/export", params={"format": format_})

    assert answer.headers["content-type"].startswith(type_)
    assert "libssl3" in answer.text
    assert alive not in answer.text


def test_a_project_has_a_page_for_the_public(api: httpx.Client, project: str, release: str) -> None:
    statement = {"project": project, "published": True, "source_url": "https://example.org/code"}
    api.post("/api/v1/export-statements", json=statement)

    page = api.get(f"/api/v1/projects/{project}/releases/1/export-page")

    assert page.status_code == 200
    assert "https://example.org/code" in page.text
    assert (
        f"<td>{project}</td><td>1</td><td>unclassified</td><td>unclassified</td>" in page.text
    )  # one of its packages is not known
    assert "<script>" not in page.text
    assert all(each not in page.text for each in ("knowledge-base", "Missing"))
    assert got(api, f"/api/v1/projects/{project}/releases/1/export")["release"]["id"] == release


def test_the_annual_report_has_a_row_for_each_self_classified_product(api: httpx.Client, project: str) -> None:
    row = {"model": "=1+1", "manufacturer": "SELF", "item_type": "Other, and more", "email": "x@example.org"}
    api.post("/api/v1/export-statements", json={"project": project, "report": row})
    _classified(api, project, basis="740.17(b)(3)(i)")
    _classified(api, f"{project}-freed")  # of the mass market, which is not reported since 2021

    answer = api.get("/api/v1/export-reports/self-classification", params={"year": 2026})
    other_year = api.get("/api/v1/export-reports/self-classification", params={"year": 2025})

    rows = [each for each in csv.DictReader(io.StringIO(answer.text)) if each["PRODUCT NAME"] == project]
    assert len(rows) == 1
    assert f"{project}-freed" not in answer.text
    assert rows[0]["MODEL NUMBER"] == "'=1+1"
    assert rows[0]["ITEM TYPE"] == "Other and more"
    assert rows[0]["AUTHORIZATION TYPE"] == "MMKT"
    assert rows[0]["TELEPHONE NUMBER"] == "N/A"
    assert project not in other_year.text


def test_only_officers_get_the_report_and_the_year_makes_sense(api: httpx.Client) -> None:
    headers = {"X-Api-Key": new_key(api, "viewer")["key"]}
    path = "/api/v1/export-reports/self-classification"

    problem(api.get(path, params={"year": 2026}, headers=headers), 403, "forbidden")
    problem(api.get(path, params={"year": 1}), 422, "invalid-input")
    problem(api.get(path), 422, "invalid-input")


def test_deliveries_under_enc_b2_make_the_semi_annual_report(api: httpx.Client, project: str) -> None:
    evidence = {"method": "ccats", "code": "5D002", "basis": "740.17(b)(2)(i)(A)"}
    _classified(api, project, **evidence)
    sold = {"project": project, "shipped_at": "2026-03-01", "destination": "BR", "recipient": "=Acme", "quantity": "3"}
    path = "/api/v1/export-reports/semi-annual"

    made = api.post("/api/v1/export-shipments", json=sold)
    unknown = api.post("/api/v1/export-shipments", json=sold | {"destination": "QQ"})
    later = api.post("/api/v1/export-shipments", json=sold | {"shipped_at": "2999-01-01"})

    assert made.status_code == 201
    assert "QQ" in problem(unknown, 422, "invalid-input")["detail"]
    assert problem(later, 422, "invalid-input")["errors"][0]["pointer"] == "/shipped_at"
    answer = api.get(path, params={"year": 2026, "half": 1})
    rows = [each for each in csv.DictReader(io.StringIO(answer.text)) if each["ITEM"] == project]
    assert [(each["RECIPIENT"], each["COUNTRY"], each["QUANTITY"]) for each in rows] == [("'=Acme", "BR", "3")]
    assert "due-2026-08-01" in answer.headers["content-disposition"]
    assert project not in api.get(path, params={"year": 2026, "half": 2}).text
    problem(api.get(path, params={"year": 2026, "half": 3}), 422, "invalid-input")


def test_the_notice_has_the_paragraph_on_cryptography_where_the_policy_looks_at_export(
    api: httpx.Client, project: str, release: str
) -> None:
    document = a_cyclonedx({}, components=[_OPENSSL], dependencies=[{"ref": "root", "dependsOn": ["ssl"]}])
    internal = submitted(api, document, project, "2", context="internal-saas")["release"]["id"]

    dossier = got(api, f"/api/v1/releases/{release}/export")
    notice = got(api, f"/api/v1/releases/{release}/notice", format="json")
    text = api.get(f"/api/v1/releases/{release}/notice", params={"format": "text"}).text

    (said,) = [each for each in notice["statements"] if each["kind"] == "cryptography"]
    assert said["text"] == dossier["crypto_notice"]
    assert "contains cryptographic functions" in " ".join(text.split())
    assert "cryptography" not in {
        each["kind"] for each in got(api, f"/api/v1/releases/{internal}/notice", format="json")["statements"]
    }
