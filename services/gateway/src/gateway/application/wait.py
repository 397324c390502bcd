"""Wait until a release has come as far as asked, woken by events and looking again now and then."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.application.ports import Releases
from gateway.domain.stages import ReleaseProgress

MAX_WAIT_SECONDS = 120.0
_LOOK_AGAIN_SECONDS = 0.5


@dataclass
class Bell:
    """Wakes those who wait for a release in this process; other replicas see the change when they look again."""

    _waiting: dict[str, list[asyncio.Future[None]]] = field(default_factory=lambda: defaultdict(list))

    def ring(self, release_id: str) -> None:
        for each in self._waiting.pop(release_id, []):
            if not each.done():
                each.set_result(None)

    async def wait(self, release_id: str, seconds: float) -> None:
        """Return when the bell rings for the release, or after `seconds`."""
        rung: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[release_id].append(rung)
        try:
            await asyncio.wait([rung], timeout=seconds)
        finally:
            if not rung.done():
                self._forget(release_id, rung)

    def _forget(self, release_id: str, rung: asyncio.Future[None]) -> None:
        waiting = self._waiting.get(release_id, [])
        if rung in waiting:
            waiting.remove(rung)
        if not waiting:
            self._waiting.pop(release_id, None)
        rung.cancel()


@dataclass(frozen=True, slots=True)
class WaitForRelease:
    """Waits for a release."""

    releases: Releases
    bell: Bell

    async def __call__(
        self, release_id: str, seconds: float, enough: Callable[[ReleaseProgress], bool]
    ) -> ReleaseProgress | None:
        """Return the release once it is `enough`, or as it is after `seconds` (at most 120); None if unknown."""
        deadline = asyncio.get_running_loop().time() + min(seconds, MAX_WAIT_SECONDS)
        while True:
            progress = await self.releases.by_id(release_id)
            left = deadline - asyncio.get_running_loop().time()
            if progress is None or enough(progress) or left <= 0:
                return progress
            await self.bell.wait(release_id, min(left, _LOOK_AGAIN_SECONDS))
