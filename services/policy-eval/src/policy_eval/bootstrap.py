"""Builds policy-eval: the one file that knows all the others."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI

from policy_eval.adapters.active_duties import load_active_duties
from policy_eval.adapters.compatibility_files import compatibility
from policy_eval.adapters.decision_records import SqlDecisionRecords
from policy_eval.adapters.evaluation_reader import SqlEvaluationReader
from policy_eval.adapters.evaluations import SqlUnitOfWork
from policy_eval.adapters.export_files import shipped_algorithms, shipped_knowledge_base, shipped_law, shipped_version
from policy_eval.adapters.export_records import SqlExportRecords
from policy_eval.adapters.inventories import HttpInventories
from policy_eval.adapters.organizations import SqlOrganizations
from policy_eval.adapters.ort_export import write_ort_file
from policy_eval.adapters.ort_files import read_ort_file
from policy_eval.adapters.policy_drafts import read_draft
from policy_eval.adapters.queue_reader import SqlQueue
from policy_eval.adapters.reevaluations import SqlReevaluations
from policy_eval.adapters.releases_of_policy import SqlReleasesOfPolicy
from policy_eval.adapters.shipped_policies import shipped_policies, shipped_schema
from policy_eval.adapters.stored_policies import StoredPolicies
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.application.bulk_lane import BulkLane
from policy_eval.application.check_compatibility import CheckCompatibility
from policy_eval.application.check_decision import CheckDecision
from policy_eval.application.check_policy import CheckPolicy
from policy_eval.application.classify_export import ClassifyExport, ExportKnowledge
from policy_eval.application.compare_releases import CompareReleases
from policy_eval.application.dry_run_policy import DryRunPolicy
from policy_eval.application.evaluate_again import EvaluateAgain
from policy_eval.application.evaluate_release import CONSUMER, EvaluateRelease
from policy_eval.application.exchange_ort import ExchangeOrt
from policy_eval.application.explain_component import ExplainComponent
from policy_eval.application.gate_for_destinations import GateForDestinations
from policy_eval.application.judge_export import JudgeExport, JudgeStoredRelease
from policy_eval.application.judge_license import JudgeLicense
from policy_eval.application.keep_decisions import KeepDecisions
from policy_eval.application.keep_export_records import KeepExportRecords
from policy_eval.application.keep_organization import KeepOrganization
from policy_eval.application.keep_policies import KeepPolicies
from policy_eval.application.look_up import LookUp
from policy_eval.application.normalise_licenses import NormaliseLicenses
from policy_eval.application.recorded_decisions import RecordedDecisions
from policy_eval.application.reevaluations import AskForReevaluation
from policy_eval.application.report_failure import report_failure
from policy_eval.application.report_self_classification import ReportSelfClassification
from policy_eval.application.show_export_dossier import ShowExportDossier
from policy_eval.application.show_export_tables import ShowExportTables
from policy_eval.application.show_queue import ShowQueue
from policy_eval.application.work_off_reevaluations import WorkOffReevaluations
from policy_eval.domain.export.detection import Detector
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.entrypoints.compatibility import compatibility_routes
from policy_eval.entrypoints.decisions import decision_routes
from policy_eval.entrypoints.explain import explain_routes
from policy_eval.entrypoints.export import classification_routes
from policy_eval.entrypoints.export_dossier import dossier_routes, report_routes
from policy_eval.entrypoints.export_records import record_routes
from policy_eval.entrypoints.gate import gate_routes
from policy_eval.entrypoints.http import (
    comparison_routes,
    component_routes,
    evaluation_routes,
    internal_routes,
)
from policy_eval.entrypoints.licenses import license_routes
from policy_eval.entrypoints.organization import organization_routes
from policy_eval.entrypoints.ort_files import ort_routes
from policy_eval.entrypoints.policies import policy_check_routes, policy_routes, policy_version_routes
from policy_eval.entrypoints.queue import queue_routes
from policy_eval.entrypoints.reevaluations import ReevaluationWorker, reevaluation_routes
from policy_eval.settings import Settings
from shared.clock import Clock
from shared.contracts.events import SBOM_INGESTED
from shared.errors import Unavailable
from shared.licensing import load_catalogue, normalise
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetters
from shared.persistence.blobs import FolderBlobs
from shared.persistence.faults import is_away
from shared.service import ServiceRuntime
from shared.web.dead_letters import dead_letter_routes
from shared.web.upstream import Upstream, http_client

NAME = "policy-eval"


def create_app(
    settings: Settings, broker: Broker, clock: Clock | None = None, apps: Mapping[str, Any] | None = None
) -> FastAPI:
    """Return the service's application; `apps` holds services that run in this same process, by name."""
    runtime = ServiceRuntime(NAME, settings.database_url, broker, clock)
    blobs = FolderBlobs(settings.blob_dir)
    client = http_client(settings.sbom_ingest_url, (apps or {}).get("sbom-ingest"))
    inventories = HttpInventories(Upstream("sbom-ingest", client, settings.internal_key, runtime.clock))
    policies = StoredPolicies(runtime.database, shipped_policies())
    records = SqlExportRecords(runtime.database)
    decisions, organizations = SqlDecisionRecords(runtime.database), SqlOrganizations(runtime.database)
    knowledge = LicenseKnowledge(load_catalogue(), normalise, load_active_duties())
    judge = JudgeExport(_export_knowledge(), records, runtime.clock)
    evaluate = EvaluateRelease(
        inventories=inventories,
        policies=policies,
        knowledge=knowledge,
        compatibility=compatibility(),
        export=judge,
        recorded=RecordedDecisions(decisions, read_version_range, organizations),
        blobs=blobs,
        unit_of_work=runtime.unit_of_work(SqlUnitOfWork),
        clock=runtime.clock,
        new_id=runtime.new_id,
    )
    lane = BulkLane()
    requests, worker = _reevaluations(runtime, evaluate, lane)
    unit_of_work, handlers = runtime.unit_of_work(SqlUnitOfWork), {SBOM_INGESTED: lane.first(evaluate.handle)}
    consumer = Consumer(CONSUMER, handlers, unit_of_work, runtime.metrics, on_buried=report_failure)
    app = runtime.app(settings.internal_key, consumer, (_closing(client), worker.working()))
    reader = SqlEvaluationReader(runtime.database)
    look_up = LookUp(reader, read_version_range, settings.public_url)
    app.include_router(evaluation_routes(look_up, EvaluateAgain(reader, evaluate)))
    app.include_router(internal_routes(look_up, JudgeLicense(policies, knowledge), blobs))
    app.include_router(license_routes(NormaliseLicenses(normalise)))
    app.include_router(compatibility_routes(CheckCompatibility(compatibility(), normalise)))
    judge_stored = JudgeStoredRelease(reader, inventories, policies, evaluate.recorded, judge)
    app.include_router(gate_routes(GateForDestinations(look_up, judge_stored)))
    for router in (
        *_release_routes(look_up, reader, blobs),
        *_export_routes(runtime, inventories, records, judge.knowledge, requests),
        *_queue_routes(runtime, requests),
        *_decision_routes(runtime, decisions, organizations, requests),
        *_policy_routes(runtime, policies, _dry_run(runtime, reader, evaluate), requests),
    ):
        app.include_router(router)
    dossier = ShowExportDossier(judge_stored, records, settings.export_retention_years)
    app.include_router(dossier_routes(dossier))
    app.include_router(dead_letter_routes(NAME, DeadLetters(runtime.database, consumer, runtime.clock)))
    return app


