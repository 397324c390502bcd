"""Look at evaluations: the gate of a release, its findings and its components."""

from dataclasses import dataclass
from typing import Any

import msgspec

from policy_eval.application.ports import EvaluationReader, EvaluationRecord

WORST_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class LookUp:
    """The questions about evaluations; each raises NotFound. `public_url` begins links for people."""

    reader: EvaluationReader
    public_url: str

    async def gate(self, release_id: str, evaluation_id: str | None, fail_on: str) -> dict[str, Any]:
        """Return the verdict with the 1,000 worst findings; `fail_on` is `error` or `warning`."""
        record = await self.reader.record(release_id, evaluation_id)
        return shown_evaluation(record, fail_on) | {
            "findings": await self.reader.findings(record.id, -1, WORST_FINDINGS),
            "findings_total": record.findings_total,
            "inputs": record.inputs,
            "url": f"{self.public_url.rstrip('/')}/api/v1/releases/{release_id}",
        }

    async def findings(self, release_id: str, evaluation_id: str | None, after: int, limit: int) -> list[Any]:
        """Return findings after the rank `after`, the worst first."""
        record = await self.reader.record(release_id, evaluation_id)
        return await self.reader.findings(record.id, after, limit)

    async def components(self, release_id: str, evaluation_id: str | None, after: int, limit: int) -> list[Any]:
        """Return components after the position `after`."""
        record = await self.reader.record(release_id, evaluation_id)
        return await self.reader.components(record.id, after, limit)

    async def evaluations(self, release_id: str, before: str | None, limit: int) -> list[EvaluationRecord]:
        """Return the release's evaluations, the newest first."""
        return await self.reader.all(release_id, before, limit)

    async def releases_with(self, purl: str | None, license_: str | None) -> list[str]:
        """Return the ids of the releases that now have such a component."""
        return await self.reader.releases_with(purl, license_)


def shown_evaluation(record: EvaluationRecord, fail_on: str = "error") -> dict[str, Any]:
    """Return an evaluation as lists and the gate show it."""
    counts = record.gate.counts
    fails = counts.error > 0 or (fail_on == "warning" and counts.warning > 0)
    return {
        "release": record.release.id,
        "evaluation": record.id,
        "verdict": "fail" if fails else record.gate.verdict,
        "policy": msgspec.to_builtins(record.policy),
        "counts": msgspec.to_builtins(counts),
        "evaluated_at": record.evaluated_at,
    }
