"""Builds obligations: the one file that knows all the others."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI

from obligations.adapters.approvals import SqlApprovalReader
from obligations.adapters.archived_texts import SqlArchivedTexts
from obligations.adapters.attribution_bundles import read_bundle
from obligations.adapters.attributions import SqlAttributions
from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.adapters.decisions import HttpDecisions
from obligations.adapters.derivations import SqlDerivationReader, SqlUnitOfWork
from obligations.adapters.ed25519_signer import Ed25519Signer
from obligations.adapters.evaluation_again import HttpEvaluationRequester
from obligations.adapters.inquiries import SqlInquiries
from obligations.adapters.license_verdicts import HttpLicenseJudge
from obligations.adapters.own_analyses import SqlOwnAnalyses
from obligations.adapters.renderers.cyclonedx_sbom import render_cyclonedx
from obligations.adapters.renderers.html_notice import render_html, render_html_by_license
from obligations.adapters.renderers.json_notice import read_json, render_json
from obligations.adapters.renderers.markdown_notice import render_markdown, render_markdown_by_license
from obligations.adapters.renderers.sources_csv import render_csv
from obligations.adapters.renderers.spdx_rdf import render_spdx_rdf
from obligations.adapters.renderers.spdx_serialisations import (
    render_spdx_json,
    render_spdx_tag_value,
    render_spdx_xml,
    render_spdx_yaml,
)
from obligations.adapters.renderers.text_notice import render_text, render_text_by_license
from obligations.adapters.response_times import HttpResponseTimes
from obligations.adapters.templates import JinjaTemplates, SqlTemplates
from obligations.application.answer_question import AnswerQuestion
from obligations.application.approve import Approve
from obligations.application.archive_texts import ArchiveTexts
from obligations.application.change_obligation import ChangeObligation
from obligations.application.compare_releases import CompareReleases
from obligations.application.current_catalogue import CurrentCatalogue
from obligations.application.derive_release import CONSUMER, DeriveRelease, is_in_bulk
from obligations.application.export_sbom import ExportSbom
from obligations.application.give_attributions import GiveAttributions
from obligations.application.include_scopes import IncludeScopes
from obligations.application.keep_analyses import KeepAnalyses
from obligations.application.keep_inquiries import KeepInquiries
from obligations.application.keep_templates import KeepTemplates, PrintByTemplate
from obligations.application.list_evidence import ListEvidence
from obligations.application.look_up import LookUp
from obligations.application.make_product_notice import MakeProductNotice
from obligations.application.print_notice import PrintNotice
from obligations.application.report_failure import report_failure
from obligations.application.sign_notice import Signer, SignNotice
from obligations.domain.notice import Organization
from obligations.entrypoints.analysis_routes import analysis_routes
from obligations.entrypoints.approval_routes import approval_routes
from obligations.entrypoints.fresh_notice import PrintFresh
from obligations.entrypoints.inquiry_metrics import measure
from obligations.entrypoints.inquiry_routes import inquiry_routes
from obligations.entrypoints.internal_routes import internal_routes
from obligations.entrypoints.license_routes import license_routes
from obligations.entrypoints.notice_routes import (
    attribution_routes,
    notice_routes,
    product_routes,
    sbom_routes,
    source_routes,
)
from obligations.entrypoints.obligation_routes import obligation_routes
from obligations.entrypoints.signature_routes import signature_routes
from obligations.entrypoints.template_routes import template_routes
from obligations.settings import Settings
from shared.bulk_lane import InTwoLanes
from shared.clock import Clock
from shared.contracts.events import RELEASE_EVALUATED
from shared.licensing import load_catalogue
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.unit_of_work import UnitOfWork
from shared.persistence.look_up import LookUps
from shared.persistence.object_blobs import blobs_in
from shared.regularly import looked_at_regularly
from shared.service import ServiceRuntime
from shared.web.dead_letters import dead_letter_routes
from shared.web.upstream import Upstream, http_client

NAME = "obligations"
GENERATOR = f"Licet {version('licet-obligations')}"
SBOM_RENDERERS = {
    "cyclonedx-json": render_cyclonedx,
    "spdx-json": render_spdx_json,
    "spdx-yaml": render_spdx_yaml,
    "spdx-xml": render_spdx_xml,
    "spdx-rdf": render_spdx_rdf,
    "spdx-tag-value": render_spdx_tag_value,
}
RENDERERS = {"text": render_text, "markdown": render_markdown, "html": render_html, "json": render_json}
_FORMS = {
    **{(format_, "component"): render for format_, render in RENDERERS.items()},
    ("json", "license"): render_json,
    ("text", "license"): render_text_by_license,
    ("markdown", "license"): render_markdown_by_license,
    ("html", "license"): render_html_by_license,
}


def create_app(
    settings: Settings, broker: Broker, clock: Clock | None = None, apps: Mapping[str, Any] | None = None
) -> FastAPI:
    """Return the service's application; `apps` holds services that run in this same process, by name."""
    runtime = ServiceRuntime(NAME, settings.database_url, broker, clock, settings.traces_url)
    blobs = blobs_in(settings.blob_dir, settings.blob_url)
    client = http_client(settings.policy_eval_url, (apps or {}).get("policy-eval"))
    policy_eval = Upstream("policy-eval", client, settings.internal_key, runtime.clock)
    catalogue = CurrentCatalogue(load_obligation_catalogue(), SqlOwnAnalyses(runtime.database))
    attributions = SqlAttributions(runtime.database)
    keep = KeepTemplates(SqlTemplates(runtime.database), JinjaTemplates(), blobs, runtime.clock)
    archive = ArchiveTexts(SqlArchivedTexts(runtime.database), HttpDecisions(policy_eval), blobs)
    signer = Ed25519Signer(settings.notice_signing_key) if settings.notice_signing_key else None
    organization = Organization(settings.organization_name, settings.open_source_contact)
    decisions = HttpDecisions(policy_eval)
    derive = DeriveRelease(
        decisions=decisions,
        attributions=attributions,
        catalogue=catalogue,
        organization=organization,
        generator=GENERATOR,
        renderers=RENDERERS,
        blobs=blobs,
        unit_of_work=runtime.unit_of_work(SqlUnitOfWork),
        clock=runtime.clock,
        headers=keep.header,
        archive=archive,
        signer=signer,
    )
    consumer = _consumer(runtime, derive)
    look_ups = LookUps(runtime.database)
    inquiries = SqlInquiries(runtime.database)
    app = runtime.app(settings.internal_key, consumer, (_closing(client, look_ups), _measured(runtime, inquiries)))
    look_up = LookUp(SqlDerivationReader(runtime.database, look_ups), blobs)
    include = IncludeScopes(look_up, decisions, catalogue, organization, read_json)
    evaluation = HttpEvaluationRequester(policy_eval)
    give = GiveAttributions(look_up.reader, archive, attributions, evaluation, blobs, runtime.clock, runtime.new_id)
    for router in (
        *_notice_routers(look_up, keep, include, signer),
        sbom_routes(ExportSbom(look_up, decisions, SBOM_RENDERERS, GENERATOR)),
        attribution_routes(give, read_bundle),
        *_routers_of_people(runtime, settings, look_up, attributions),
        internal_routes(CompareReleases(look_up.reader)),
        analysis_routes(KeepAnalyses(catalogue.own, catalogue.shipped, runtime.clock)),
        license_routes(AnswerQuestion(catalogue, HttpLicenseJudge(policy_eval))),
        inquiry_routes(_kept(inquiries, runtime, policy_eval, look_up)),
    ):
        app.include_router(router)
    app.include_router(dead_letter_routes(NAME, DeadLetters(runtime.database, consumer, runtime.clock)))
    return app


