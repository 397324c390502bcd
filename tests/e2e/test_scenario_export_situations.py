"""The situations that an export officer meets, each sent as an SBOM, with its dossier."""

import json
from typing import Any

import httpx
import pytest

from tests.support.api import got, new_key, submitted
from tests.support.sboms import a_cyclonedx

_OPENSSL = {"type": "library", "bom-ref": "x", "name": "libssl3", "purl": "pkg:deb/debian/libssl3@3.0.15-1"}
_LODASH = {"type": "library", "bom-ref": "x", "name": "lodash", "purl": "pkg:npm/lodash@4.17.21"}
_UNKNOWN = {"type": "library", "bom-ref": "x", "name": "nobody-knows-it", "purl": "pkg:npm/nobody-knows-it@1.0.0"}
_ASSET = {
    "type": "cryptographic-asset",
    "bom-ref": "x",
    "name": "acme-suite",
    "cryptoProperties": {"assetType": "algorithm", "algorithmProperties": {"primitive": "block-cipher"}},
}
_HOME_MADE = {"kind": "implements", "functions": ["confidentiality"], "algorithms": ["ours"], "standard": False}
_MASS = {"code": "5D992.c", "jurisdiction": "US", "method": "self", "by": "Erna", "date": "2025-01-15"}
_NOTE3 = {"retail": True, "user_can_change_crypto": False, "needs_supplier_support": False, "details_available": True}
_PUBLIC = {"published": True, "source_url": "https://example.org/code", "license": "EUPL-1.2"}

_SITUATIONS = [
    ("public, OpenSSL", _OPENSSL, _PUBLIC, None, "DE", ("published-not-subject", "published-not-subject"), False),
    ("public, no cryptography", _LODASH, _PUBLIC, None, "IR", ("published-not-subject", "published-not-subject"), False),
    ("public, home-made", _LODASH, _PUBLIC | {"crypto": _HOME_MADE}, None, "DE",
     ("notification-first", "published-not-subject"), True),
    ("closed, OpenSSL to Germany", _OPENSSL, {}, None, "DE", ("needs-classification", "needs-classification"), True),
    ("closed, OpenSSL to the US", _OPENSSL, {}, None, "US", ("needs-classification", "needs-classification"), True),
    ("closed, OpenSSL to China", _OPENSSL, {}, None, "CN", ("needs-classification", "needs-classification"), True),
    ("closed, OpenSSL to Iran", _OPENSSL, {}, None, "IR", ("licence-required", "needs-classification"), True),
    ("closed, home-made", _LODASH, {"crypto": _HOME_MADE}, None, "DE",
     ("needs-classification", "needs-classification"), True),
    ("closed, mass market", _OPENSSL, {"note3": _NOTE3}, _MASS, "CN", ("exception-available", "not-controlled"), False),
    ("closed, mass market to Iran", _OPENSSL, {"note3": _NOTE3}, _MASS, "IR", ("licence-required", "review"), True),
    ("closed, expired", _OPENSSL, {}, _MASS | {"valid_to": "2025-12-31"}, "CN",
     ("needs-classification", "needs-classification"), True),
    ("closed, cryptographic asset", _ASSET, {}, None, "DE", ("needs-classification", "needs-classification"), True),
    ("closed, nothing known", _UNKNOWN, {}, None, "DE", ("unclassified", "unclassified"), True),
    ("screening hit", _LODASH, {"screening": {"result": "hit", "list": "SDN"}}, None, "DE",
     ("prohibited", "prohibited"), True),
    ("prohibited end use", _LODASH, {"end_use": "missile"}, None, "DE", ("licence-required", "licence-required"), True),
]  # fmt: skip


@pytest.fixture(scope="module")
def second_officer(api: httpx.Client) -> str:
    key: str = new_key(api, "export-officer")["key"]
    return key


@pytest.mark.parametrize("situation", _SITUATIONS, ids=[each[0] for each in _SITUATIONS])
def test_a_release_gets_the_dossier_of_its_situation(
    api: httpx.Client, project: str, second_officer: str, situation: tuple[Any, ...]
) -> None:
    _, component, statement, classification, destination, verdicts, blocks = situation
    document = a_cyclonedx({}, components=[component], dependencies=[{"ref": "root", "dependsOn": ["x"]}])
    release = submitted(api, document, project)["release"]["id"]
    if statement:
        assert api.post("/api/v1/export-statements", json=statement | {"project": project}).status_code == 201
    if classification:
        made = api.post("/api/v1/export-classifications", json=classification | {"project": project}).json()
        path = f"/api/v1/export-classifications/{made['id']}/approve"
        assert api.post(path, headers={"X-Api-Key": second_officer}).status_code == 200

    dossier = got(api, f"/api/v1/releases/{release}/export", destination=destination)
    gate = got(api, f"/api/v1/releases/{release}/gate", destination=destination)

    assert tuple(dossier["verdicts"][each]["verdict"] for each in ("US", "EU")) == verdicts
    assert dossier["block_release"] is blocks
    assert any(each["kind"] == "export" and each["severity"] == "error" for each in gate["findings"]) is blocks
    page = api.get(f"/api/v1/releases/{release}/export", params={"format": "html", "destination": destination})
    assert all(each in page.text for each in verdicts)
    again = got(api, f"/api/v1/releases/{release}/export", destination=destination, evaluation=dossier["evaluation"])
    assert json.dumps(dossier, sort_keys=True) == json.dumps(again, sort_keys=True)
