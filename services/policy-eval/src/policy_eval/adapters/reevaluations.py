"""Requests to evaluate again, in the service's database."""

from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.reevaluation_tables import reevaluation
from policy_eval.adapters.tables import release_input
from policy_eval.application.change_ports import Reevaluation
from policy_eval.application.reevaluations import EvaluatedRelease
from shared.clock import timestamp
from shared.contracts.events import CurrentDocument, ReleaseState
from shared.messaging.tables import outbox
from shared.persistence.engine import Database

_SHOWN = [reevaluation.c[each.name] for each in fields(Reevaluation)]
_CLOCKS_APART = timedelta(minutes=1)
_OPEN = ("waiting", "running")


async def add_request(connection: AsyncConnection, request: Reevaluation | None) -> None:
    """Store the request, if there is one, in the connection's transaction, unless one that asks the same waits."""
    if request is not None:
        await _added(connection, request)


async def _added(connection: AsyncConnection, request: Reevaluation) -> Reevaluation:
    scope = ("policy", "project", "release")
    same = [reevaluation.c[name].is_not_distinct_from(getattr(request, name)) for name in scope]
    waiting = select(*_SHOWN).where(reevaluation.c.state == "waiting", reevaluation.c.leased_by.is_(None), *same)
    known = (await connection.execute(waiting.limit(1).with_for_update())).one_or_none()
    if known is not None:
        return _request(known)
    await connection.execute(insert(reevaluation).values(asdict(request)))
    return request


class SqlReevaluations:
    """`application.reevaluations.Reevaluations`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, request: Reevaluation) -> Reevaluation:
        async with self._database.write() as connection:
            stored = await _added(connection, request)
            await connection.commit()
        return stored

    async def page(self, before: str | None, limit: int) -> list[Reevaluation]:
        query = select(*_SHOWN).order_by(reevaluation.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(reevaluation.c.id < before)
        async with self._database.read() as connection:
            return [_request(row) for row in await connection.execute(query)]

    async def unsent(self) -> int:
        """Return how many events of the service wait to be published."""
        query = select(func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None))
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def take(self, owner: str, now: str, until: str) -> Reevaluation | None:
        # Only the oldest: one request is worked off at a time, whoever has it.
        query = select(reevaluation).where(reevaluation.c.state.in_(_OPEN)).order_by(reevaluation.c.id).limit(1)
        async with self._database.read() as connection:
            if (await connection.execute(query)).one_or_none() is None:
                return None
        async with self._database.write() as connection:
            row = (await connection.execute(query.with_for_update())).one_or_none()
            # A lease that ends much later than one of now was given under a clock that has been set back since.
            latest = timestamp(datetime.fromisoformat(until) + _CLOCKS_APART)
            if row is None or (row.leased_by not in (None, owner) and now <= row.leased_until <= latest):
                return None
            values = {"leased_by": owner, "leased_until": until}
            await connection.execute(update(reevaluation).where(reevaluation.c.id == row.id).values(values))
            await connection.commit()
        return _request(row)

    async def advance(self, request: Reevaluation, owner: str, until: str) -> bool:
        mine = (reevaluation.c.id == request.id) & (reevaluation.c.leased_by == owner)
        values = asdict(request) | {"leased_until": until}
        async with self._database.write() as connection:
            changed = await connection.execute(update(reevaluation).where(mine).values(values))
            await connection.commit()
        return bool(changed.rowcount)

    async def releases_after(self, last: str, limit: int, only: str | None = None) -> list[EvaluatedRelease]:
        query = (
            select(release_input.c.state, release_input.c.documents)
            .where(release_input.c.release_id > last, release_input.c.evaluation_id.is_not(None))
            .where(release_input.c.revision >= 0)
            .order_by(release_input.c.release_id)
            .limit(limit)
        )
        if only is not None:
            query = query.where(release_input.c.release_id == only)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            EvaluatedRelease(
                msgspec.json.decode(row.state, type=ReleaseState),
                msgspec.json.decode(row.documents, type=list[CurrentDocument]),
            )
            for row in rows
        ]


def _request(row: Any) -> Reevaluation:
    return Reevaluation(**{each.name: getattr(row, each.name) for each in fields(Reevaluation)})
