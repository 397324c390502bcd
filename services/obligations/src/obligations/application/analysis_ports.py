"""Where an organisation's own analyses of licences are kept."""

from typing import Protocol

from obligations.domain.own_analyses import AnalysisVersion


class OwnAnalyses(Protocol):
    """Versions of analyses; none is ever changed. Of each licence the newest counts."""

    async def current(self) -> list[AnalysisVersion]:
        """Return the newest version of every licence, withdrawn ones included, by licence."""
        ...

    async def page(self, after: str, limit: int) -> list[AnalysisVersion]:
        """Return the newest versions of the licences after this one, by licence."""
        ...

    async def version(self, license_id: str, version: int | None) -> AnalysisVersion | None:
        """Return this version, the newest for None; None where there is none."""
        ...

    async def versions(self, license_id: str, before: int | None, limit: int) -> list[AnalysisVersion]:
        """Return the versions of a licence, the newest first."""
        ...

    async def add(self, version: AnalysisVersion) -> bool:
        """Store the version; False where its number is taken."""
        ...
