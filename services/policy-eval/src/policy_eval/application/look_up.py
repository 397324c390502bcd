"""Look at evaluations: the gate of a release, its findings and its components."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

import msgspec

from policy_eval.application.ports import EvaluationReader, EvaluationRecord, ReadVersionRange
from policy_eval.domain.component_gaps import Lack
from policy_eval.domain.component_search import ComponentSearch, ReleasesAsked
from policy_eval.domain.purls import Purl, read_purl
from shared.contracts.steps import BY_EVALUATION
from shared.errors import ErrorAt, InvalidInput

WORST_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class LookUp:
    """The questions about evaluations; each raises NotFound. `public_url` begins links for people."""

    reader: EvaluationReader
    read_range: ReadVersionRange
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

    async def gate_since(
        self, release_id: str, evaluation_id: str | None, fail_on: str, baseline_id: str
    ) -> dict[str, Any]:
        """Return the gate as `gate` does, by those findings alone whose fingerprint the release `baseline_id` lacks.

        The others are `"baseline": "unchanged"` and come last.
        """
        record = await self.reader.record(release_id, evaluation_id)
        base = await self.reader.record(baseline_id, None)
        counts = msgspec.to_builtins(await self.reader.counts_since(record.id, base.id))
        return await self.gate(release_id, record.id, fail_on) | {
            "verdict": verdict_of(counts, fail_on),
            "counts": counts,
            "findings": await self.reader.findings_since(record.id, base.id, WORST_FINDINGS),
            "baseline": {"release": base.release.id, "version": base.release.version, "evaluation": base.id},
        }

    async def findings(self, release_id: str, evaluation_id: str | None, after: int, limit: int) -> list[Any]:
        """Return findings after the rank `after`, the worst first."""
        record = await self.reader.record(release_id, evaluation_id)
        return await self.reader.findings(record.id, after, limit)

    async def findings_of_step(
        self, release_id: str, evaluation_id: str | None, step: str, after: int, limit: int
    ) -> list[tuple[int, Any]]:
        """Return those findings with their ranks that the step is about and nobody waived; raises InvalidInput."""
        if step not in BY_EVALUATION:
            raise _refused("step", f"one of {', '.join(BY_EVALUATION)}")
        record = await self.reader.record(release_id, evaluation_id)
        return await self.reader.findings_of_step(record.id, step, after, limit)

    async def components(
        self, release_id: str, evaluation_id: str | None, after: int, limit: int, purl: str | None = None
    ) -> list[Any]:
        """Return components after the position `after`, only those that the purl covers if there is one."""
        record = await self.reader.record(release_id, evaluation_id)
        if purl is None:
            return await self.reader.components(record.id, after, limit)
        positions = await self.reader.positions_of(record, _purl(purl))
        wanted = [each for each in positions if each > after][:limit]
        return await self.reader.components_at(record.id, wanted)

    async def components_lacking(
        self, release_id: str, evaluation_id: str | None, lack: str, after: int, limit: int
    ) -> list[Any]:
        """Return components after the position `after` that lack this; raises InvalidInput."""
        if lack not in get_args(Lack):
            raise _refused("lacks", f"one of {', '.join(get_args(Lack))}")
        record = await self.reader.record(release_id, evaluation_id)
        positions = await self.reader.positions_lacking(record.id, cast(Lack, lack), after, limit)
        return await self.reader.components_at(record.id, positions)

    async def evaluations(self, release_id: str, before: str | None, limit: int) -> list[EvaluationRecord]:
        """Return the release's evaluations, the newest first."""
        return await self.reader.all(release_id, before, limit)

    async def releases_with(self, search: ComponentSearch, asked: ReleasesAsked) -> list[str]:
        """Return the ids of releases that now have such a component, the newest first; fewer than asked are all."""
        return await self.reader.releases_with(search, asked)

    def search(self, purl: str | None, version_range: str | None, license_: str | None) -> ComponentSearch:
        """Return the question for components; raises InvalidInput for what is none.

        `purl` with a version asks for that version, without one for any, or for those in `version_range` (VERS syntax);
        `license_` is an operand of the component's effective licence, or that licence itself.
        """
        asked = None if purl is None else _purl(purl)
        if version_range is None:
            return ComponentSearch(asked, None, license_)
        if asked is None or asked.version is not None:
            raise _refused("version_range", "goes with a purl that has no version")
        versions = self.read_range(version_range, asked.type)
        return ComponentSearch(asked, versions, license_)


def _purl(text: str) -> Purl:
    purl = read_purl(text)
    if purl is None:
        raise _refused("purl", "no package URL, such as pkg:npm/left-pad@1.3.0")
    return purl


def _refused(parameter: str, message: str) -> InvalidInput:
    return InvalidInput(f"{parameter}: {message}", errors=(ErrorAt(parameter, message),))


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


def verdict_of(counts: Mapping[str, int], fail_on: str) -> str:
    """Return the verdict on so many findings of each severity."""
    if counts["error"] or (fail_on == "warning" and counts["warning"]):
        return "fail"
    return "warn" if counts["warning"] else "pass"