def _consumer(runtime: ServiceRuntime, derive: DeriveRelease) -> Consumer[UnitOfWork]:
    handlers = {RELEASE_EVALUATED: InTwoLanes(derive.handle, is_in_bulk)}
    unit_of_work = runtime.unit_of_work(UnitOfWork)
    return Consumer(CONSUMER, handlers, unit_of_work, runtime.metrics, on_buried=report_failure)


def _measured(runtime: ServiceRuntime, inquiries: SqlInquiries) -> AbstractAsyncContextManager[None]:
    return looked_at_regularly(NAME, lambda: measure(inquiries, runtime.clock, runtime.metrics))


def _kept(inquiries: SqlInquiries, runtime: ServiceRuntime, policy_eval: Upstream, look_up: LookUp) -> KeepInquiries:
    return KeepInquiries(inquiries, HttpResponseTimes(policy_eval), look_up.reader, runtime.clock, runtime.new_id)


def _notice_routers(
    look_up: LookUp, keep: KeepTemplates, include: IncludeScopes, signer: Signer | None
) -> Iterator[APIRouter]:
    printed = PrintNotice(look_up, read_json, _FORMS)
    fresh = PrintFresh(_FORMS, PrintByTemplate(keep))
    yield notice_routes(look_up, printed, fresh, include)
    yield signature_routes(printed, SignNotice(look_up, printed, signer))
    yield template_routes(keep)
    yield source_routes(look_up, render_csv)
    exceptions = frozenset(each.id for each in load_catalogue().exceptions)
    yield product_routes(MakeProductNotice(look_up, read_json, keep.header, exceptions), fresh)


def _routers_of_people(
    runtime: ServiceRuntime, settings: Settings, look_up: LookUp, attributions: SqlAttributions
) -> tuple[APIRouter, APIRouter]:
    """What people say of obligations, and what they approve."""
    unit_of_work, approvals = runtime.unit_of_work(SqlUnitOfWork), SqlApprovalReader(runtime.database)
    approve = Approve(look_up, approvals, attributions, unit_of_work, runtime.clock, runtime.new_id)
    change = ChangeObligation(unit_of_work, runtime.clock, settings.verification_two_people)
    return obligation_routes(look_up, change, ListEvidence(look_up.reader)), approval_routes(approve)


@asynccontextmanager
async def _closing(client: httpx.AsyncClient, look_ups: LookUps) -> AsyncIterator[None]:
    yield
    await client.aclose()
    await look_ups.close()
