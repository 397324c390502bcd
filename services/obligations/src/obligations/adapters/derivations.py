"""Derivations in the service's database."""

import hashlib
import uuid
from dataclasses import fields
from typing import Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from obligations.adapters.tables import current_derivation, derivation, obligation
from obligations.application.ports import DerivationRecord, ObligationFilter
from obligations.domain.derive import AffectedComponent, Obligation
from obligations.domain.obligation_diff import ObligationHead
from shared.errors import NotFound
from shared.messaging.unit_of_work import UnitOfWork
from shared.persistence.engine import Database, bulk_insert, on_conflict_do_nothing

_OPEN = "open"
_FACTS = tuple(field.name for field in fields(Obligation) if field.name != "key")


class SqlDerivations:
    """`application.ports.Derivations` on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def newest_revision(self, release_id: str) -> int:
        # There must be a row to lock: of two transactions over a new release the second waits here for the first.
        blank = {"release_id": release_id, "evaluation_id": "", "revision": -1}
        await self._connection.execute(on_conflict_do_nothing(self._connection, current_derivation, blank))
        of_release = current_derivation.c.release_id == release_id
        row = (await self._connection.execute(select(current_derivation).where(of_release).with_for_update())).one()
        return int(row.revision)

    async def add(self, record: DerivationRecord, obligations: list[Obligation], current: bool) -> None:
        values = {
            "evaluation_id": record.evaluation_id,
            "release_id": record.release_id,
            "revision": record.revision,
            "record": msgspec.json.encode(record),
        }
        await self._connection.execute(insert(derivation).values(values))
        rows = [_row(record, position, each) for position, each in enumerate(obligations)]
        await bulk_insert(self._connection, obligation, [column.name for column in obligation.columns], rows)
        if current:
            of_release = update(current_derivation).where(current_derivation.c.release_id == record.release_id)
            newest = {"evaluation_id": record.evaluation_id, "revision": record.revision}
            await self._connection.execute(of_release.values(newest))


class SqlUnitOfWork(UnitOfWork):
    """One transaction over derivations and events."""

    async def __aenter__(self) -> "SqlUnitOfWork":
        await super().__aenter__()
        self.derivations = SqlDerivations(self.connection)
        return self


class SqlDerivationReader:
    """`application.ports.DerivationReader`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, release_id: str, evaluation_id: str | None) -> DerivationRecord:
        query = select(derivation.c.record).where(derivation.c.release_id == release_id)
        if evaluation_id is None:
            query = query.join(current_derivation, current_derivation.c.evaluation_id == derivation.c.evaluation_id)
        else:
            query = query.where(derivation.c.evaluation_id == evaluation_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(f"No obligations are known of the release {release_id!r}, evaluation {evaluation_id}.")
        return msgspec.json.decode(row.record, type=DerivationRecord)

    async def obligations(
        self, evaluation_id: str, wanted: ObligationFilter, after: int, limit: int
    ) -> list[dict[str, Any]]:
        query = select(obligation.c.position, obligation.c.shown).where(
            obligation.c.evaluation_id == evaluation_id, obligation.c.position > after
        )
        for column, value in (
            (obligation.c.status, wanted.status),
            (obligation.c.kind, wanted.kind),
            (obligation.c.license, wanted.license),
        ):
            query = query if value is None else query.where(column == value)
        found: list[dict[str, Any]] = []
        async with self._database.read() as connection:
            for row in await connection.execute(query.order_by(obligation.c.position)):
                shown = msgspec.json.decode(row.shown)
                if wanted.purl is None or any(each["purl"] == wanted.purl for each in shown["components"]):
                    found.append(shown | {"position": row.position})
                if len(found) == limit:
                    break
        return found

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


_decode_head = msgspec.json.Decoder(ObligationHead).decode  # passes over the components, which are the bulk


def _row(record: DerivationRecord, position: int, each: Obligation) -> tuple[Any, ...]:
    # The same obligation of the same release keeps its id over evaluations.
    id_ = str(uuid.uuid5(uuid.UUID(record.release_id), each.key))
    shown = _shown(id_, each)
    return record.evaluation_id, position, id_, each.kind, each.license, _OPEN, msgspec.json.encode(shown)


def _shown(id_: str, each: Obligation) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(each, name) for name in _FACTS}
    facts["components"] = msgspec.Raw(msgspec.json.encode(each.components))  # the bulk, needed twice
    life: dict[str, Any] = {"status": _OPEN, "evidence": [], "fulfilled_by": None, "inherited_from": None}
    etag = hashlib.sha256(msgspec.json.encode([facts, life])).hexdigest()[:16]
    return {"id": id_, "etag": etag} | facts | life
