"""What holds of Licet whatever was killed when, asked of its databases and of its API.

Each check compares sets of ids and says in sentences what is wrong; `hold` waits until none has anything to say.
"""

import asyncio
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.contracts.events import (
    DERIVATION_FAILED,
    EVALUATION_FAILED,
    OBLIGATIONS_DERIVED,
    RELEASE_EVALUATED,
    SBOM_INGESTED,
)
from tests.support.licet import Licet
from tests.support.pipelines import Accepted

CONSUMERS = {
    SBOM_INGESTED: ("policy-eval", "gateway"),
    RELEASE_EVALUATED: ("obligations", "gateway"),
    OBLIGATIONS_DERIVED: ("gateway",),
    EVALUATION_FAILED: ("gateway",),
    DERIVATION_FAILED: ("gateway",),
}
_EVERYWHERE = {
    "outbox": "SELECT id, type, subject, sent_at FROM outbox",
    "inbox": "SELECT consumer, message_id FROM inbox",
    "dead_letter": "SELECT consumer, message_id, reason FROM dead_letter WHERE replayed_at IS NULL",
}
_OWN = {
    "sbom-ingest": {
        "release": "SELECT id, project, version, revision FROM release",
        "document": "SELECT id, release_id, part, sha256 FROM document",
    },
    "policy-eval": {"evaluation": "SELECT id, release_id, revision FROM evaluation"},
    "obligations": {"derivation": "SELECT evaluation_id, release_id, revision FROM derivation"},
    "gateway": {"release": "SELECT id, revision, progress FROM release"},
}
_POLL_SECONDS = 0.25


@dataclass(frozen=True)
class Ledger:
    """All that the four databases say at one moment: service → table → rows."""

    rows: Mapping[str, Mapping[str, Sequence[Any]]]

    def of(self, service: str, table: str) -> Sequence[Any]:
        return self.rows[service][table]

    def everywhere(self, table: str) -> Iterator[tuple[str, Any]]:
        """Yield (service, row) over all services."""
        return ((service, row) for service in self.rows for row in self.of(service, table))


def hold(licet: Licet, accepted: Sequence[Accepted], within: float = 45.0) -> None:
    """Return once every promise is kept, also by the API; raises AssertionError, with what is broken, after that."""
    deadline = time.monotonic() + within
    while broken := broken_promises(read(licet.databases), accepted):
        assert time.monotonic() < deadline, f"after {within:g} s: " + "; ".join(broken[:10])
        time.sleep(_POLL_SECONDS)
    assert api_tells_otherwise(licet, accepted) == []


def read(databases: Mapping[str, str]) -> Ledger:
    """Read the databases of all services, of running ones too."""
    return asyncio.run(_read(databases))


def broken_promises(ledger: Ledger, accepted: Sequence[Accepted]) -> list[str]:
    """Return a sentence for each thing that is not as it must be once everything has settled."""
    checks = (all_is_finished, nothing_is_done_twice, every_effect_is_told_once, all_is_told, nothing_is_buried)
    return [*nothing_is_lost(ledger, accepted), *(each for check in checks for each in check(ledger))]


def nothing_is_lost(ledger: Ledger, accepted: Sequence[Accepted]) -> Iterator[str]:
    """Whoever was told 2xx finds his release and his document."""
    stored = {Accepted(row.release_id, row.id, row.sha256) for row in ledger.of("sbom-ingest", "document")}
    yield from (f"accepted and not stored: {each}" for each in set(accepted) - stored)


def all_is_finished(ledger: Ledger) -> Iterator[str]:
    """Every release is evaluated and derived at its present revision, and the gateway knows it."""
    present = {(row.id, row.revision) for row in ledger.of("sbom-ingest", "release")}
    evaluated = {(row.release_id, row.revision) for row in ledger.of("policy-eval", "evaluation")}
    derived = {(row.release_id, row.revision) for row in ledger.of("obligations", "derivation")}
    known = {(row.id, row.revision) for row in ledger.of("gateway", "release") if _settled(row)}
    for name, finished in (("evaluated", evaluated), ("derived", derived), ("settled at the gateway", known)):
        yield from (f"never {name}: release {id_} revision {revision}" for id_, revision in present - finished)


