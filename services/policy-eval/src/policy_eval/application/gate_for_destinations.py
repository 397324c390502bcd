"""The gate of a release with where it is to go: export findings for the destinations join those of the evaluation."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from policy_eval.application.judge_export import JudgeStoredRelease
from policy_eval.application.look_up import WORST_FINDINGS, LookUp
from policy_eval.domain.findings import Finding

_ORDER: Final = {"error": 0, "warning": 1, "hint": 2}


@dataclass(frozen=True, slots=True)
class GateForDestinations:
    """The use case, with what it needs."""

    look_up: LookUp
    judge: JudgeStoredRelease

    async def __call__(
        self, release_id: str, evaluation_id: str | None, fail_on: str, destinations: Sequence[str]
    ) -> dict[str, Any]:
        """Return the gate; raises NotFound, and InvalidInput naming a destination that does not exist."""
        gate = await self.look_up.gate(release_id, evaluation_id, fail_on)
        if not destinations:
            return gate
        record, judged = await self.judge(release_id, evaluation_id, destinations)
        if judged.finding is None:
            return gate
        return _with_finding(gate, _shown(judged.finding, record.id, destinations), fail_on)


def read_destinations(written: Sequence[str]) -> list[str]:
    """Return the destinations of `destination=DE,US`, which may also be repeated, each once, in order."""
    return list(dict.fromkeys(each.strip() for text in written for each in text.split(",") if each.strip()))


def _shown(finding: Finding, evaluation_id: str, destinations: Sequence[str]) -> dict[str, Any]:
    asked = finding.question
    return {
        "id": str(uuid.uuid5(uuid.UUID(evaluation_id), f"export {','.join(destinations)}")),
        "fingerprint": finding.fingerprint,
        "rule": asked.rule,
        "severity": asked.severity,
        "kind": asked.kind,
        "subject": msgspec.to_builtins(finding.subject),
        "license": None,
        "route": asked.route,
        "message": asked.message,
        "how_to_fix": asked.how_to_fix,
        "paths": [],
        "waived": None,
        "inherited_from": None,
    }


def _with_finding(gate: dict[str, Any], finding: dict[str, Any], fail_on: str) -> dict[str, Any]:
    severity = finding["severity"]
    findings = sorted([finding, *gate["findings"]], key=lambda each: _ORDER[each["severity"]])
    counts = gate["counts"] | {severity: gate["counts"][severity] + 1}
    return gate | {
        "verdict": _verdict(counts, fail_on),
        "counts": counts,
        "findings": findings[:WORST_FINDINGS],
        "findings_total": gate["findings_total"] + 1,
    }


def _verdict(counts: dict[str, int], fail_on: str) -> str:
    if counts["error"] or (fail_on == "warning" and counts["warning"]):
        return "fail"
    return "warn" if counts["warning"] else "pass"
