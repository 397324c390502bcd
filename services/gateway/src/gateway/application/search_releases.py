"""Find the releases with a component that is asked for: policy-eval knows which they are, the projection shows them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from gateway.application.ports import ComponentSearch, ReleaseFilter, Releases
from gateway.domain.stages import ReleaseProgress

_ASKED_ABOUT: Final = 200  # ids in one question: they are part of its URL
_FOUND: Final = 1_000


@dataclass(frozen=True, slots=True)
class SearchReleases:
    """The use case; `visible` says whether the caller may see a project."""

    releases: Releases
    visible: Callable[[str], bool]

    async def __call__(
        self, search: ComponentSearch, wanted: ReleaseFilter, after: str | None, limit: int
    ) -> list[ReleaseProgress]:
        """Return up to `limit` such releases, the newest first, older than the one with the id `after`.

        Few projects are gone through release by release; of many those that have the component.
        """
        found: list[ReleaseProgress] = []
        step = self._of_few_projects if wanted.is_narrow else self._of_any_project
        last, more = after, True
        while more and len(found) < limit:
            rows, last, more = await step(search, wanted, last)
            found += rows
        return found[:limit]

    async def _of_few_projects(
        self, search: ComponentSearch, wanted: ReleaseFilter, after: str | None
    ) -> tuple[list[ReleaseProgress], str | None, bool]:
        rows = await self.releases.page(wanted, self.visible, after, _ASKED_ABOUT)
        ids = [each.release.id for each in rows]
        found = set(await search.among(ids))
        more = len(rows) == _ASKED_ABOUT
        return [each for each in rows if each.release.id in found], ids[-1] if ids else after, more

    async def _of_any_project(
        self, search: ComponentSearch, wanted: ReleaseFilter, after: str | None
    ) -> tuple[list[ReleaseProgress], str | None, bool]:
        ids = await search.newest(after, _FOUND)
        rows = await self.releases.page(replace(wanted, ids=tuple(ids)), self.visible, None, len(ids) or 1)
        return rows, ids[-1] if ids else after, len(ids) == _FOUND
