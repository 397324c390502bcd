"""Judge the export of a release by its inventories, what its project has on file, and the law of a day."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec
from msgspec import structs

from policy_eval.application.classify_export import ExportKnowledge, checked, own_statement
from policy_eval.application.ports import EvaluationReader, EvaluationRecord, InventorySource, Policies
from policy_eval.application.record_ports import ExportRecords
from policy_eval.application.recorded_decisions import RecordedDecisions
from policy_eval.domain.export.assessment import Assessment, Assessor, Item
from policy_eval.domain.export.checks import day_of
from policy_eval.domain.export.classification import is_current
from policy_eval.domain.export.crypto_notice import crypto_notice
from policy_eval.domain.export.detection import CryptoFinding, Inspected
from policy_eval.domain.export.export_policy import ASKED_ALL_THE_SAME, ExportPolicy
from policy_eval.domain.export.gate import export_finding
from policy_eval.domain.export.inspection import inspected, said_of_product
from policy_eval.domain.export.records import CHANGES_NO_VERDICT, ProjectExport, Shipment, project_export
from policy_eval.domain.export.situation import Situation
from policy_eval.domain.findings import Finding
from policy_eval.domain.policy import Policy
from policy_eval.domain.release import ReleaseInventory
from policy_eval.domain.waivers import Waivers
from shared.clock import Clock
from shared.computation import compute
from shared.contracts.inventory import Inventory
from shared.errors import ErrorAt, InvalidInput, NotFound


@dataclass(frozen=True, slots=True)
class OnFile:
    """What counts of a project on a day, and the digest of the records that say so."""

    facts: ProjectExport
    day: date
    sha256: str


@dataclass(frozen=True, slots=True)
class ExportQuestion:
    """Where a release is to go, on which day (None: today), and as which delivery on file, by its id (None: as none).

    A delivery has its own destination and the screening of its parties.
    """

    destinations: tuple[str, ...] = ()
    as_of: str | None = None
    shipment: str | None = None

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return bool(self.destinations or self.as_of is not None or self.shipment is not None)

    def day(self, today: date) -> date:
        """Return the day that is asked for; raises InvalidInput for what is none."""
        day = today if self.as_of is None else day_of(self.as_of)
        if day is None:
            message = f"a day such as 2026-01-31, and not {str(self.as_of)[:50]!r}"
            raise InvalidInput(f"as_of: {message}", errors=(ErrorAt("as_of", message),))
        return day


@dataclass(frozen=True, slots=True)
class Judged:
    """A release as it was judged: the question, the item, the verdicts and the finding about them."""

    situation: Situation
    item: Item
    assessment: Assessment
    finding: Finding | None
    on_file: OnFile
    assessor: Assessor

    def findings(self) -> Sequence[CryptoFinding]:
        """Return what counts of the product and of each component."""
        return self.assessor.findings(self.assessment.verdicts[0].jurisdiction, self.item)

    def crypto_notice(self, project: str, version: str) -> str | None:
        """Return the paragraph on cryptography for a NOTICE; None where there is none for data confidentiality."""
        return crypto_notice(project, version, self.findings(), self.assessment)


@dataclass(frozen=True, slots=True)
class JudgeExport:
    """The use case, with what it needs."""

    knowledge: ExportKnowledge
    records: ExportRecords
    clock: Clock

    async def on_file(self, project: str, asked_day: date | None = None) -> OnFile:
        """Return what counts of the project on the day, today if none is asked for, of all that is on file now.

        The digest changes with the day on which a classification ends.
        """
        records = [each for each in await self.records.of_project(project) if each.kind not in CHANGES_NO_VERDICT]
        facts, day = project_export(records), asked_day or self.clock.now().date()
        current = [is_current(each, day) for each in facts.classifications]
        digest = hashlib.sha256(msgspec.json.encode((records, current))).hexdigest()
        return OnFile(facts, day, digest)

    async def shipment(self, project: str, id_: str) -> Shipment:
        """Return the delivery of the project; raises NotFound, for one that was withdrawn too."""
        record = await self.records.get("shipment", id_)
        content = record.content()
        if record.project != project or record.state != "in-effect" or not isinstance(content, Shipment):
            raise NotFound(f"There is no shipment {id_!r} of {project!r} in effect.")
        return content

    def inputs(self, policy: Policy, context: str, on_file: OnFile) -> dict[str, str]:
        """Return what the finding of an evaluation depends on; nothing where the policy does not look at export."""
        if not policy.looks_at_export_in(context):
            return {}
        law = {"export_rules": self.knowledge.version, "export_law": self.knowledge.law.since(on_file.day).isoformat()}
        return law | {"export_records": on_file.sha256}

    def judged(
        self,
        project: str,
        inventories: Mapping[str, Inventory],
        policy: ExportPolicy,
        on_file: OnFile,
        destinations: Sequence[str] = (),
    ) -> Judged:
        """Judge the parts of a release, by name, as one item; raises InvalidInput for an unknown destination."""
        jurisdictions = policy.jurisdictions or self.knowledge.law.lists.jurisdictions
        situation = on_file.facts.situation(policy.published, jurisdictions, destinations)
        # What is on file was checked when it was filed, so that no evaluation fails for it.
        checked(Situation(destinations=situation.destinations), on_file.day, self.knowledge.law)
        assessor = Assessor(situation, self.knowledge.law, on_file.day, self.knowledge.detector)
        item = self._item(situation, inventories)
        assessment = assessor.assess(jurisdictions, item)
        finding = export_finding(assessment, item, policy, project, bool(destinations))
        return Judged(situation, item, assessment, finding, on_file, assessor)

    def found(
        self, release: ReleaseInventory, policy: Policy, on_file: OnFile
    ) -> tuple[tuple[Finding, ...], str | None]:
        """What an evaluation finds without being asked for a destination, and says of cryptography in the NOTICE.

        Nothing if the policy does not want it to look.
        """
        export = policy.export.get(release.context)
        if export is None or export.found is None:
            return (), None
        inventories = {name: part.inventory for name, part in release.parts.items()}
        judged = self.judged(release.project, inventories, export, on_file)
        notice = judged.crypto_notice(release.project, release.version)
        return (() if judged.finding is None else (judged.finding,)), notice

    def _item(self, situation: Situation, inventories: Mapping[str, Inventory]) -> Item:
        detector = self.knowledge.detector
        components: list[Inspected] = []
        found: list[CryptoFinding | None] = []
        said: list[CryptoFinding] = []
        for _, inventory in sorted(inventories.items()):
            read, edges = inspected(inventory, self.knowledge.algorithms)
            components += read
            said += said_of_product(inventory, self.knowledge.algorithms)
            found += detector.all(read, edges)
        return Item(own_statement(situation.crypto, detector, said), components, found)


@dataclass(frozen=True, slots=True)
class JudgeStoredRelease:
    """Judges a release that is stored, as one of its evaluations saw it, for destinations, with the waivers of today."""

    reader: EvaluationReader
    inventories: InventorySource
    policies: Policies
    recorded: RecordedDecisions
    judge: JudgeExport

    async def __call__(
        self, release_id: str, evaluation_id: str | None, asked: ExportQuestion
    ) -> tuple[EvaluationRecord, Judged]:
        """Return the evaluation and the judgement; raises NotFound, Unavailable, InvalidInput."""
        day = asked.day(self.judge.clock.now().date())
        record = await self.reader.record(release_id, evaluation_id)
        digests: Mapping[str, Any] = record.inputs["inventories"]
        bodies = {part: await self.inventories.fetch(digest) for part, digest in digests.items()}
        loaded = await self.policies.active(record.policy.name)
        policy = loaded.policy.export.get(record.release.context, ASKED_ALL_THE_SAME)
        on_file, destinations = await self._asked(record.release.project, asked, day)
        judged = await compute(self._judged, record.release.project, bodies, policy, on_file, destinations)
        return record, await self._waived(record, judged)

    async def _asked(self, project: str, asked: ExportQuestion, day: date) -> tuple[OnFile, tuple[str, ...]]:
        """What is on file, with the screening of the delivery that is asked about, and where it goes."""
        on_file = await self.judge.on_file(project, day)
        if asked.shipment is None:
            return on_file, asked.destinations
        if asked.destinations:
            message = "leave it out: a shipment has its own"
            raise InvalidInput(f"destination: {message}", errors=(ErrorAt("destination", message),))
        shipment = await self.judge.shipment(project, asked.shipment)
        return replace(on_file, facts=on_file.facts.screened(shipment)), (shipment.destination,)

    async def _waived(self, record: EvaluationRecord, judged: Judged) -> Judged:
        if judged.finding is None:
            return judged
        decided = await self.recorded.of(record.release.project, self.judge.clock.now())
        release = record.release
        waivers = Waivers(self.recorded.read(decided).waivers, release.version, release.context)
        return replace(judged, finding=structs.replace(judged.finding, waiver=waivers.of(judged.finding)))

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
