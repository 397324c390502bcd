"""`GET /api/v1/releases/{release_id}/events`: the stages as they end, as Server-Sent Events (HTML Living Standard, §9.2)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import msgspec
from starlette.responses import Response, StreamingResponse

from gateway.application.access import Access
from gateway.application.wait import WaitForRelease
from gateway.domain.stages import ReleaseProgress
from gateway.entrypoints.door import Visit, credential_of
from gateway.entrypoints.shown import shown_state
from shared.errors import Unauthenticated

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class ReleaseEvents:
    """An event `release` now and at each change, `settled` as the last one; a comment while nothing happens.

    The stream ends after `seconds` at most, or once its key opens nothing any more; a client then asks again by itself.
    """

    access: Access
    wait: WaitForRelease
    silence: float = 10.0
    seconds: float = 600.0

    async def __call__(self, visit: Visit) -> Response:
        assert visit.release is not None
        return StreamingResponse(self._events(visit, visit.release), media_type="text/event-stream", headers=_HEADERS)

    async def _events(self, visit: Visit, progress: ReleaseProgress) -> AsyncIterator[bytes]:
        ends = asyncio.get_running_loop().time() + self.seconds
        now: ReleaseProgress | None = progress
        yield _event(progress)
        while now is not None and not now.settled and asyncio.get_running_loop().time() < ends:
            before = now
            now = await self.wait(before.release.id, self.silence, partial(_differ, before))
            if not await self._may_still_see(visit):
                return
            if now is not None:
                yield _event(now) if _differ(now, before) else b": nothing new\n\n"

    async def _may_still_see(self, visit: Visit) -> bool:
        try:
            await self.access.authenticate(credential_of(visit.request))
        except Unauthenticated:
            return False
        return True


def _differ(one: ReleaseProgress, other: ReleaseProgress) -> bool:
    return (one.stages, one.release.revision, one.current_gate) != (
        other.stages,
        other.release.revision,
        other.current_gate,
    )


def _event(progress: ReleaseProgress) -> bytes:
    """Return the event; JSON has no line breaks of its own, so that `data` is one line."""
    shown = {"release": shown_state(progress), "stages": progress.stages, "gate": progress.current_gate}
    kind = b"settled" if progress.settled else b"release"
    return b"event: %b\ndata: %b\n\n" % (kind, msgspec.json.encode(shown | {"problems": progress.problems}))
