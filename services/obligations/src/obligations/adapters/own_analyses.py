"""An organisation's own analyses of licences in the service's database."""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Select, func, select

from obligations.adapters.tables import own_analysis
from obligations.domain.own_analyses import AnalysisVersion, OwnAnalysis
from shared.persistence.engine import Database, on_conflict_do_nothing

_COLUMNS = own_analysis.c


@dataclass(frozen=True, slots=True)
class SqlOwnAnalyses:
    """`application.analysis_ports.OwnAnalyses`."""

    database: Database

    async def current(self) -> list[AnalysisVersion]:
        return await self._all(_newest())

    async def page(self, after: str, limit: int) -> list[AnalysisVersion]:
        return await self._all(_newest().where(_COLUMNS.license > after).limit(limit))

    async def version(self, license_id: str, version: int | None) -> AnalysisVersion | None:
        query = _of(license_id).limit(1)
        found = await self._all(query if version is None else query.where(_COLUMNS.version == version))
        return found[0] if found else None

    async def versions(self, license_id: str, before: int | None, limit: int) -> list[AnalysisVersion]:
        query = _of(license_id).limit(limit)
        return await self._all(query if before is None else query.where(_COLUMNS.version < before))

    async def add(self, version: AnalysisVersion) -> bool:
        values = {
            "license": version.license,
            "version": version.version,
            "created_by": version.created_by,
            "created_at": version.created_at,
            "analysis": msgspec.json.encode(version.analysis),
        }
        async with self.database.write() as connection:
            added = await connection.execute(on_conflict_do_nothing(connection, own_analysis, values))
            await connection.commit()
        return bool(added.rowcount == 1)

    async def _all(self, query: Select[Any]) -> list[AnalysisVersion]:
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            AnalysisVersion(row.license, row.version, row.created_by, row.created_at, _analysis(row.analysis))
            for row in rows
        ]


def _of(license_id: str) -> Select[Any]:
    return select(own_analysis).where(_COLUMNS.license == license_id).order_by(_COLUMNS.version.desc())


def _newest() -> Select[Any]:
    newest = select(_COLUMNS.license, func.max(_COLUMNS.version).label("version")).group_by(_COLUMNS.license).subquery()
    of_newest = (_COLUMNS.license == newest.c.license) & (_COLUMNS.version == newest.c.version)
    return select(own_analysis).join(newest, of_newest).order_by(_COLUMNS.license)


def _analysis(stored: bytes) -> OwnAnalysis | None:
    return msgspec.json.decode(stored, type=OwnAnalysis | None)
