"""An evaluation by a policy whose context goes out under another licence than the shipped ones."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from policy_eval.adapters.active_duties import load_active_duties
from policy_eval.adapters.changes import SqlChanges
from policy_eval.adapters.compatibility_files import compatibility
from policy_eval.adapters.decision_records import SqlDecisionRecords
from policy_eval.adapters.evaluation_reader import SqlEvaluationReader
from policy_eval.adapters.evaluations import SqlUnitOfWork
from policy_eval.adapters.export_records import SqlExportRecords
from policy_eval.adapters.organizations import SqlOrganizations
from policy_eval.adapters.policy_files import default_policy
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.application.evaluate_release import EvaluateRelease
from policy_eval.application.judge_export import JudgeExport
from policy_eval.application.ports import LoadedPolicy
from policy_eval.application.recorded_decisions import RecordedDecisions
from policy_eval.domain.knowledge import LicenseKnowledge
from shared.clock import id_source
from shared.contracts.events import CurrentDocument, PolicyVersion, ReleaseState
from shared.contracts.inventory import Inventory
from shared.licensing import load_catalogue, normalise
from shared.persistence.blobs import FolderBlobs
from shared.persistence.engine import Database
from tests.support.builders import a_component, an_inventory
from tests.support.export import shipped_knowledge
from tests.support.gateway import SettableClock


@dataclass(frozen=True)
class _OneInventory:
    inventory: Inventory

    async def fetch(self, sha256: str) -> bytes:
        return msgspec.json.encode(self.inventory)


class _GplOutbound:
    """The default policy, whose public context goes out under GPL-2.0-only."""

    async def active(self, name: str | None) -> LoadedPolicy:
        policy = default_policy()
        context = msgspec.structs.replace(policy.context("public-oss-eupl"), outbound="GPL-2.0-only")
        policy = replace(policy, contexts={**policy.contexts, context.name: context})
        return LoadedPolicy(policy, PolicyVersion("default", 2), "of the test")


def evaluator(database: Database, folder: Path, inventory: Inventory) -> EvaluateRelease:
    clock = SettableClock()
    new_id = id_source(clock)
    return EvaluateRelease(
        inventories=_OneInventory(inventory),
        policies=_GplOutbound(),
        knowledge=LicenseKnowledge(load_catalogue(), normalise, load_active_duties()),
        compatibility=compatibility(),
        export=JudgeExport(shipped_knowledge(), SqlExportRecords(database), clock),
        recorded=RecordedDecisions(SqlDecisionRecords(database), read_version_range, SqlOrganizations(database)),
        changes=SqlChanges(database),
        blobs=FolderBlobs(folder),
        unit_of_work=lambda: SqlUnitOfWork(database, "policy-eval", clock, new_id, lambda: None),
        clock=clock,
        new_id=new_id,
    )


async def test_an_evaluation_stores_what_the_outbound_licence_contradicts(evaluations_url: str, tmp_path: Path) -> None:
    database = Database(evaluations_url)
    evaluate = evaluator(database, tmp_path, an_inventory(a_component("Apache-2.0"), a_component("MIT", name="b")))
    release = ReleaseState("r", "shop", "1", "public-oss-eupl", 1, "2026-03-01T12:00:00Z")
    digest = hashlib.sha256(b"inventory").hexdigest()

    id_ = await evaluate.again(release, [CurrentDocument("main", "d", digest, digest)])

    reader = SqlEvaluationReader(database)
    record = await reader.record("r", id_)
    [finding] = [each for each in await reader.findings(id_, -1, 10) if each["kind"] == "compatibility"]
    await database.close()
    assert (record.gate.verdict, record.gate.counts.error) == ("fail", 1)
    assert (finding["rule"], finding["subject"]["name"]) == ("compatibility/outbound", "left-pad")
    assert record.inputs["compatibility"] == compatibility().sha256
