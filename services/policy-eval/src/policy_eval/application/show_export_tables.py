"""The tables of countries that export rules name: who owns them, when they were verified, and who is in them today."""

from dataclasses import dataclass
from typing import Any

from policy_eval.application.record_ports import TableVerifications
from policy_eval.domain.export.assessment import Law
from shared.clock import Clock


@dataclass(frozen=True, slots=True)
class ShowExportTables:
    """The use case, with what it needs."""

    law: Law
    verifications: TableVerifications
    clock: Clock

    async def __call__(self) -> list[dict[str, Any]]:
        """Return all tables by name; `stale` are those that nobody verified in the last 90 days."""
        today = self.clock.now().date()
        verified = await self.verifications.all()
        stale = self.law.places.stale(today, verified)
        return [
            {
                "table": each.name,
                "title": each.title,
                "owner": each.owner,
                "source": each.source,
                "compared_with": each.compared_with,
                "verified_at": verified.get(each.name, each.verified),
                "stale": each.name in stale,
                "members": sorted(member.place for member in each.members if member.holds(today)),
            }
            for each in sorted(self.law.places.groups, key=lambda group: group.name)
        ]
