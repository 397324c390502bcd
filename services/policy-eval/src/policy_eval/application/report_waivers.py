"""Report waivers with what they are used for, and those that nothing needs or that match too much."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy_eval.application.change_ports import WaiverUses
from policy_eval.application.keep_decisions import KeepDecisions, Reviewer
from policy_eval.domain.decision_records import DecisionRecord, is_expired
from policy_eval.domain.project_patterns import matches_any


@dataclass(frozen=True, slots=True)
class WantedWaivers:
    """Which waivers: all, or those in effect that no current evaluation needs (`unused`), that match more than they
    should (`broad`), or whose day to be looked at again has come (`review_due`)."""

    unused: bool = False
    broad: bool = False
    review_due: bool = False

    def has(self, waiver: Mapping[str, Any]) -> bool:
        """Whether it is one of those; `waiver` as `ReportWaivers` shows it."""
        counts = waiver["state"] == "in-effect" and not waiver["expired"]
        asked = (
            (self.unused, counts and not waiver["is_used"]),
            (self.broad, counts and bool(waiver["warnings"])),
            (self.review_due, waiver["review_due"]),
        )
        return all(holds for is_asked, holds in asked if is_asked)


ALL = WantedWaivers()


@dataclass(frozen=True, slots=True)
class ReportWaivers:
    """The use case, with what it needs."""

    keep: KeepDecisions
    uses: WaiverUses

    async def page(
        self, reviewer: Reviewer, before: str | None, limit: int, wanted: WantedWaivers = ALL
    ) -> list[dict[str, Any]]:
        """Return waivers as the API shows them, the newest first.

        `uses` are the releases and findings in the projects that the reviewer sees, `expired`: its day is past,
        `review_due`: it is in effect, and the day to look at it again has come.
        """
        found: list[dict[str, Any]] = []
        while len(found) < limit:
            rows = await self.keep.page("waiver", reviewer, before, limit)
            found += [each for each in await self._reported(rows, reviewer) if wanted.has(each)]
            if len(rows) < limit:
                break
            before = rows[-1].id
        return [{name: value for name, value in each.items() if name != "is_used"} for each in found[:limit]]

    async def _reported(self, rows: list[DecisionRecord], reviewer: Reviewer) -> list[dict[str, Any]]:
        releases: Counter[str] = Counter()
        findings: Counter[str] = Counter()
        used = set()
        for waiver, project, in_releases, for_findings in await self.uses.of([each.id for each in rows]):
            used.add(waiver)
            if matches_any(reviewer.projects, project):
                releases[waiver] += in_releases
                findings[waiver] += for_findings
        now = self.keep.clock.now()
        return [
            {
                **shown,
                "expired": (expired := is_expired(each, now)),
                "review_due": each.state == "in-effect" and not expired and _is_past(shown["review_date"], now.date()),
                "uses": {"releases": releases[each.id], "findings": findings[each.id]},
                "is_used": each.id in used,
            }
            for each, shown in zip(rows, await self.keep.shown(rows), strict=True)
        ]


def _is_past(day: date | None, today: date) -> bool:
    return day is not None and day <= today
