"""Judge the export of a release by its inventories, what its project has on file, and the law of a day."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from policy_eval.application.classify_export import ExportKnowledge, checked, own_statement
from policy_eval.application.ports import EvaluationReader, EvaluationRecord, ExportRecords, InventorySource, Policies
from policy_eval.domain.export.assessment import Assessment, Assessor, Item
from policy_eval.domain.export.detection import CryptoFinding, Inspected
from policy_eval.domain.export.export_policy import ASKED_ALL_THE_SAME, ExportPolicy
from policy_eval.domain.export.gate import export_finding
from policy_eval.domain.export.inspection import inspected
from policy_eval.domain.export.records import ProjectExport, project_export
from policy_eval.domain.export.situation import Situation
from policy_eval.domain.findings import Finding
from policy_eval.domain.policy import Policy
from shared.clock import Clock
from shared.computation import compute
from shared.contracts.inventory import Inventory


@dataclass(frozen=True, slots=True)
class OnFile:
    """What counts of a project on a day, and the digest of the records that say so."""

    facts: ProjectExport
    day: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A release as it was judged: the question, the item, the verdicts and the finding about them."""

    situation: Situation
    item: Item
    assessment: Assessment
    finding: Finding | None
    day: date
    assessor: Assessor

    def findings(self) -> Sequence[CryptoFinding]:
        """Return what counts of the product and of each component."""
        return self.assessor.findings(self.assessment.verdicts[0].jurisdiction, self.item)


@dataclass(frozen=True, slots=True)
class JudgeExport:
    """The use case, with what it needs."""

    knowledge: ExportKnowledge
    records: ExportRecords
    clock: Clock

    @property
    def data_date(self) -> str:
        """The day on which the rules were last worked on."""
        return self.knowledge.law.rules.data_date.isoformat()

    async def on_file(self, project: str) -> OnFile:
        """Return what counts of the project today."""
        records = await self.records.of_project(project)
        digest = hashlib.sha256(msgspec.json.encode(records)).hexdigest()
        return OnFile(project_export(records), self.clock.now().date(), digest)

    def judged(
        self,
        project: str,
        inventories: Mapping[str, Inventory],
        policy: ExportPolicy,
        on_file: OnFile,
        destinations: Sequence[str] = (),
    ) -> Judged:
        """Judge the parts of a release, by name, as one item; raises InvalidInput for an unknown destination."""
        situation = on_file.facts.situation(policy.published, policy.jurisdictions, destinations)
        checked(situation, on_file.day, self.knowledge.law)
        assessor = Assessor(situation, self.knowledge.law, on_file.day, self.knowledge.detector)
        item = self._item(situation, inventories)
        assessment = assessor.assess(policy.jurisdictions, item)
        finding = export_finding(assessment, item, policy, project, bool(destinations))
        return Judged(situation, item, assessment, finding, on_file.day, assessor)

    def found(
        self, project: str, inventories: Mapping[str, Inventory], policy: Policy, context: str, on_file: OnFile
    ) -> tuple[Finding, ...]:
        """What an evaluation finds without being asked for a destination, if the policy wants it to look."""
        export = policy.export.get(context)
        if export is None or export.found is None:
            return ()
        finding = self.judged(project, inventories, export, on_file).finding
        return () if finding is None else (finding,)

    def _item(self, situation: Situation, inventories: Mapping[str, Inventory]) -> Item:
        detector = self.knowledge.detector
        components: list[Inspected] = []
        found: list[CryptoFinding | None] = []
        for _, inventory in sorted(inventories.items()):
            read, edges = inspected(inventory, self.knowledge.algorithms)
            components += read
            found += detector.all(read, edges)
        return Item(own_statement(situation.crypto, detector), components, found)


@dataclass(frozen=True, slots=True)
class JudgeStoredRelease:
    """Judges a release that is stored, as one of its evaluations saw it, for destinations."""

    reader: EvaluationReader
    inventories: InventorySource
    policies: Policies
    judge: JudgeExport

    async def __call__(
        self, release_id: str, evaluation_id: str | None, destinations: Sequence[str] = ()
    ) -> tuple[EvaluationRecord, Judged]:
        """Return the evaluation and the judgement; raises NotFound, Unavailable, InvalidInput."""
        record = await self.reader.record(release_id, evaluation_id)
        digests: Mapping[str, Any] = record.inputs["inventories"]
        bodies = {part: await self.inventories.fetch(digest) for part, digest in digests.items()}
        loaded = await self.policies.active(record.policy.name)
        policy = loaded.policy.export.get(record.release.context, ASKED_ALL_THE_SAME)
        on_file = await self.judge.on_file(record.release.project)
        judged = await compute(self._judged, record.release.project, bodies, policy, on_file, tuple(destinations))
        return record, judged

    def _judged(
        self,
        project: str,
        bodies: Mapping[str, bytes],
        policy: ExportPolicy,
        on_file: OnFile,
        destinations: tuple[str, ...],
    ) -> Judged:
        inventories = {part: msgspec.json.decode(body, type=Inventory) for part, body in bodies.items()}
        return self.judge.judged(project, inventories, policy, on_file, destinations)
