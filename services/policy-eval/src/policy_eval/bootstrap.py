"""Builds policy-eval: the one file that knows all the others."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from policy_eval.adapters.active_duties import load_active_duties
from policy_eval.adapters.changes import SqlChanges
from policy_eval.adapters.compatibility_files import compatibility
from policy_eval.adapters.decision_records import SqlDecisionRecords
from policy_eval.adapters.decision_reviews import SqlDecisionReviews
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
from policy_eval.adapters.response_times import SqlResponseTimes
from policy_eval.adapters.shipped_policies import shipped_policies, shipped_schema
from policy_eval.adapters.stored_policies import StoredPolicies
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.adapters.waiver_uses import SqlWaiverUses
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
from policy_eval.application.follow_archive import FollowArchive
from policy_eval.application.gate_for_destinations import GateForDestinations
from policy_eval.application.judge_export import JudgeExport, JudgeStoredRelease
from policy_eval.application.judge_license import JudgeLicense
from policy_eval.application.keep_decisions import KeepDecisions
from policy_eval.application.keep_export_records import KeepExportRecords
from policy_eval.application.keep_organization import KeepOrganization
from policy_eval.application.keep_policies import KeepPolicies
from policy_eval.application.keep_response_times import KeepResponseTimes
from policy_eval.application.look_up import LookUp
from policy_eval.application.normalise_licenses import NormaliseLicenses
from policy_eval.application.notice_changes import NoticeChanges
from policy_eval.application.notice_export_days import NoticeExportDays
from policy_eval.application.recorded_decisions import RecordedDecisions
from policy_eval.application.reevaluations import AskForReevaluation
from policy_eval.application.report_exports import ReportExports
from policy_eval.application.report_failure import report_failure
from policy_eval.application.report_waivers import ReportWaivers
from policy_eval.application.show_export_dossier import ShowExportDossier
from policy_eval.application.show_export_tables import ShowExportTables
from policy_eval.application.show_queue import ShowQueue
from policy_eval.application.tell_versions import VersionsInForce
from policy_eval.application.watch_queue import WatchQueue
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
from policy_eval.entrypoints.queue_metrics import measure
from policy_eval.entrypoints.reevaluations import ReevaluationWorker, reevaluation_routes
from policy_eval.entrypoints.response_times import response_time_routes
from policy_eval.entrypoints.told_versions import TellVersions
from policy_eval.settings import Settings
from shared.bulk_lane import BulkLane
from shared.clock import Clock
from shared.contracts.events import RELEASE_ARCHIVED, SBOM_INGESTED
from shared.errors import Unavailable
from shared.licensing import load_catalogue, normalise
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetters
from shared.persistence.blobs import Blobs
from shared.persistence.faults import is_away
from shared.persistence.object_blobs import blobs_in
from shared.regularly import looked_at_regularly
from shared.service import ServiceRuntime
from shared.web.dead_letters import dead_letter_routes
from shared.web.upstream import Upstream, http_client

NAME = "policy-eval"


def create_app(
    settings: Settings, broker: Broker, clock: Clock | None = None, apps: Mapping[str, Any] | None = None
) -> FastAPI:
    """Return the service's application; `apps` holds services that run in this same process, by name."""
    runtime = ServiceRuntime(NAME, settings.database_url, broker, clock, settings.traces_url)
    blobs = blobs_in(settings.blob_dir, settings.blob_url)
    client = http_client(settings.sbom_ingest_url, (apps or {}).get("sbom-ingest"))
    unit_of_work = runtime.unit_of_work(SqlUnitOfWork)
    inventories = HttpInventories(Upstream("sbom-ingest", client, settings.internal_key, runtime.clock))
    policies = StoredPolicies(runtime.database, shipped_policies())
    records = SqlExportRecords(runtime.database)
    decisions, organizations = SqlDecisionRecords(runtime.database), SqlOrganizations(runtime.database)
    knowledge = LicenseKnowledge(load_catalogue(), normalise, load_active_duties(), compatibility().successors)
    judge = JudgeExport(_export_knowledge(), records, runtime.clock)
    evaluate = EvaluateRelease(
        inventories=inventories,
        policies=policies,
        knowledge=knowledge,
        compatibility=compatibility(),
        export=judge,
        recorded=RecordedDecisions(decisions, read_version_range, organizations),
        changes=SqlChanges(runtime.database),
        blobs=blobs,
        unit_of_work=unit_of_work,
        clock=runtime.clock,
        new_id=runtime.new_id,
    )
    requests, worker = _reevaluations(runtime, evaluate, lane := BulkLane())
    handlers = {SBOM_INGESTED: lane.first(evaluate.handle), RELEASE_ARCHIVED: FollowArchive(unit_of_work).handle}
    consumer = Consumer(CONSUMER, handlers, unit_of_work, runtime.metrics, on_buried=report_failure)
    app = runtime.app(settings.internal_key, consumer, (_closing(client), worker.working(), _queue_measured(runtime)))
    reader = SqlEvaluationReader(runtime.database)
    look_up = LookUp(reader, read_version_range, settings.public_url)
    app.include_router(evaluation_routes(look_up, EvaluateAgain(reader, evaluate)))
    app.include_router(internal_routes(look_up, JudgeLicense(policies, knowledge), blobs))
    judge_stored = JudgeStoredRelease(reader, inventories, policies, evaluate.recorded, judge)
    for router in (
        gate_routes(GateForDestinations(look_up, judge_stored)),
        *_question_routes(),
        *_release_routes(look_up, reader, blobs),
        *_export_routes(runtime, inventories, records, judge.knowledge, requests),
        *_queue_routes(runtime, requests),
        *_decision_routes(runtime, decisions, organizations, requests, settings.policy_two_people),
        *_policy_routes(runtime, policies, _dry_run(runtime, reader, evaluate), requests, settings),
    ):
        app.include_router(router)
    app.include_router(dossier_routes(ShowExportDossier(judge_stored, records, settings.export_retention_years)))
    app.user_middleware.append(_telling(policies, evaluate))
    app.include_router(dead_letter_routes(NAME, DeadLetters(runtime.database, consumer, runtime.clock)))
    return app


