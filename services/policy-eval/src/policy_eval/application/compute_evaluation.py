"""Computes an evaluation from the documents and the facts, without the database: what is stored of it, and what it tells."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from policy_eval.application.basis import basis_of
from policy_eval.application.difference import Base, shared_with
from policy_eval.application.evaluation_rows import EvaluationRows
from policy_eval.application.explanations import explained
from policy_eval.application.judge_export import JudgeExport, OnFile
from policy_eval.application.ports import LoadedPolicy
from policy_eval.application.recorded_decisions import ProjectDecisions, RecordedDecisions
from policy_eval.application.rows import rows_of
from policy_eval.application.tell_steps import FoundSteps, found_steps
from policy_eval.application.trial import Trial
from policy_eval.domain.compatibility import Compatibility
from policy_eval.domain.definitions import with_whole_definitions
from policy_eval.domain.evaluation import Evaluation, evaluate
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.linked_findings import linked_findings
from policy_eval.domain.outbound import outbound_findings
from policy_eval.domain.purls import package_key
from policy_eval.domain.release import PartInventory, ReleaseInventory
from policy_eval.domain.waivers import waived
from shared.contracts.events import CurrentDocument, Gate, ReleaseState
from shared.contracts.inventory import Inventory
from shared.tracing import traced

Read = list[tuple[CurrentDocument, bytes]]
"""The current documents with their encoded inventories."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What is kept of an evaluation; the evaluation itself, much larger, is forgotten before anything is stored.

    `decisions` is their encoding, or, where they are those of the base, their digest. `about` is the digest of what people
    decided about the release.
    """

    gate: Gate
    findings_total: int
    rows: EvaluationRows
    decisions: bytes | str
    about: str
    steps: FoundSteps


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What people have put on file for the project."""

    export: OnFile
    decided: ProjectDecisions


@dataclass(frozen=True, slots=True)
class Facts:
    """What an evaluation goes by, beside the documents; `base` is an earlier one of the same documents."""

    policy: LoadedPolicy
    on_record: OnRecord
    base: Base | None = None


@dataclass(frozen=True, slots=True)
class ComputeEvaluation:
    """The computation, with what it needs."""

    knowledge: LicenseKnowledge
    compatibility: Compatibility
    export: JudgeExport
    recorded: RecordedDecisions

    def inputs(
        self, release: ReleaseState, current: list[CurrentDocument], policy: LoadedPolicy, on_record: OnRecord
    ) -> dict[str, Any]:
        """Return what an evaluation depends on, beside the decisions about it: with the same it comes to the same."""
        return self.export.inputs(policy.policy, release.context, on_record.export) | {
            "documents": {each.part: each.sha256 for each in current},
            "inventories": {each.part: each.inventory_sha256 for each in current},
            "policy": {"name": policy.identity.name, "version": policy.identity.version, "sha256": policy.sha256},
            "license_catalogue": self.knowledge.catalogue.version,
            "compatibility": self.compatibility.sha256,
            "organization": str(on_record.decided.organization_version),
            **({"day": on_record.decided.today.isoformat()} if policy.policy.looks_at_age else {}),
        }

    @traced("evaluate")
    def __call__(self, release: ReleaseState, read: Read, facts: Facts, id_: str) -> Computed:
        """Evaluate the release as the evaluation of this id; raises UnknownContext."""
        evaluation = self._evaluated(release, read, facts)
        explanations = explained(evaluation)
        shared = shared_with(facts.base, explanations)
        rows = rows_of(evaluation, id_, release.id, explanations, shared)
        rows = replace(rows, basis=basis_of(evaluation, facts.policy.policy))
        decisions = shared.decisions_sha256 or msgspec.json.encode(evaluation.release)
        packages = (
            package_key(each.purl, each.version) for part in evaluation.parts for each in part.inventory.components
        )
        about = self.recorded.digest(facts.on_record.decided, packages, release)
        steps = found_steps(evaluation, release.id, facts.policy.policy)
        return Computed(evaluation.gate, len(evaluation.findings), rows, decisions, about, steps)

    @traced("try a policy")
    def trial(self, release: ReleaseState, read: Read, facts: Facts) -> Trial:
        """What an evaluation would say; raises UnknownContext."""
        evaluation = self._evaluated(release, read, facts)
        fingerprints = frozenset(each.fingerprint for each in evaluation.findings)
        return Trial(evaluation.gate, fingerprints, sum(len(part.decisions) for part in evaluation.parts))

    def _evaluated(self, release: ReleaseState, read: Read, facts: Facts) -> Evaluation:
        policy, on_record = facts.policy.policy, facts.on_record
        parts = {document.part: _part(document, body) for document, body in read}
        inventory = ReleaseInventory(release.project, release.version, release.context, parts)
        decided = self.recorded.read(on_record.decided)
        evaluation = evaluate(inventory, policy, self.knowledge, decided)
        for contradictions in (outbound_findings, linked_findings):
            evaluation = evaluation.with_findings(
                contradictions(evaluation, self.compatibility, self.knowledge.normalise)
            )
        found, notice = self.export.found(inventory, policy, on_record.export)
        return replace(waived(evaluation.with_findings(found), decided.waivers), crypto_notice=notice)


def _part(document: CurrentDocument, body: bytes) -> PartInventory:
    inventory = msgspec.json.decode(body, type=Inventory)
    return PartInventory(with_whole_definitions(inventory), document.sha256, document.quality)
