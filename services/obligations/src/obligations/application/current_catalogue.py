"""The catalogue of obligations as it holds now: the shipped one, behind the organisation's own analyses."""

from collections.abc import Sequence
from dataclasses import dataclass

from obligations.application.analysis_ports import OwnAnalyses
from obligations.domain.catalogue import ObligationCatalogue
from obligations.domain.own_analyses import with_own


@dataclass(frozen=True, slots=True)
class CurrentCatalogue:
    """Reads the own analyses anew each time, so that a new one holds from the next question on."""

    shipped: ObligationCatalogue
    own: OwnAnalyses

    async def __call__(self) -> ObligationCatalogue:
        """Return the catalogue."""
        return (await self.with_versions())[0]

    async def with_versions(self) -> tuple[ObligationCatalogue, list[str]]:
        """Return the catalogue and which own analyses are in it, as `license@version`."""
        current = await self.own.current()
        used = [f"{each.license}@{each.version}" for each in current if each.analysis is not None]
        return with_own(self.shipped, current), used

    async def as_of(self, used: Sequence[str]) -> ObligationCatalogue:
        """Return the catalogue with these own analyses, `license@version`, and no others."""
        placed = [each.rsplit("@", 1) for each in used]
        found = [await self.own.version(license_id, int(version)) for license_id, version in placed]
        return with_own(self.shipped, [each for each in found if each is not None])
