"""Derivations in the service's database."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import msgspec
from sqlalchemy import Row, Select, and_, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from obligations.adapters.approvals import SqlApprovals
from obligations.adapters.lives import SqlLives, life_now
from obligations.adapters.tables import (
    current_derivation,
    derivation,
    obligation,
    obligation_change,
    obligation_life,
)
from obligations.application.carry_over import obligation_id
from obligations.application.ports import NO_REVISION, DerivationRecord, ObligationFilter, ToldSteps
from obligations.application.shown_obligation import shown_obligation
from obligations.domain.derive import AffectedComponent, Obligation
from obligations.domain.life import Life
from obligations.domain.life_changes import PresentLife
from obligations.domain.obligation_diff import ObligationHead
from shared.errors import NotFound
from shared.messaging.unit_of_work import UnitOfWork
from shared.persistence.engine import Database, bulk_insert, on_conflict_do_nothing
from shared.persistence.look_up import LookUps, Query

_RELEASE: Any = bindparam("release")
_EVALUATION: Any = bindparam("evaluation")
_OF_RELEASE = select(derivation.c.record).where(derivation.c.release_id == _RELEASE)
_OF_EVALUATION = Query(_OF_RELEASE.where(derivation.c.evaluation_id == _EVALUATION), "release", "evaluation")
_CURRENT = Query(
    _OF_RELEASE.join(current_derivation, current_derivation.c.evaluation_id == derivation.c.evaluation_id), "release"
)
_FACTS = tuple(field.name for field in fields(Obligation))


class SqlDerivations:
    """`application.ports.Derivations` on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def newest(self, release_id: str) -> tuple[int, str]:
        # There must be a row to lock: of two transactions over a new release the second waits here for the first.
        blank = {"release_id": release_id, "evaluation_id": "", "revision": NO_REVISION}
        await self._connection.execute(on_conflict_do_nothing(self._connection, current_derivation, blank))
        of_release = current_derivation.c.release_id == release_id
        row = (await self._connection.execute(select(current_derivation).where(of_release).with_for_update())).one()
        return row.revision, row.evaluation_id

    async def add(
        self, record: DerivationRecord, obligations: Sequence[tuple[Obligation, Life]], current: bool
    ) -> None:
        values = {
            "evaluation_id": record.evaluation_id,
            "release_id": record.release_id,
            "revision": record.revision,
            "record": msgspec.json.encode(record),
        }
        await self._connection.execute(insert(derivation).values(values))
        rows = [_row(record, position, each, life) for position, (each, life) in enumerate(obligations)]
        await bulk_insert(self._connection, obligation, [column.name for column in obligation.columns], rows)
        if current:
            of_release = update(current_derivation).where(current_derivation.c.release_id == record.release_id)
            newest = {"evaluation_id": record.evaluation_id, "revision": record.revision}
            await self._connection.execute(of_release.values(newest))

    async def current(self, release_id: str) -> DerivationRecord:
        await self._locked(release_id)
        of_release = and_(
            current_derivation.c.release_id == release_id,
            current_derivation.c.evaluation_id == derivation.c.evaluation_id,
        )
        query = select(derivation.c.record).join(current_derivation, of_release)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(f"No obligations are known of the release {release_id!r}.")
        return _decode_record(row.record)

    async def told(self, release_id: str) -> ToldSteps:
        row = await self._locked(release_id)
        return msgspec.json.decode(row.told_steps, type=ToldSteps) if row and row.told_steps else ToldSteps()

    async def note_told(self, release_id: str, told: ToldSteps) -> None:
        of_release = update(current_derivation).where(current_derivation.c.release_id == release_id)
        await self._connection.execute(of_release.values(told_steps=msgspec.json.encode(told)))

    async def _locked(self, release_id: str) -> Row[Any] | None:
        query = select(current_derivation).where(current_derivation.c.release_id == release_id)
        return (await self._connection.execute(query.with_for_update())).one_or_none()


class SqlUnitOfWork(UnitOfWork):
    """One transaction over derivations and events."""

    async def __aenter__(self) -> "SqlUnitOfWork":
        await super().__aenter__()
        self.derivations = SqlDerivations(self.connection)
        self.lives = SqlLives(self.connection)
        self.approvals = SqlApprovals(self.connection)
        return self


