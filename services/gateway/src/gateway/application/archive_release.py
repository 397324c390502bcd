"""Archive a release that was a mistake, and bring it back."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.application.ports import UnitOfWork
from shared.clock import Clock, timestamp
from shared.contracts.events import RELEASE_ARCHIVED, ReleaseArchived


@dataclass(frozen=True, slots=True)
class ArchiveRelease:
    """An archived release is in no list and answers nothing; nothing of it is removed.

    `changed` and the services are told of it.
    """

    unit_of_work: Callable[[], UnitOfWork]
    changed: Callable[[str], None]
    clock: Clock

    async def archive(self, release_id: str) -> str:
        """Archive the release; return since when it is."""
        now = timestamp(self.clock.now())
        await self._set(release_id, now)
        return now

    async def restore(self, release_id: str) -> None:
        """Bring the release back as it is by now: it has followed its events all the while."""
        await self._set(release_id, None)

    async def _set(self, release_id: str, now: str | None) -> None:
        async with self.unit_of_work() as unit:
            await unit.projection.archive(release_id, now)
            told_at = timestamp(self.clock.now())
            await unit.emit(RELEASE_ARCHIVED, release_id, ReleaseArchived(release_id, now is not None, told_at))
            await unit.commit()
        self.changed(release_id)
