"""Which releases are waited for, in the gateway's database."""

from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import func, select, update

from gateway.adapters.tables import release
from gateway.application.ports import Awaited
from gateway.domain.stages import ReleaseProgress, Stage
from shared.persistence.engine import Database

_AT_A_TIME: Final = 100
_IS_AWAITED: Final = (release.c.awaited.is_not(None), release.c.archived_at.is_(None))
_LONGEST: Final = (
    select(release.c.id, release.c.awaited, release.c.progress)
    .where(*_IS_AWAITED)
    .order_by(release.c.awaited_since)
    .limit(_AT_A_TIME)
)
_COUNTED: Final = (
    select(release.c.awaited, func.count(), func.min(release.c.awaited_since))
    .where(*_IS_AWAITED)
    .group_by(release.c.awaited)
)

_NOBODY_WAITS: Final = {"awaited": None, "awaited_since": None}


@dataclass(frozen=True, slots=True)
class SqlAwaitedReleases:
    """`application.ports.AwaitedReleases`."""

    database: Database

    async def by_stage(self) -> dict[Stage, Awaited]:
        while await self._forget_what_has_come():
            pass
        async with self.database.read() as connection:
            rows = (await connection.execute(_COUNTED)).all()
        return {stage: Awaited(count, since) for stage, count, since in rows}

    async def _forget_what_has_come(self) -> bool:
        """Forget, of those that have waited longest, what an older replica has stored without saying so here."""
        async with self.database.read() as connection:
            rows = (await connection.execute(_LONGEST)).all()
        come = [each.id for each in rows if _awaited(each.progress) != each.awaited]
        if come:
            async with self.database.write() as connection:
                await connection.execute(update(release).where(release.c.id.in_(come)).values(_NOBODY_WAITS))
                await connection.commit()
        return bool(come)


def _awaited(progress: bytes) -> Stage | None:
    return msgspec.json.decode(progress, type=ReleaseProgress).awaited
