"""The gate of a release with where it is to go: export findings for the destinations join those of the evaluation."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from policy_eval.application.judge_export import ExportQuestion, JudgeStoredRelease
from policy_eval.application.look_up import WORST_FINDINGS, LookUp, verdict_of
from policy_eval.application.rows import shown_waiver
from policy_eval.domain.findings import Finding
from shared.errors import ErrorAt, InvalidInput

_ORDER: Final = {"error": 0, "warning": 1, "hint": 2}


@dataclass(frozen=True, slots=True)
class GateAsked:
    """What is asked of a gate: `fail_on` is `error` or `warning`; `baseline_id`, `export`: nothing if not compared with
    another release, and not asked where it is to go."""

    release_id: str
    export: ExportQuestion
    evaluation_id: str | None = None
    fail_on: str = "error"
    baseline_id: str | None = None


@dataclass(frozen=True, slots=True)
class GateForDestinations:
    """The use case, with what it needs."""

    look_up: LookUp
    judge: JudgeStoredRelease

    async def __call__(self, asked: GateAsked) -> dict[str, Any]:
        """Return the gate; raises NotFound, and InvalidInput naming a destination or day that does not exist."""
        if asked.export and not asked.export.destinations and asked.export.shipment is None:
            message = "is the day of a question about export: name a destination or a shipment too"
            raise InvalidInput(f"as_of: {message}", errors=(ErrorAt("as_of", message),))
        gate = await self._gate(asked)
        if not asked.export:
            return gate
        record, judged = await self.judge(asked.release_id, asked.evaluation_id, asked.export)
        if judged.finding is None:
            return gate
        finding = _shown(judged.finding, record.id, asked.export)
        # No stored evaluation was asked for a destination, so that no baseline can know the answer.
        since = {"baseline": "new"} if asked.baseline_id else {}
        return _with_finding(gate, finding | since, asked.fail_on)

    async def _gate(self, asked: GateAsked) -> dict[str, Any]:
        if asked.baseline_id is None:
            return await self.look_up.gate(asked.release_id, asked.evaluation_id, asked.fail_on)
        return await self.look_up.gate_since(asked.release_id, asked.evaluation_id, asked.fail_on, asked.baseline_id)


def read_destinations(written: Sequence[str]) -> list[str]:
    """Return the destinations of `destination=DE,US`, which may also be repeated, each once, in order."""
    return list(dict.fromkeys(each.strip() for text in written for each in text.split(",") if each.strip()))


def _shown(finding: Finding, evaluation_id: str, export: ExportQuestion) -> dict[str, Any]:
    asked = finding.question
    # As it was before there were days and shipments, where none is named.
    told = [each for each in (export.as_of, export.shipment) if each is not None]
    name = " ".join((f"export {','.join(export.destinations)}", *told))
    return {
        "id": str(uuid.uuid5(uuid.UUID(evaluation_id), name)),
        "fingerprint": finding.fingerprint,
        "rule": asked.rule,
        "severity": asked.severity,
        "kind": asked.kind,
        "subject": msgspec.to_builtins(finding.subject),
        "license": None,
        "route": asked.route,
        "message": asked.message,
        "how_to_fix": asked.how_to_fix,
        "paths": [list(each) for each in asked.paths],
        "waived": None if finding.waiver is None else shown_waiver(finding.waiver),
        "inherited_from": None,
    }


def _with_finding(gate: dict[str, Any], finding: dict[str, Any], fail_on: str) -> dict[str, Any]:
    severity, counted = finding["severity"], int(finding["waived"] is None)
    findings = sorted([finding, *gate["findings"]], key=_rank)
    counts = gate["counts"] | {severity: gate["counts"][severity] + counted}
    return gate | {
        "verdict": verdict_of(counts, fail_on),
        "counts": counts,
        "findings": findings[:WORST_FINDINGS],
        "findings_total": gate["findings_total"] + 1,
    }


def _rank(finding: dict[str, Any]) -> tuple[bool, int, bool]:
    return finding.get("baseline") == "unchanged", _ORDER[finding["severity"]], finding["waived"] is not None
