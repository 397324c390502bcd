"""The export dossier of a release: items, verdicts, what is on file and what is missing, for an officer to sign."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from policy_eval.application.classify_export import evidence_needed, shown_finding, shown_verdict
from policy_eval.application.judge_export import ExportQuestion, Judged, JudgeStoredRelease
from policy_eval.application.ports import EvaluationRecord
from policy_eval.application.record_ports import TableVerifications
from policy_eval.domain.export.crypto_notice import NONE_FOUND
from policy_eval.domain.export.inspection import unknown
from policy_eval.domain.export.records import ReportRow
from policy_eval.domain.export.self_classification import COLUMNS, is_self_classified, report_row

_MOST_LISTED: Final = 10_000


@dataclass(frozen=True, slots=True)
class ShowExportDossier:
    """The use case, with what it needs; `retention_years` is how long evidence is kept, five at least."""

    judge: JudgeStoredRelease
    verifications: TableVerifications
    retention_years: int

    async def __call__(self, release_id: str, evaluation_id: str | None, asked: ExportQuestion) -> dict[str, Any]:
        """Return the dossier; raises NotFound, Unavailable, and InvalidInput for an unknown destination or day."""
        record, judged = await self.judge(release_id, evaluation_id, asked)
        law = self.judge.judge.knowledge.law
        stale = law.places.stale(self.judge.judge.clock.now().date(), await self.verifications.all())
        findings = judged.findings()
        nobody_knows = unknown(judged.item.components, judged.item.found)
        return {
            "release": {name: getattr(record.release, name) for name in ("id", "project", "version", "context")},
            "evaluation": record.id,
            "evaluated_at": record.evaluated_at,
            "as_of": judged.on_file.day.isoformat(),
            "destinations": list(judged.situation.destinations or ()),
            "shipment": asked.shipment,
            "verdicts": {each.jurisdiction: shown_verdict(each, law, stale) for each in judged.assessment.verdicts},
            "block_release": judged.assessment.block_release,
            "open_points": evidence_needed(judged.assessment),
            "items": [shown_finding(each) for each in findings[:_MOST_LISTED]],
            "items_total": len(findings),
            "unknown": [{"name": each.name, "purl": each.purl} for each in nobody_knows[:_MOST_LISTED]],
            "unknown_total": len(nobody_knows),
            "classifications": msgspec.to_builtins(judged.situation.classifications),
            "notifications": msgspec.to_builtins(judged.situation.notifications),
            "statement": _statement(judged),
            "stale_tables": list(stale),
            "crypto_notice": judged.crypto_notice(record.release.project, record.release.version) or NONE_FOUND,
            "self_classification": [dict(zip(COLUMNS, row, strict=True)) for row in self._rows(record, judged)],
            "retention": f"Evidence is kept for at least {self.retention_years} years from the end of the calendar year "
            "of the export (Reg. (EU) 2021/821 Art. 27; 15 CFR §762.6).",
            "inputs": record.inputs,
        }

    def _rows(self, record: EvaluationRecord, judged: Judged) -> list[tuple[str, ...]]:
        """The product's rows in annual self-classification reports, by what is on file now."""
        facts = judged.on_file.facts
        reported = [each for each in facts.classifications if is_self_classified(each)]
        row = facts.statement.report or ReportRow()
        return sorted(report_row(record.release.project, each, row) for each in reported)


def _statement(judged: Judged) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(judged.situation)
    hidden = ("classifications", "notifications", "destinations", "jurisdictions", "components", "sbom")
    return {name: value for name, value in shown.items() if value is not None and name not in hidden}
