"""Questions about export are answered through the API, with and without an SBOM."""

import json
from typing import Any

import httpx
import pytest

from tests.support.api import new_key, problem
from tests.support.sboms import a_cyclonedx, an_spdx

_CLASSIFY = "/api/v1/export/classify"
_OPENSSL = {"type": "library", "bom-ref": "ssl", "name": "libssl3", "purl": "pkg:deb/debian/libssl3@3.0.15-1"}


def _asked(api: httpx.Client, **question: Any) -> dict[str, Any]:
    answer = api.post(_CLASSIFY, json=question)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def test_a_public_release_with_openssl_may_go_out_and_a_closed_product_may_not(api: httpx.Client) -> None:
    components = [{"purl": "pkg:deb/debian/libssl3@3.0.15-1", "published": True}]

    public = _asked(api, published=True, source_url="https://example.org/code", license="MIT", components=components)
    closed = _asked(api, components=components, destinations=["DE", "US", "CN"])
    to_iran = _asked(api, components=components, destinations=["IR"])

    assert {each["verdict"] for each in public["verdicts"].values()} == {"published-not-subject"}
    assert public["block_release"] is False
    assert {each["verdict"] for each in closed["verdicts"].values()} == {"needs-classification"}
    assert closed["block_release"] is True
    assert to_iran["verdicts"]["US"]["verdict"] == "licence-required"


@pytest.mark.parametrize("made", [a_cyclonedx, an_spdx])
def test_an_sbom_that_comes_with_the_question_is_read(api: httpx.Client, made: Any) -> None:
    answer = _asked(api, jurisdictions=["US"], sbom=json.loads(made({"requests": "Apache-2.0"})))

    assert answer["verdicts"]["US"]["verdict"] in ("needs-classification", "unclassified")


def test_the_cryptography_of_an_sbom_is_found_with_its_way(api: httpx.Client) -> None:
    dependencies = [{"ref": "root", "dependsOn": ["ssl"]}]
    document = json.loads(a_cyclonedx({}, components=[_OPENSSL], dependencies=dependencies))

    answer = _asked(api, jurisdictions=["US"], sbom=document)

    assert [each["subject"] for each in answer["findings"]] == ["product", _OPENSSL["purl"]]
    assert answer["findings"][0]["path"] == ["product", "libssl3"]
    assert answer["verdicts"]["US"]["rule"] == "US-11"


def test_questions_that_cannot_be_answered_are_refused_by_place(api: httpx.Client) -> None:
    unknown = problem(api.post(_CLASSIFY, json={"destinations": ["QQ"]}), 422, "invalid-input")
    shape = problem(api.post(_CLASSIFY, json={"form": "poem"}), 422, "invalid-input")
    unreadable = problem(api.post(_CLASSIFY, content=b"{"), 422, "invalid-input")
    for hostile in (b'{"sbom": ' + b"[" * 100_000, b'{"end_use": "\\ud800"}', b'"text"', b"\xff", b""):
        problem(api.post(_CLASSIFY, content=hostile), 422, "invalid-input")
    too_long = problem(api.post(_CLASSIFY, json={"description": "x" * 10_001}), 422, "invalid-input")
    too_many = problem(api.post(_CLASSIFY, json={"destinations": ["DE"] * 1_001}), 422, "invalid-input")
    no_sbom = problem(api.post(_CLASSIFY, json={"sbom": {"hello": "world"}}), 400, "not-an-sbom")

    assert unknown["errors"][0]["pointer"] == "/destinations/0"
    assert "QQ" in unknown["errors"][0]["message"]
    assert shape["errors"][0]["pointer"] == "/form"
    assert unreadable["detail"]
    assert too_long["errors"][0]["pointer"] == "/description"
    assert too_many["errors"][0]["pointer"] == "/destinations"
    assert no_sbom["detail"]


def test_any_role_may_ask(licet: Any, api: httpx.Client) -> None:
    key = new_key(api, "viewer", projects="nothing")["key"]

    with httpx.Client(base_url=api.base_url, headers={"X-Api-Key": key}) as viewer:
        assert viewer.post(_CLASSIFY, json={}).json()["block_release"] is True


def test_a_cryptography_bill_of_materials_counts_by_what_its_assets_are(api: httpx.Client) -> None:
    def asset(name: str, **properties: Any) -> dict[str, Any]:
        return {"type": "cryptographic-asset", "bom-ref": name, "name": name, "cryptoProperties": properties}

    cipher = asset("acme-cipher-suite", assetType="algorithm", algorithmProperties={"primitive": "ae"})
    signer = asset("acme-signer", assetType="algorithm", algorithmProperties={"primitive": "signature"})
    library = {"type": "library", "bom-ref": "lib", "name": "acme-lib", "purl": "pkg:generic/acme-lib@1"}
    provides = [{"ref": "root", "dependsOn": ["lib"]}, {"ref": "lib", "provides": ["acme-cipher-suite"]}]

    encrypts = _asked(
        api, jurisdictions=["US"], sbom=json.loads(a_cyclonedx({}, components=[cipher, library], dependencies=provides))
    )
    signs = _asked(api, jurisdictions=["US"], sbom=json.loads(a_cyclonedx({}, components=[signer], dependencies=[])))

    found = {each["subject"]: each for each in encrypts["findings"]}
    assert encrypts["verdicts"]["US"]["verdict"] == "needs-classification"
    assert (found[library["purl"]]["kind"], found[library["purl"]]["source"]) == ("implements", "cbom")
    assert signs["verdicts"]["US"]["rule"] == "US-08"


def test_what_a_scanner_says_in_properties_is_a_finding(api: httpx.Client) -> None:
    said = [{"name": "cdx:crypto:algorithm", "value": "AES-256"}]
    component = {
        "type": "library",
        "bom-ref": "x",
        "name": "acme-lib",
        "purl": "pkg:npm/acme-lib@1",
        "properties": said,
    }
    document = json.loads(a_cyclonedx({}, components=[component], dependencies=[]))

    answer = _asked(api, jurisdictions=["US"], sbom=document)

    (found,) = [each for each in answer["findings"] if each["subject"] == component["purl"]]
    assert (found["source"], found["algorithms"]) == ("scanner", ["AES-256"])


def test_the_suppliers_assessment_in_spdx_3_counts_for_the_product(api: httpx.Client) -> None:
    info = {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2025-01-01T00:00:00Z"}
    assessed = {"type": "ExternalRef", "externalRefType": "exportControlAssessment", "locator": ["5D002"]}
    package = {"type": "software_Package", "spdxId": "https://x/p", "name": "p", "externalRef": [assessed]}
    graph = [
        info | {"createdBy": ["https://x/a"]},
        {"type": "Organization", "spdxId": "https://x/a", "name": "a", "creationInfo": "_:c"},
        package | {"creationInfo": "_:c", "software_packageVersion": "1"},
        {"type": "software_Sbom", "spdxId": "https://x/s", "creationInfo": "_:c", "rootElement": ["https://x/p"]},
        {"type": "SpdxDocument", "spdxId": "https://x/d", "creationInfo": "_:c", "rootElement": ["https://x/s"]},
    ]
    sbom = {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph}

    answer = api.post("/api/v1/export/classify", json={"sbom": sbom}).json()

    (found,) = answer["findings"]
    assert (found["subject"], found["source"], found["kind"]) == ("product", "supplier", "uses")
    assert answer["verdicts"]["EU"]["verdict"] == "needs-classification"
