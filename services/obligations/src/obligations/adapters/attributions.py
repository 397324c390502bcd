"""Attributions in the service's database; their content is a blob."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from obligations.adapters.tables import attribution
from obligations.application.ports import GivenAttributions
from shared.persistence.engine import Database


@dataclass(frozen=True, slots=True)
class SqlAttributions:
    """`application.ports.Attributions`."""

    database: Database

    async def add(self, given: GivenAttributions) -> None:
        values = {
            "id": given.id,
            "project": given.project,
            "given_by": given.given_by,
            "given_at": given.given_at,
            "sha256": given.sha256,
        }
        async with self.database.write() as connection:
            await connection.execute(insert(attribution).values(values))
            await connection.commit()

    async def of(self, project: str) -> list[GivenAttributions]:
        query = select(attribution).where(attribution.c.project == project).order_by(attribution.c.id)
        async with self.database.read() as connection:
            rows = await connection.execute(query)
            return [GivenAttributions(row.id, row.project, row.given_by, row.given_at, row.sha256) for row in rows]