def nothing_is_done_twice(ledger: Ledger) -> Iterator[str]:
    """One release per name, one document per part and bytes, one evaluation and one derivation per revision."""
    effects: dict[str, list[Any]] = {
        "release": [(row.project, row.version) for row in ledger.of("sbom-ingest", "release")],
        "document": [(row.release_id, row.part, row.sha256) for row in ledger.of("sbom-ingest", "document")],
        "evaluation": [(row.release_id, row.revision) for row in ledger.of("policy-eval", "evaluation")],
        "derivation": [(row.release_id, row.revision) for row in ledger.of("obligations", "derivation")],
    }
    for name, done in effects.items():
        yield from (f"{times} times the {name} {key}" for key, times in Counter(done).items() if times > 1)


def every_effect_is_told_once(ledger: Ledger) -> Iterator[str]:
    """Each revision, evaluation and derivation has one event, and each evaluation a derivation."""
    revisions = Counter({row.id: row.revision for row in ledger.of("sbom-ingest", "release")})
    evaluations = Counter(row.release_id for row in ledger.of("policy-eval", "evaluation"))
    derivations = Counter(row.release_id for row in ledger.of("obligations", "derivation"))
    told = {SBOM_INGESTED: revisions, RELEASE_EVALUATED: evaluations, OBLIGATIONS_DERIVED: derivations}
    for type_, effects in told.items():
        events = Counter(row.subject for _, row in ledger.everywhere("outbox") if row.type == type_)
        if events != effects:
            yield f"{type_} does not match its effects: {events - effects} too many, {effects - events} missing"
    if evaluations != derivations:
        yield f"evaluations without derivation: {evaluations - derivations}"


def all_is_told(ledger: Ledger) -> Iterator[str]:
    """No event waits in an outbox, and each has reached every consumer."""
    handled = {(row.consumer, row.message_id) for _, row in ledger.everywhere("inbox")}
    for service, row in ledger.everywhere("outbox"):
        if row.sent_at is None:
            yield f"unsent in the outbox of {service}: {row.type} {row.id}"
        missing = [each for each in CONSUMERS[row.type] if (each, row.id) not in handled]
        yield from (f"{each} has not handled {row.type} {row.id}" for each in missing)


def nothing_is_buried(ledger: Ledger) -> Iterator[str]:
    """There are no dead letters, but for those that were replayed."""
    yield from (f"dead letter of {row.consumer}: {row.reason}" for _, row in ledger.everywhere("dead_letter"))


def api_tells_otherwise(licet: Licet, accepted: Sequence[Accepted]) -> list[str]:
    """Return a sentence for each accepted SBOM that the API does not show as finished, with the same bytes."""
    wrong = []
    with licet.client() as client:
        for each in accepted:
            stages = client.get(f"/api/v1/releases/{each.release}").json()["stages"]
            if set(stages.values()) != {"done"}:
                wrong.append(f"stages of {each.release}: {stages}")
            raw = client.get(f"/api/v1/sboms/{each.document}/raw").content
            if hashlib.sha256(raw).hexdigest() != each.sha256:
                wrong.append(f"the bytes of {each.document} are not those that were sent")
            if (status := client.get(f"/api/v1/releases/{each.release}/notice").status_code) != 200:
                wrong.append(f"the notice of {each.release} answers {status}")
    return wrong


def _settled(row: Any) -> bool:
    progress = json.loads(row.progress)
    stages = [progress[stage] for stage in ("evaluated", "obligations")]
    return all(stage and (stage["revision"], stage["status"]) == (row.revision, "done") for stage in stages)


async def _read(databases: Mapping[str, str]) -> Ledger:
    return Ledger({service: await _read_one(url, _EVERYWHERE | _OWN[service]) for service, url in databases.items()})


async def _read_one(url: str, queries: Mapping[str, str]) -> dict[str, Sequence[Any]]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return {table: (await connection.execute(text(query))).all() for table, query in queries.items()}
    finally:
        await engine.dispose()
