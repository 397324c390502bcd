"""The archive's index in the service's database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from obligations.adapters.tables import archived_attribution
from shared.persistence.engine import Database

_DIGESTS_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class SqlArchivedTexts:
    """`application.archive_texts.ArchivedTexts`."""

    database: Database

    async def add(self, rows: Mapping[str, str]) -> None:
        async with self.database.write() as connection:
            for first in range(0, len(rows), _DIGESTS_A_QUERY):
                some = sorted(rows)[first : first + _DIGESTS_A_QUERY]
                await connection.execute(delete(archived_attribution).where(archived_attribution.c.digest.in_(some)))
                values = [{"digest": digest, "sha256": rows[digest]} for digest in some]
                await connection.execute(insert(archived_attribution), values)
            await connection.commit()

    async def is_empty(self) -> bool:
        async with self.database.read() as connection:
            return (await connection.execute(select(archived_attribution.c.digest).limit(1))).first() is None

    async def known(self, digests: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        async with self.database.read() as connection:
            for first in range(0, len(digests), _DIGESTS_A_QUERY):
                some = archived_attribution.c.digest.in_(digests[first : first + _DIGESTS_A_QUERY])
                rows = await connection.execute(select(archived_attribution).where(some))
                found |= {row.digest: row.sha256 for row in rows}
        return found