class SqlDerivationReader:
    """`application.ports.DerivationReader`; `look_ups` are of the same database."""

    def __init__(self, database: Database, look_ups: LookUps) -> None:
        self._database = database
        self._look_ups = look_ups

    async def record(self, release_id: str, evaluation_id: str | None) -> DerivationRecord:
        if evaluation_id is None:
            row = await self._look_ups.one(_CURRENT, release_id)
        else:
            row = await self._look_ups.one(_OF_EVALUATION, release_id, evaluation_id)
        if row is None:
            raise NotFound(f"No obligations are known of the release {release_id!r}, evaluation {evaluation_id}.")
        return _decode_record(row[0])

    async def obligations(
        self, evaluation_id: str, wanted: ObligationFilter, after: int, limit: int
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        async with self._database.read() as connection:
            for row in await connection.execute(_obligations_query(evaluation_id, wanted, after)):
                shown = _shown_now(row, wanted)
                if shown is not None:
                    found.append(shown | {"position": row.position})
                if len(found) == limit:
                    break
        return found

    async def changes(self, release_id: str, obligation_id: str, after: int, limit: int) -> list[dict[str, Any]]:
        query = select(obligation_change).where(
            obligation_change.c.release_id == release_id,
            obligation_change.c.obligation_id == obligation_id,
            obligation_change.c.number > after,
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(obligation_change.c.number).limit(limit))
            return [_change(row) for row in rows]

    async def present(self, release_id: str) -> dict[str, PresentLife]:
        async with self._database.read() as connection:
            return await SqlLives(connection).present(release_id)

    async def heads(self, evaluation_id: str) -> list[ObligationHead]:
        query = select(obligation.c.shown).where(obligation.c.evaluation_id == evaluation_id)
        async with self._database.read() as connection:
            rows = await connection.stream(query.order_by(obligation.c.position))
            return [_decode_head(row.shown) async for row in rows]

    async def components(self, evaluation_id: str, obligation_id: str) -> list[AffectedComponent]:
        query = select(obligation.c.shown).where(obligation.c.evaluation_id == evaluation_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query.where(obligation.c.id == obligation_id))).one()
        return msgspec.json.decode(row.shown, type=_Caused).components


class _Caused(msgspec.Struct):
    """What is read of a shown obligation for its components."""

    components: list[AffectedComponent]


_decode_record = msgspec.json.Decoder(DerivationRecord).decode
_decode_head = msgspec.json.Decoder(ObligationHead).decode  # passes over the components, which are the bulk


def _obligations_query(evaluation_id: str, wanted: ObligationFilter, after: int) -> Select[Any]:
    said = and_(
        obligation_life.c.release_id == derivation.c.release_id, obligation_life.c.obligation_id == obligation.c.id
    )
    source = obligation.join(derivation, derivation.c.evaluation_id == obligation.c.evaluation_id)
    query = (
        select(obligation, obligation_life.c.life, obligation_life.c.facts.label("life_facts"))
        .select_from(source.outerjoin(obligation_life, said))
        .where(obligation.c.evaluation_id == evaluation_id, obligation.c.position > after)
        .order_by(obligation.c.position)
    )
    equal = (
        (obligation.c.id, wanted.id),
        (obligation.c.kind, wanted.kind),
        (obligation.c.license, wanted.license),
    )
    return query.where(*(column == value for column, value in equal if value is not None))


def _shown_now(row: Row[Any], wanted: ObligationFilter) -> dict[str, Any] | None:
    """The obligation with what is said of it now, None where the filter does not want it."""
    life = life_now(row)
    if wanted.status not in (None, life.status):
        return None
    shown = msgspec.json.decode(row.shown)
    if wanted.purl is not None and all(each["purl"] != wanted.purl for each in shown["components"]):
        return None
    shown.pop("key", None)  # rows of the first version have none
    return shown_obligation(shown, row.facts, life)


def _change(row: Row[Any]) -> dict[str, Any]:
    after = msgspec.json.decode(row.after)
    return {
        "number": row.number,
        "by": row.actor,
        "at": row.at,
        "reason": row.reason or after["reason"],
        "before": msgspec.json.decode(row.before),
        "after": after,
    }


def _row(record: DerivationRecord, position: int, each: Obligation, life: Life) -> tuple[Any, ...]:
    id_ = obligation_id(record.release_id, each.key)
    shown: dict[str, Any] = {"id": id_} | {name: getattr(each, name) for name in _FACTS}
    shown["components"] = msgspec.Raw(msgspec.json.encode(each.components))
    shown = shown_obligation(shown, each.facts, life)
    return (
        *(record.evaluation_id, position, id_, each.kind, each.license, life.status),
        msgspec.json.encode(shown),
        each.facts,
    )
