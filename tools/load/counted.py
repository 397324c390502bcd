"""What the services' databases say of a run: how much is done, and where the time of each SBOM went.

The times are those of the messaging tables: when an event was committed and confirmed by the broker (outbox), and when its
effect began to be stored (inbox).
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.contracts.events import OBLIGATIONS_DERIVED, RELEASE_EVALUATED, SBOM_INGESTED

_EVENTS = "SELECT id, type, subject, created_at, sent_at FROM outbox WHERE type = :type"
_ACCEPTED = "SELECT message_id, accepted_at FROM inbox WHERE consumer = :consumer"
_CHAIN = (
    ("sbom-ingest", SBOM_INGESTED, "policy-eval"),
    ("policy-eval", RELEASE_EVALUATED, "obligations"),
    ("obligations", OBLIGATIONS_DERIVED, "gateway"),
)


def derived(databases: Mapping[str, str]) -> int:
    """How many derivations there are."""
    [row] = asyncio.run(_rows(databases["obligations"], "SELECT count(*) FROM derivation"))
    return int(row[0])


def where_the_time_goes(databases: Mapping[str, str]) -> list[tuple[str, float]]:
    """The median seconds of each step between the commit of an SBOM and the gateway's knowledge of its obligations."""
    return asyncio.run(_steps(databases))


async def _steps(databases: Mapping[str, str]) -> list[tuple[str, float]]:
    found = []
    for service, type_, consumer in _CHAIN:
        events = await _rows(databases[service], _EVENTS, type=type_)
        accepted = {
            row.message_id: row.accepted_at for row in await _rows(databases[consumer], _ACCEPTED, consumer=consumer)
        }
        published = [_between(row.created_at, row.sent_at) for row in events if row.sent_at]
        handled = [_between(row.created_at, accepted[row.id]) for row in events if row.id in accepted]
        found.append((f"{service}'s relay", median(published)))
        found.append((f"until {consumer} stores", median(handled)))
    return found


def _between(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


async def _rows(url: str, query: str, **values: str) -> list[Any]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return list((await connection.execute(text(query), values)).all())
    finally:
        await engine.dispose()
