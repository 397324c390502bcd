"""`DELETE /api/v1/releases/{release_id}` and `POST …/restore`."""

from dataclasses import dataclass

from starlette.responses import Response

from gateway.application.archive_release import ArchiveRelease
from gateway.entrypoints.door import Visit
from gateway.entrypoints.http import ShowReleases


@dataclass(frozen=True, slots=True)
class ArchivedRoutes:
    """Archives a wrong upload, and brings it back."""

    archive: ArchiveRelease
    show: ShowReleases

    async def delete(self, visit: Visit) -> Response:
        assert visit.release is not None
        now = await self.archive.archive(visit.release.release.id)
        visit.noted.before, visit.noted.after = {"archived_at": None}, {"archived_at": now}
        return Response(status_code=204)

    async def restore(self, visit: Visit) -> Response:
        assert visit.release is not None
        await self.archive.restore(visit.release.release.id)
        visit.noted.after = {"archived_at": None}
        return await self.show.one(visit)
