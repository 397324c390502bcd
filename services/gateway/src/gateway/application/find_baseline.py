"""Find the release that another is compared with, so that only what has come since counts."""

from dataclasses import dataclass
from typing import Final

from gateway.application.access import not_found
from gateway.application.ports import ReleaseFilter, Releases
from gateway.application.wait import WaitForRelease
from gateway.domain.access import Caller
from gateway.domain.stages import ReleaseProgress
from shared.errors import Conflict, ErrorAt, InvalidInput, NotReady

LATEST: Final = "latest"
_AT_A_TIME: Final = 50


@dataclass(frozen=True, slots=True)
class FindBaseline:
    """The use case, with what it needs."""

    releases: Releases
    wait: WaitForRelease

    async def __call__(self, caller: Caller, release: ReleaseProgress, wanted: str, seconds: float) -> ReleaseProgress:
        """Return the baseline that has a verdict: the release with this id, or of this version of the same project, or
        for `latest` the newest of the project that came before and has a verdict. Waits `seconds` for one that is named.

        Raises NotFound for one that is not there or not to be seen, InvalidInput for the release itself, NotReady and
        Conflict for one without verdict.
        """
        if wanted == LATEST:
            return await self._before(release)
        found = await self._by_id(caller, wanted) or await self.releases.by_name(release.release.project, wanted)
        if found is None:
            raise not_found("baseline", wanted)
        if found.release.id == release.release.id:
            message = "another release than the one that is compared with it"
            raise InvalidInput(f"baseline: {message}", errors=(ErrorAt("baseline", message),))
        waited = await self.wait(found.release.id, seconds, lambda each: each.status("evaluated") in ("done", "failed"))
        return _with_verdict(waited or found)

    async def _by_id(self, caller: Caller, release_id: str) -> ReleaseProgress | None:
        found = await self.releases.by_id(release_id)
        return found if found is not None and caller.sees(found.release.project) else None

    async def _before(self, release: ReleaseProgress) -> ReleaseProgress:
        same_project = ReleaseFilter(project=release.release.project)
        last = release.release.id
        while page := await self.releases.page(same_project, lambda _: True, last, _AT_A_TIME):
            for each in page:
                if each.current_gate is not None:
                    return each
            last = page[-1].release.id
        raise not_found("baseline", LATEST)


def _with_verdict(found: ReleaseProgress) -> ReleaseProgress:
    match found.status("evaluated"):
        case "done":
            return found
        case "failed":
            raise Conflict("The baseline has no verdict: its evaluation has failed. Name another release.")
        case _:
            raise NotReady("The baseline is not evaluated yet; add `?wait=60`.", retry_after=2)
