"""An officer asks about a release by the law of another day, and about one delivery with the screening of its parties."""

from typing import Any

import httpx
import pytest

from tests.support.api import got, problem, submitted
from tests.support.sboms import a_cyclonedx

_OPENSSL = {"type": "library", "bom-ref": "ssl", "name": "libssl3", "purl": "pkg:deb/debian/libssl3@3.0.15-1"}


def _released(api: httpx.Client, project: str, context: str) -> str:
    document = a_cyclonedx({}, components=[_OPENSSL], dependencies=[{"ref": "root", "dependsOn": ["ssl"]}])
    release: str = submitted(api, document, project, "1", context=context)["release"]["id"]
    return release


def _shipped(api: httpx.Client, project: str, recipient: str, **screening: Any) -> str:
    body = {"project": project, "shipped_at": "2026-01-20", "destination": "DE", "recipient": recipient}
    made = api.post("/api/v1/export-shipments", json=body | ({"screening": screening} if screening else {}))
    assert made.status_code == 201, made.text
    id_: str = made.json()["id"]
    return id_


def _rules(gate: dict[str, Any]) -> list[str]:
    return [each["rule"] for each in gate["findings"] if each["kind"] == "export"]


def test_the_gate_and_the_dossier_answer_by_the_law_of_a_day(api: httpx.Client, project: str) -> None:
    release = _released(api, project, "public-oss-eupl")
    statement = {"project": project, "published": True, "source_url": "https://example.org/a"}
    assert api.post("/api/v1/export-statements", json=statement).status_code == 201

    gates = [
        got(api, f"/api/v1/releases/{release}/gate", destination="DE", as_of=day)
        for day in ("2021-03-28", "2021-03-29")
    ]
    dossiers = [
        got(api, f"/api/v1/projects/{project}/releases/1/export", destination="DE", as_of=day)
        for day in ("2021-03-28", "2021-03-29")
    ]

    assert [_rules(each) for each in gates] == [["export/notification-first"], []]
    assert [each["as_of"] for each in dossiers] == ["2021-03-28", "2021-03-29"]
    shown = [(each["verdicts"]["US"]["rule"], each["verdicts"]["US"]["verdict"]) for each in dossiers]
    assert shown == [("US-04", "notification-first"), ("US-03", "published-not-subject")]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"destination": "DE", "as_of": "yesterday"}, "as_of"),
        ({"as_of": "2026-01-01"}, "as_of"),
    ],
)
def test_a_day_that_is_none_or_has_no_question_is_named(
    api: httpx.Client, project: str, query: dict[str, str], place: str
) -> None:
    release = _released(api, project, "public-oss-eupl")

    refused = problem(api.get(f"/api/v1/releases/{release}/gate", params=query), 422, "invalid-input")

    assert [each["pointer"] for each in refused["errors"]] == [place]


def test_a_delivery_is_judged_by_the_screening_of_its_own_parties(api: httpx.Client, project: str) -> None:
    release = _released(api, project, "proprietary-distributed")
    hit = _shipped(api, project, "Bad Ltd", result="hit", list="SDN", date="2026-01-19", by="Erna")
    clear = _shipped(api, project, "Good Ltd", result="clear", date="2026-01-19", by="Erna")
    unscreened = _shipped(api, project, "Some Ltd")
    elsewhere = _shipped(api, f"{project}-other", "Bad Ltd", result="hit", list="SDN")

    rules = [
        got(api, f"/api/v1/releases/{release}/export", shipment=each)["verdicts"]["US"]["rule"]
        for each in (hit, clear, unscreened)
    ]
    dossier = got(api, f"/api/v1/releases/{release}/export", shipment=hit)
    gate = got(api, f"/api/v1/releases/{release}/gate", shipment=hit)

    assert rules[0] == "US-01"
    assert (
        rules[1]
        == rules[2]
        == got(api, f"/api/v1/releases/{release}/export", destination="DE")["verdicts"]["US"]["rule"]
    )
    assert (dossier["destinations"], dossier["shipment"]) == (["DE"], hit)
    assert dossier["statement"]["screening"] == {"result": "hit", "list": "SDN", "date": "2026-01-19", "by": "Erna"}
    assert "export/prohibited" in _rules(gate)
    assert api.get(f"/api/v1/releases/{release}/gate", params={"shipment": elsewhere}).status_code == 404
    both = problem(
        api.get(f"/api/v1/releases/{release}/gate", params={"shipment": hit, "destination": "US"}), 422, "invalid-input"
    )
    assert [each["pointer"] for each in both["errors"]] == ["destination"]


def test_a_screening_of_a_day_to_come_is_not_filed(api: httpx.Client, project: str) -> None:
    body = {"project": project, "shipped_at": "2026-01-20", "destination": "DE", "recipient": "A"}

    refused = problem(
        api.post("/api/v1/export-shipments", json=body | {"screening": {"date": "2999-01-01"}}), 422, "invalid-input"
    )

    assert [each["pointer"] for each in refused["errors"]] == ["/screening/date"]
