"""What people said of obligations, in the service's database."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, Select, and_, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from obligations.adapters.tables import (
    current_derivation,
    derivation,
    obligation,
    obligation_change,
    obligation_life,
)
from obligations.application.ports import DerivationRecord, StoredLife, StoredObligation
from obligations.domain.life import Life, derived_life, present_life
from obligations.domain.life_changes import DerivedChange, PresentLife
from shared.errors import NotFound

SYSTEM = "system"
"""Who changes an obligation when a derivation does, not a person."""
_KEYS_A_QUERY = 500


class SqlLives:
    """`application.ports.Lives` on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def current(self, release_id: str, obligation_id: str) -> StoredObligation:
        of_release = select(current_derivation).where(current_derivation.c.release_id == release_id)
        current = (await self._connection.execute(of_release.with_for_update())).one_or_none()
        query = select(obligation.c.shown, obligation.c.facts, derivation.c.record).join(
            derivation, derivation.c.evaluation_id == obligation.c.evaluation_id
        )
        wanted = query.where(
            obligation.c.evaluation_id == (current.evaluation_id if current else ""), obligation.c.id == obligation_id
        )
        row = (await self._connection.execute(wanted)).first()
        if row is None:
            raise NotFound(f"The release {release_id!r} has no obligation {obligation_id!r} now.")
        if row.facts is None:
            raise NotFound(
                "This obligation was derived by an older version of Licet; POST …/evaluations derives it anew."
            )
        return _obligation(row)

    async def of(self, release_id: str, obligation_id: str) -> StoredLife | None:
        query = select(obligation_life).where(
            obligation_life.c.release_id == release_id, obligation_life.c.obligation_id == obligation_id
        )
        row = (await self._connection.execute(query)).one_or_none()
        return _stored(row) if row else None

    async def newest_elsewhere(self, project: str, release_id: str, keys: Sequence[str]) -> dict[str, StoredLife]:
        found: dict[str, StoredLife] = {}
        for first in range(0, len(keys), _KEYS_A_QUERY):
            query = select(obligation_life).where(
                obligation_life.c.project == project,
                obligation_life.c.release_id != release_id,
                obligation_life.c.key.in_(keys[first : first + _KEYS_A_QUERY]),
            )
            ordered = query.order_by(obligation_life.c.changed_at, obligation_life.c.release_id)
            found |= {row.key: _stored(row) for row in await self._connection.execute(ordered)}
        return found

    async def said_of(self, release_id: str) -> set[str]:
        query = select(obligation_life.c.obligation_id).where(obligation_life.c.release_id == release_id)
        return set((await self._connection.execute(query)).scalars())

    async def add(self, lives: Sequence[StoredLife]) -> None:
        if lives:
            await self._connection.execute(insert(obligation_life), [_row(each, 0) for each in lives])

    async def change(self, before: Life, stored: StoredLife) -> None:
        at_its_place = (
            obligation_life.c.release_id == stored.release_id,
            obligation_life.c.obligation_id == stored.obligation_id,
        )
        numbers = await self._last_numbers(stored.release_id, [stored.obligation_id])
        number = numbers.get(stored.obligation_id, 0) + 1
        await self._connection.execute(delete(obligation_life).where(*at_its_place))
        await self._connection.execute(insert(obligation_life).values(_row(stored, number)))
        change = {
            "release_id": stored.release_id,
            "obligation_id": stored.obligation_id,
            "number": number,
            "actor": stored.life.changed_by,
            "at": stored.life.changed_at,
            "before": msgspec.json.encode(before),
            "after": msgspec.json.encode(stored.life),
        }
        await self._connection.execute(insert(obligation_change).values(change))

    async def present(self, release_id: str) -> dict[str, PresentLife]:
        source = current_derivation.join(obligation, obligation.c.evaluation_id == current_derivation.c.evaluation_id)
        said = and_(obligation_life.c.release_id == release_id, obligation_life.c.obligation_id == obligation.c.id)
        what = (obligation.c.id, obligation.c.kind, obligation.c.status, obligation.c.facts, obligation_life.c.life)
        query: Select[Any] = select(*what, obligation_life.c.facts.label("life_facts"))
        query = query.select_from(source.outerjoin(obligation_life, said))
        rows = await self._connection.execute(query.where(current_derivation.c.release_id == release_id))
        return {row.id: PresentLife(row.facts, life_now(row), row.kind) for row in rows}

    async def note(self, release_id: str, at: str, changes: Sequence[DerivedChange]) -> None:
        last = await self._last_numbers(release_id, [each.obligation_id for each in changes])
        rows = [
            {
                "release_id": release_id,
                "obligation_id": each.obligation_id,
                "number": last.get(each.obligation_id, 0) + 1,
                "actor": SYSTEM,
                "at": at,
                "before": msgspec.json.encode(each.before),
                "after": msgspec.json.encode(each.after),
                "reason": each.reason,
            }
            for each in changes
        ]
        if rows:
            await self._connection.execute(insert(obligation_change), rows)

    async def _last_numbers(self, release_id: str, ids: Sequence[str]) -> dict[str, int]:
        """The number of the last change of each of the obligations that was changed at all."""
        found: dict[str, int] = {}
        for first in range(0, len(ids), _KEYS_A_QUERY):
            query = select(obligation_change.c.obligation_id, func.max(obligation_change.c.number).label("last")).where(
                obligation_change.c.release_id == release_id,
                obligation_change.c.obligation_id.in_(ids[first : first + _KEYS_A_QUERY]),
            )
            rows = await self._connection.execute(query.group_by(obligation_change.c.obligation_id))
            found |= {row.obligation_id: row.last for row in rows}
        return found


def life_now(row: Row[Any]) -> Life:
    """What counts of an obligation: a row with its `status` and `facts`, and with `life` and `life_facts` said of it."""
    stored = msgspec.json.decode(row.life, type=Life) if row.life and row.life_facts == row.facts else None
    return present_life(derived_life(row.status == "fulfilled"), stored)


def _row(stored: StoredLife, changes: int) -> dict[str, Any]:
    return {
        "release_id": stored.release_id,
        "obligation_id": stored.obligation_id,
        "project": stored.project,
        "key": stored.key,
        "facts": stored.facts,
        "changes": changes,
        "changed_at": stored.life.changed_at or "",
        "life": msgspec.json.encode(stored.life),
    }


def _stored(row: Row[Any]) -> StoredLife:
    return StoredLife(
        release_id=row.release_id,
        obligation_id=row.obligation_id,
        project=row.project,
        key=row.key,
        facts=row.facts,
        life=msgspec.json.decode(row.life, type=Life),
    )


def _obligation(row: Row[Any, Any, Any]) -> StoredObligation:
    shown = msgspec.json.decode(row.shown)
    record = msgspec.json.decode(row.record, type=DerivationRecord)
    return StoredObligation(
        release_id=record.release_id,
        obligation_id=shown["id"],
        project=record.project,
        key=shown["key"],
        facts=row.facts,
        derived=Life(shown["status"], fulfilled_by=shown["fulfilled_by"]),
        shown={name: value for name, value in shown.items() if name != "key"},
    )