def _question_routes() -> tuple[APIRouter, ...]:
    """The routes over licences, whatever releases there are."""
    return (
        license_routes(NormaliseLicenses(normalise)),
        compatibility_routes(CheckCompatibility(compatibility(), normalise)),
    )


def _release_routes(look_up: LookUp, reader: SqlEvaluationReader, blobs: Blobs) -> tuple[APIRouter, ...]:
    return (
        component_routes(look_up),
        explain_routes(ExplainComponent(reader)),
        comparison_routes(CompareReleases(reader, blobs)),
    )


def _queue_routes(runtime: ServiceRuntime, requests: AskForReevaluation) -> tuple[APIRouter, ...]:
    times = SqlResponseTimes(runtime.database)
    return (
        queue_routes(ShowQueue(SqlQueue(runtime.database), times, runtime.clock)),
        response_time_routes(KeepResponseTimes(times, runtime.clock)),
        reevaluation_routes(requests),
    )


def _queue_measured(runtime: ServiceRuntime) -> AbstractAsyncContextManager[None]:
    database = runtime.database
    watch = WatchQueue(SqlQueue(database), SqlResponseTimes(database), runtime.clock)
    return looked_at_regularly(NAME, lambda: measure(watch, runtime.metrics))


def _decision_routes(
    runtime: ServiceRuntime,
    records: SqlDecisionRecords,
    organizations: SqlOrganizations,
    requests: AskForReevaluation,
    two_people: bool,
) -> tuple[APIRouter, ...]:
    check = CheckDecision(records, read_version_range, runtime.clock)
    reviews = SqlDecisionReviews(runtime.database)
    keep = KeepDecisions(records, reviews, check, requests, runtime.clock, runtime.new_id, two_people)
    exchange = ExchangeOrt(keep, read_ort_file, write_ort_file)
    return (
        ort_routes(exchange),
        decision_routes(keep, exchange, ReportWaivers(keep, SqlWaiverUses(runtime.database))),
        organization_routes(KeepOrganization(organizations, requests, runtime.clock)),
    )


def _dry_run(runtime: ServiceRuntime, reader: SqlEvaluationReader, evaluate: EvaluateRelease) -> DryRunPolicy:
    check = CheckPolicy(read_draft, evaluate.knowledge)
    return DryRunPolicy(SqlReleasesOfPolicy(runtime.database), reader, evaluate, check)


def _policy_routes(
    runtime: ServiceRuntime,
    policies: StoredPolicies,
    dry_run: DryRunPolicy,
    requests: AskForReevaluation,
    settings: Settings,
) -> tuple[APIRouter, ...]:
    two_people = settings.policy_two_people
    keep = KeepPolicies(policies, dry_run.check, requests, runtime.clock, runtime.new_id, two_people)
    checks = policy_check_routes(dry_run.check, dry_run, shipped_schema())
    return checks, policy_routes(keep), policy_version_routes(keep)  # in this order: `schema` is no name of a policy


def _reevaluations(
    runtime: ServiceRuntime, evaluate: EvaluateRelease, lane: BulkLane
) -> tuple[AskForReevaluation, ReevaluationWorker]:
    stored, woken = SqlReevaluations(runtime.database), asyncio.Event()
    requests = AskForReevaluation(stored, runtime.clock, runtime.new_id, woken.set)
    records, changes = evaluate.recorded.records, evaluate.changes
    notice = NoticeChanges(changes, records, requests, runtime.clock, _shipped(evaluate), evaluate.policies.of_age)
    work = WorkOffReevaluations(
        stored, evaluate, lane, runtime.clock, runtime.new_id(), asyncio.sleep, _is_passing, stored.unsent
    )
    export = evaluate.export
    days = NoticeExportDays(export.knowledge.law, changes, export.records, requests, runtime.clock)
    return requests, ReevaluationWorker(work, notice, days, woken)


def _telling(policies: StoredPolicies, evaluate: EvaluateRelease) -> Middleware:
    """What tells with each change by which versions releases are judged, in the words of an evaluation's inputs."""
    facts = {
        "license_catalogue": evaluate.knowledge.catalogue.version,
        "compatibility": evaluate.compatibility.sha256,
        "export_rules": evaluate.export.knowledge.version,
    }
    return Middleware(TellVersions, versions=VersionsInForce(policies, facts))


def _shipped(evaluate: EvaluateRelease) -> dict[str, str]:
    """The versions of all that evaluations depend on and that comes with the installation."""
    policies = "".join(each.loaded.sha256 for _, each in sorted(shipped_policies().items()))
    return {
        "the licence catalogue": evaluate.knowledge.catalogue.version,
        "the compatibility of licences": evaluate.compatibility.sha256,
        "the export catalogue": evaluate.export.knowledge.version,
        "the shipped policies": hashlib.sha256(policies.encode()).hexdigest(),
    }


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
        report_routes(ReportExports(records)),
    )


def _export_knowledge() -> ExportKnowledge:
    algorithms = shipped_algorithms()
    detector = Detector(shipped_knowledge_base(), algorithms)
    return ExportKnowledge(shipped_law(), detector, algorithms, shipped_version())


@asynccontextmanager
async def _closing(client: httpx.AsyncClient) -> AsyncIterator[None]:
    yield
    await client.aclose()
