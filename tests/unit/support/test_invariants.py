"""The judge of the chaos tests notices each way in which an SBOM can be lost, left or done twice."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from shared.contracts.events import OBLIGATIONS_DERIVED, RELEASE_EVALUATED, SBOM_INGESTED
from tests.support.invariants import CONSUMERS, Ledger, broken_promises
from tests.support.pipelines import Accepted

_ACCEPTED = [Accepted("release-1", "document-1", "digest-1")]
_EVENTS = (("sbom-ingest", SBOM_INGESTED), ("policy-eval", RELEASE_EVALUATED), ("obligations", OBLIGATIONS_DERIVED))


def _row(**values: Any) -> SimpleNamespace:
    return SimpleNamespace(**values)


def _settled() -> dict[str, dict[str, list[Any]]]:
    """The tables after one SBOM has gone all the way."""
    rows: dict[str, dict[str, list[Any]]] = {
        service: {"outbox": [], "inbox": [], "dead_letter": []}
        for service in ("sbom-ingest", "policy-eval", "obligations", "gateway")
    }
    done = {"revision": 1, "status": "done"}
    progress = json.dumps({"evaluated": done, "obligations": done})
    rows["sbom-ingest"]["release"] = [_row(id="release-1", project="shop", version="1", revision=1)]
    rows["sbom-ingest"]["document"] = [_row(id="document-1", release_id="release-1", part="main", sha256="digest-1")]
    rows["policy-eval"]["evaluation"] = [_row(id="evaluation-1", release_id="release-1", revision=1)]
    rows["obligations"]["derivation"] = [_row(evaluation_id="evaluation-1", release_id="release-1", revision=1)]
    rows["gateway"]["release"] = [_row(id="release-1", revision=1, progress=progress)]
    for service, type_ in _EVENTS:
        rows[service]["outbox"].append(_row(id=type_, type=type_, subject="release-1", sent_at="today"))
        for consumer in CONSUMERS[type_]:
            rows[consumer]["inbox"].append(_row(consumer=consumer, message_id=type_))
    return rows


def test_a_settled_system_keeps_every_promise() -> None:
    assert broken_promises(Ledger(_settled()), _ACCEPTED) == []


@pytest.mark.parametrize(
    ("service", "table", "complaint"),
    [
        ("sbom-ingest", "document", "accepted and not stored"),
        ("sbom-ingest", "outbox", "sbom.ingested.v1 does not match its effects"),
        ("policy-eval", "evaluation", "never evaluated"),
        ("policy-eval", "inbox", "policy-eval has not handled sbom.ingested.v1"),
        ("policy-eval", "outbox", "release.evaluated.v1 does not match its effects"),
        ("obligations", "derivation", "never derived"),
        ("gateway", "release", "never settled at the gateway"),
    ],
)
def test_a_missing_row_is_noticed(service: str, table: str, complaint: str) -> None:
    rows = _settled()
    rows[service][table].clear()

    assert complaint in "; ".join(broken_promises(Ledger(rows), _ACCEPTED))


@pytest.mark.parametrize(
    ("service", "table", "complaint"),
    [
        ("sbom-ingest", "release", "2 times the release"),
        ("sbom-ingest", "document", "2 times the document"),
        ("policy-eval", "evaluation", "2 times the evaluation"),
        ("obligations", "derivation", "2 times the derivation"),
        ("obligations", "outbox", "obligations.derived.v1 does not match its effects"),
    ],
)
def test_a_row_too_many_is_noticed(service: str, table: str, complaint: str) -> None:
    rows = _settled()
    rows[service][table] *= 2

    assert complaint in "; ".join(broken_promises(Ledger(rows), _ACCEPTED))


def test_an_event_that_was_never_sent_is_noticed() -> None:
    rows = _settled()
    rows["policy-eval"]["outbox"][0].sent_at = None

    assert broken_promises(Ledger(rows), _ACCEPTED) == [
        "unsent in the outbox of policy-eval: release.evaluated.v1 release.evaluated.v1"
    ]


def test_a_dead_letter_is_noticed() -> None:
    rows = _settled()
    rows["obligations"]["dead_letter"].append(_row(consumer="obligations", message_id="m", reason="five tries"))

    assert broken_promises(Ledger(rows), _ACCEPTED) == ["dead letter of obligations: five tries"]


def test_a_stage_that_failed_is_not_finished() -> None:
    rows = _settled()
    failed = {"revision": 1, "status": "failed"}
    rows["gateway"]["release"][0].progress = json.dumps({"evaluated": failed, "obligations": None})

    assert broken_promises(Ledger(rows), _ACCEPTED) == ["never settled at the gateway: release release-1 revision 1"]
