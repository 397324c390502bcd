"""Builds policy-eval: the one file that knows all the others."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from policy_eval.adapters.active_duties import load_active_duties
from policy_eval.adapters.evaluation_reader import SqlEvaluationReader
from policy_eval.adapters.evaluations import SqlUnitOfWork
from policy_eval.adapters.inventories import HttpInventories
from policy_eval.adapters.shipped_policies import ShippedPolicies
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.application.compare_releases import CompareReleases
from policy_eval.application.evaluate_again import EvaluateAgain
from policy_eval.application.evaluate_release import CONSUMER, EvaluateRelease
from policy_eval.application.judge_license import JudgeLicense
from policy_eval.application.look_up import LookUp
from policy_eval.application.normalise_licenses import NormaliseLicenses
from policy_eval.application.report_failure import report_failure
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.entrypoints.http import comparison_routes, component_routes, evaluation_routes, internal_routes
from policy_eval.entrypoints.licenses import license_routes
from policy_eval.settings import Settings
from shared.clock import Clock
from shared.contracts.events import SBOM_INGESTED
from shared.licensing import load_catalogue, normalise
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetters
from shared.persistence.blobs import FolderBlobs
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
    policies, knowledge = ShippedPolicies(), LicenseKnowledge(load_catalogue(), normalise, load_active_duties())
    evaluate = EvaluateRelease(
        inventories=HttpInventories(Upstream("sbom-ingest", client, settings.internal_key, runtime.clock)),
        policies=policies,
        knowledge=knowledge,
        blobs=blobs,
        unit_of_work=runtime.unit_of_work(SqlUnitOfWork),
        clock=runtime.clock,
        new_id=runtime.new_id,
    )
    consumer = Consumer(
        CONSUMER,
        {SBOM_INGESTED: evaluate.handle},
        runtime.unit_of_work(SqlUnitOfWork),
        runtime.metrics,
        on_buried=report_failure,
    )
    app = runtime.app(settings.internal_key, consumer, (_closing(client),))
    reader = SqlEvaluationReader(runtime.database)
    look_up = LookUp(reader, read_version_range, settings.public_url)
    app.include_router(evaluation_routes(look_up, EvaluateAgain(reader, evaluate)))
    app.include_router(component_routes(look_up))
    app.include_router(comparison_routes(CompareReleases(reader, blobs)))
    app.include_router(internal_routes(look_up, JudgeLicense(policies, knowledge), blobs))
    app.include_router(license_routes(NormaliseLicenses(normalise)))
    app.include_router(dead_letter_routes(NAME, DeadLetters(runtime.database, consumer, runtime.clock)))
    return app


@asynccontextmanager
async def _closing(client: httpx.AsyncClient) -> AsyncIterator[None]:
    yield
    await client.aclose()