def _release_routes(look_up: LookUp, reader: SqlEvaluationReader, blobs: FolderBlobs) -> tuple[APIRouter, ...]:
    return (
        component_routes(look_up),
        explain_routes(ExplainComponent(reader)),
        comparison_routes(CompareReleases(reader, blobs)),
    )


def _queue_routes(runtime: ServiceRuntime, requests: AskForReevaluation) -> tuple[APIRouter, ...]:
    return queue_routes(ShowQueue(SqlQueue(runtime.database))), reevaluation_routes(requests)


def _decision_routes(
    runtime: ServiceRuntime,
    records: SqlDecisionRecords,
    organizations: SqlOrganizations,
    requests: AskForReevaluation,
) -> tuple[APIRouter, ...]:
    check = CheckDecision(records, read_version_range, runtime.clock)
    keep = KeepDecisions(records, check, requests, runtime.clock, runtime.new_id)
    exchange = ExchangeOrt(keep, read_ort_file, write_ort_file)
    return (
        ort_routes(exchange),
        decision_routes(keep, exchange),
        organization_routes(KeepOrganization(organizations, requests, runtime.clock)),
    )


def _dry_run(runtime: ServiceRuntime, reader: SqlEvaluationReader, evaluate: EvaluateRelease) -> DryRunPolicy:
    check = CheckPolicy(read_draft, evaluate.knowledge)
    return DryRunPolicy(SqlReleasesOfPolicy(runtime.database), reader, evaluate, check)


def _policy_routes(
    runtime: ServiceRuntime, policies: StoredPolicies, dry_run: DryRunPolicy, requests: AskForReevaluation
) -> tuple[APIRouter, ...]:
    keep = KeepPolicies(policies, dry_run.check, requests, runtime.clock, runtime.new_id)
    checks = policy_check_routes(dry_run.check, dry_run, shipped_schema())
    return checks, policy_routes(keep), policy_version_routes(keep)  # in this order: `schema` is no name of a policy


def _reevaluations(
    runtime: ServiceRuntime, evaluate: EvaluateRelease, lane: BulkLane
) -> tuple[AskForReevaluation, ReevaluationWorker]:
    stored = SqlReevaluations(runtime.database)
    work = WorkOffReevaluations(stored, evaluate, lane, runtime.clock, runtime.new_id(), asyncio.sleep, _is_passing)
    worker = ReevaluationWorker(work)
    return AskForReevaluation(stored, runtime.clock, runtime.new_id, worker.wake), worker


def _is_passing(error: Exception) -> bool:
    return isinstance(error, Unavailable) or is_away(error)


def _export_routes(
    runtime: ServiceRuntime,
    inventories: HttpInventories,
    records: SqlExportRecords,
    knowledge: ExportKnowledge,
    requests: AskForReevaluation,
) -> tuple[APIRouter, ...]:
    return (
        classification_routes(
            ClassifyExport(knowledge, inventories, records, runtime.clock),
            ShowExportTables(knowledge.law, records, runtime.clock),
        ),
        record_routes(KeepExportRecords(records, knowledge.law, requests, runtime.clock, runtime.new_id)),
        report_routes(ReportSelfClassification(records)),
    )


def _export_knowledge() -> ExportKnowledge:
    algorithms = shipped_algorithms()
    detector = Detector(shipped_knowledge_base(), algorithms)
    return ExportKnowledge(shipped_law(), detector, algorithms, shipped_version())


@asynccontextmanager
async def _closing(client: httpx.AsyncClient) -> AsyncIterator[None]:
    yield
    await client.aclose()
