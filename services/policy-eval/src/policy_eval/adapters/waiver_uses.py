"""Which waivers the current evaluations need."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.change_tables import waiver_use
from policy_eval.adapters.tables import release_input
from policy_eval.application.change_ports import WaiverUse, WaiverUses
from shared.persistence.engine import Database


async def replace_waiver_uses(connection: AsyncConnection, release_id: str, uses: Sequence[WaiverUse]) -> None:
    """Let these be the waivers that the release needs."""
    of_release = waiver_use.c.release_id == release_id
    if (await connection.execute(select(waiver_use.c.waiver_id).where(of_release).limit(1))).first() is not None:
        await connection.execute(delete(waiver_use).where(of_release))
    rows = [{"release_id": release_id, "waiver_id": each.waiver_id, "findings": each.findings} for each in uses]
    if rows:
        await connection.execute(insert(waiver_use), rows)


class SqlWaiverUses(WaiverUses):
    """`application.ports.WaiverUses`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, waiver_ids: Sequence[str]) -> list[tuple[str, str, int, int]]:
        key = (waiver_use.c.waiver_id, release_input.c.project)
        counted = select(*key, func.count(), func.sum(waiver_use.c.findings)).group_by(*key)
        of_release = waiver_use.join(release_input, release_input.c.release_id == waiver_use.c.release_id)
        query = counted.select_from(of_release).where(waiver_use.c.waiver_id.in_(waiver_ids))
        query = query.where(release_input.c.archived.is_not(true()))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [(waiver, project or "", int(releases), int(findings)) for waiver, project, releases, findings in rows]
