"""Builds policy-eval: the one file that knows all the others."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI

from policy_eval.adapters.active_duties import load_active_duties
from policy_eval.adapters.compatibility_files import compatibility
from policy_eval.adapters.evaluation_reader import SqlEvaluationReader
from policy_eval.adapters.evaluations import SqlUnitOfWork
from policy_eval.adapters.export_files import shipped_algorithms, shipped_knowledge_base, shipped_law
from policy_eval.adapters.export_records import SqlExportRecords
from policy_eval.adapters.inventories import HttpInventories
from policy_eval.adapters.queue_reader import SqlQueue
from policy_eval.adapters.reevaluations import SqlReevaluations
from policy_eval.adapters.shipped_policies import ShippedPolicies
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.application.bulk_lane import BulkLane
from policy_eval.application.check_compatibility import CheckCompatibility
from policy_eval.application.classify_export import ClassifyExport, ExportKnowledge
from policy_eval.application.compare_releases import CompareReleases
from policy_eval.application.evaluate_again import EvaluateAgain
from policy_eval.application.evaluate_release import CONSUMER, EvaluateRelease
from policy_eval.application.gate_for_destinations import GateForDestinations
from policy_eval.application.judge_export import JudgeExport, JudgeStoredRelease
from policy_eval.application.judge_license import JudgeLicense
from policy_eval.application.keep_export_records import KeepExportRecords
from policy_eval.application.look_up import LookUp
from policy_eval.application.normalise_licenses import NormaliseLicenses
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
    policies, records = ShippedPolicies(), SqlExportRecords(runtime.database)
    knowledge = LicenseKnowledge(load_catalogue(), normalise, load_active_duties())
    judge = JudgeExport(_export_knowledge(), records, runtime.clock)
    evaluate = EvaluateRelease(
        inventories=inventories,
        policies=policies,
        knowledge=knowledge,
        compatibility=compatibility(),
        export=judge,
        blobs=blobs,
        unit_of_work=runtime.unit_of_work(SqlUnitOfWork),
        clock=runtime.clock,
        new_id=runtime.new_id,
    )
    lane = BulkLane()
    requests, worker = _reevaluations(runtime, evaluate, lane)
    consumer = Consumer(
        CONSUMER,
        {SBOM_INGESTED: lane.first(evaluate.handle)},
        runtime.unit_of_work(SqlUnitOfWork),
        runtime.metrics,
        on_buried=report_failure,
    )
    app = runtime.app(settings.internal_key, consumer, (_closing(client), worker.working()))
    reader = SqlEvaluationReader(runtime.database)
    look_up = LookUp(reader, read_version_range, settings.public_url)
    app.include_router(evaluation_routes(look_up, EvaluateAgain(reader, evaluate)))
    app.include_router(component_routes(look_up))
    app.include_router(queue_routes(ShowQueue(SqlQueue(runtime.database))))
    app.include_router(reevaluation_routes(requests))
    app.include_router(comparison_routes(CompareReleases(reader, blobs)))
    app.include_router(internal_routes(look_up, JudgeLicense(policies, knowledge), blobs))
    app.include_router(license_routes(NormaliseLicenses(normalise)))
    app.include_router(compatibility_routes(CheckCompatibility(compatibility(), normalise)))
    judge_stored = JudgeStoredRelease(reader, inventories, policies, judge)
    app.include_router(gate_routes(GateForDestinations(look_up, judge_stored)))
    for router in _export_routes(runtime, inventories, records, judge.knowledge):
        app.include_router(router)
    dossier = ShowExportDossier(judge_stored, records, settings.export_retention_years)
    app.include_router(dossier_routes(dossier))
    app.include_router(dead_letter_routes(NAME, DeadLetters(runtime.database, consumer, runtime.clock)))
    return app


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
    runtime: ServiceRuntime, inventories: HttpInventories, records: SqlExportRecords, knowledge: ExportKnowledge
) -> tuple[APIRouter, ...]:
    return (
        classification_routes(
            ClassifyExport(knowledge, inventories, records, runtime.clock),
            ShowExportTables(knowledge.law, records, runtime.clock),
        ),
        record_routes(KeepExportRecords(records, knowledge.law, runtime.clock, runtime.new_id)),
        report_routes(ReportSelfClassification(records)),
    )


def _export_knowledge() -> ExportKnowledge:
    algorithms = shipped_algorithms()
    return ExportKnowledge(shipped_law(), Detector(shipped_knowledge_base(), algorithms), algorithms)


@asynccontextmanager
async def _closing(client: httpx.AsyncClient) -> AsyncIterator[None]:
    yield
    await client.aclose()
