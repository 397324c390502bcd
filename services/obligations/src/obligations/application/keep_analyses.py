"""Keep an organisation's own analyses of licences: publish a version, withdraw it, show them."""

import re
from dataclasses import dataclass
from typing import Any, Final

from obligations.application.analysis_ports import OwnAnalyses
from obligations.domain.catalogue import ObligationCatalogue
from obligations.domain.own_analyses import AnalysisVersion, OwnAnalysis, problems_of
from shared.clock import Clock, timestamp
from shared.errors import Conflict, ErrorAt, InvalidInput, NotFound
from shared.licensing import Catalogue

_OWN_ID: Final = re.compile(r"LicenseRef-[A-Za-z0-9.-]{1,180}")


@dataclass(frozen=True, slots=True)
class KeepAnalyses:
    """The use case, with what it needs."""

    own: OwnAnalyses
    shipped: ObligationCatalogue
    clock: Clock

    async def publish(self, license_id: str, analysis: OwnAnalysis, by: str) -> dict[str, Any]:
        """Store the analysis as the next version, which holds from the next evaluation on.

        Raises InvalidInput with the place of all that is wrong, and Conflict when somebody else sent one at the same
        moment.
        """
        name = known_id(license_id, self.shipped.licenses)
        errors = tuple(ErrorAt(place, message) for place, message in problems_of(analysis, self.shipped.generic))
        if errors:
            raise InvalidInput(f"The analysis of {name} has {len(errors)} faults.", errors=errors)
        return await self._add(name, analysis, by)

    async def withdraw(self, license_id: str, by: str) -> dict[str, Any]:
        """Let the shipped analysis hold again, or none where there is none; raises NotFound, Conflict."""
        current = await self.version(license_id, None)
        if current.analysis is None:
            raise Conflict(f"The own analysis of {current.license} is withdrawn already.")
        return await self._add(current.license, None, by)

    async def version(self, license_id: str, version: int | None) -> AnalysisVersion:
        """Return a version, the newest for None; raises NotFound."""
        name = known_id(license_id, self.shipped.licenses)
        found = await self.own.version(name, version)
        if found is None:
            which = "no own analysis" if version is None else f"no version {version} of an own analysis"
            raise NotFound(f"There is {which} of {name}; GET /api/v1/licenses/{name} shows what holds for it.")
        return found

    async def page(self, after: str, limit: int) -> list[AnalysisVersion]:
        """Return the newest versions, by licence."""
        return await self.own.page(after, limit)

    async def history(self, license_id: str, before: int | None, limit: int) -> list[AnalysisVersion]:
        """Return the versions of a licence, the newest first; raises NotFound."""
        newest = await self.version(license_id, None)
        return await self.own.versions(newest.license, before, limit)

    async def _add(self, name: str, analysis: OwnAnalysis | None, by: str) -> dict[str, Any]:
        newest = await self.own.version(name, None)
        number = newest.version + 1 if newest else 1
        made = AnalysisVersion(name, number, by, timestamp(self.clock.now()), analysis)
        if not await self.own.add(made):
            raise Conflict(
                f"Somebody else sent version {number} for {name} at the same moment: look at it, send it again."
            )
        return shown(made)


def known_id(license_id: str, licenses: Catalogue) -> str:
    """Return the id in the letter case that expressions have; raises InvalidInput for one that would never apply."""
    known = licenses.license(license_id)
    if known is not None and known.replaced_by is None:
        return known.id
    if known is None and _OWN_ID.fullmatch(license_id):
        return license_id
    message = f"{license_id!r} is no id of the SPDX licence list and no LicenseRef-… (letters, digits, '.' and '-')"
    if known is not None:
        message = f"{known.id} is a deprecated id: analyse what replaces it, {known.replaced_by}"
    raise InvalidInput(f"license_id: {message}", errors=(ErrorAt("license_id", message),))


def shown(version: AnalysisVersion) -> dict[str, Any]:
    """Return the version as the API shows it."""
    return {
        "license": version.license,
        "version": version.version,
        "created_by": version.created_by,
        "created_at": version.created_at,
        "withdrawn": version.analysis is None,
        "analysis": version.analysis,
    }
