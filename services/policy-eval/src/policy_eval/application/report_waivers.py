"""Report waivers with what they are used for, and those that nothing needs or that match too much."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from policy_eval.application.change_ports import WaiverUses
from policy_eval.application.keep_decisions import KeepDecisions, Reviewer, shown
from policy_eval.domain.decision_records import DecisionRecord, is_expired
from policy_eval.domain.project_patterns import matches_any


@dataclass(frozen=True, slots=True)
class ReportWaivers:
    """The use case, with what it needs."""

    keep: KeepDecisions
    uses: WaiverUses

    async def page(
        self, reviewer: Reviewer, before: str | None, limit: int, *, unused: bool = False, broad: bool = False
    ) -> list[dict[str, Any]]:
        """Return waivers as the API shows them, the newest first.

        `unused`: only those in effect that no current evaluation needs; `broad`: only those in effect with `warnings`.
        `uses` are the releases and findings in the projects that the reviewer sees, `expired`: its day is past.
        """
        found: list[dict[str, Any]] = []
        while len(found) < limit:
            rows = await self.keep.page("waiver", reviewer, before, limit)
            for each in await self._reported(rows, reviewer):
                counts = each["state"] == "in-effect" and not each["expired"]
                is_wanted = (counts or not (unused or broad)) and (each["warnings"] or not broad)
                found += [each] if is_wanted and not (unused and each["is_used"]) else []
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
                **shown(each),
                "expired": is_expired(each, now),
                "uses": {"releases": releases[each.id], "findings": findings[each.id]},
                "is_used": each.id in used,
            }
            for each in rows
        ]
