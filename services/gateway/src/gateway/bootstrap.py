"""Builds the gateway: the one file that knows all the others."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.responses import Response
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gateway.adapters.audit import SqlTrail
from gateway.adapters.awaited_releases import SqlAwaitedReleases
from gateway.adapters.buckets import MemoryBuckets, SqlBuckets
from gateway.adapters.http_service import HttpService
from gateway.adapters.idempotency_keys import SqlKeyStore
from gateway.adapters.in_process_service import InProcessService
from gateway.adapters.keys import SqlKeys
from gateway.adapters.releases import SqlReleases, SqlUnitOfWork
from gateway.adapters.safe_connections import SafeAddresses, networks, resolve
from gateway.adapters.trusted_tokens import trusted_tokens
from gateway.adapters.webhook_sender import WebhookSender
from gateway.adapters.webhooks import SqlWebhooks
from gateway.application.access import Access
from gateway.application.archive_release import ArchiveRelease
from gateway.application.ask_services import CarefullyAsked, Circuit
from gateway.application.audit_trail import ShowAudit, VerifyAudit
from gateway.application.deliver_webhooks import DeliverWebhooks
from gateway.application.find_baseline import FindBaseline
from gateway.application.follow_releases import CONSUMER, FollowReleases
from gateway.application.idempotency import Idempotency
from gateway.application.limit_requests import LimitRequests, UploadSlots
from gateway.application.manage_keys import LastUse, ManageKeys
from gateway.application.manage_webhooks import ManageWebhooks
from gateway.application.ports import Tokens
from gateway.application.services import Service
from gateway.application.wait import Bell, WaitForRelease
from gateway.domain.access import ENDPOINTS
from gateway.entrypoints.archived import ArchivedRoutes
from gateway.entrypoints.audit import AuditRoutes
from gateway.entrypoints.audit_command import AuditCommand
from gateway.entrypoints.audited import Audited
from gateway.entrypoints.dead_letters import DeadLetterRoutes
from gateway.entrypoints.dependency_track import DependencyTrack
from gateway.entrypoints.door import Answer, Door, Visit
from gateway.entrypoints.doorway import Doorway, routes_of
from gateway.entrypoints.evaluated_anew import EvaluatedAnew
from gateway.entrypoints.gate import ShowGate
from gateway.entrypoints.http import ShowReleases, Uploads, show_version
from gateway.entrypoints.keys import KeyRoutes
from gateway.entrypoints.openapi import install_description
from gateway.entrypoints.relay import Relay, passed_back
from gateway.entrypoints.release_diff import ShowDifference
from gateway.entrypoints.release_events import ReleaseEvents
from gateway.entrypoints.release_metrics import measure
from gateway.entrypoints.repeated import Repeated
from gateway.entrypoints.webhooks import WebhookRoutes
from gateway.settings import Settings, TrailSettings
from shared.clock import Clock
from shared.contracts.events import CONSUMERS
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.unit_of_work import UnitOfWork
from shared.persistence.engine import Database
from shared.persistence.look_up import LookUps
from shared.regularly import looked_at_regularly
from shared.service import ServiceRuntime
from shared.web.app import metrics_response
from shared.web.dead_letters import dead_letter_routes
from shared.web.problems import install_problem_handlers
from shared.web.upstream import Signer

NAME = "gateway"
_SECONDS_BETWEEN_SAVES = 30


def create_app(
    settings: Settings, broker: Broker, clock: Clock | None = None, apps: Mapping[str, Any] | None = None
) -> FastAPI:
    """Return the gateway; `apps` holds services that run in this same process, by name."""
    parts = _Parts(settings, ServiceRuntime(NAME, settings.database_url, broker, clock, settings.traces_url))
    runtime = parts.runtime
    handlers = dict.fromkeys(CONSUMERS[NAME], parts.follow.handle)
    consumer = Consumer(CONSUMER, handlers, runtime.unit_of_work(UnitOfWork), runtime.metrics)
    services = services_of(settings, {NAME: _own_letters(runtime, consumer)} | dict(apps or {}))
    relay = Relay(services, Signer(settings.internal_key, runtime.clock))
    prepared = _prepared(parts, services)
    awaited = SqlAwaitedReleases(runtime.database)
    measured = looked_at_regularly(NAME, lambda: measure(awaited, runtime.clock, runtime.metrics))
    resources = (prepared, _remembered(parts.last_use), _closed(parts.tokens), parts.deliver.running(), measured)
    app = runtime.app(None, consumer, resources)
    answers = (
        _relayed(relay)
        | _own(parts, relay)
        | _keys(parts.manage)
        | _webhooks(parts.webhooks)
        | _operations(relay, parts)
    )
    app.user_middleware.append(Middleware(Doorway, door=parts.door(), routes=routes_of(answers)))
    install_description(app)
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)
    return app


class _Parts:
    """What several of the gateway's answers are made of."""

    def __init__(self, settings: Settings, runtime: ServiceRuntime) -> None:
        self.settings, self.runtime = settings, runtime
        self.look_ups = LookUps(runtime.database)
        keys, bell = SqlKeys(runtime.database, self.look_ups), Bell()
        self.releases = SqlReleases(runtime.database, self.look_ups)
        self.archive = ArchiveRelease(runtime.unit_of_work(SqlUnitOfWork), bell.ring, runtime.clock)
        self.wait = WaitForRelease(self.releases, bell)
        self.last_use = LastUse(keys)
        self.manage = ManageKeys(keys, self.last_use, runtime.clock, runtime.new_id)
        self.tokens = trusted_tokens(settings.token_issuers, runtime.clock)
        self.access = Access(keys, self.tokens, self.releases, runtime.clock, self.last_use.note)
        sender = WebhookSender(SafeAddresses(networks(settings.webhook_networks), resolve))
        webhooks = SqlWebhooks(runtime.database)
        self.deliver = DeliverWebhooks(webhooks, sender, runtime.clock)
        self.webhooks = ManageWebhooks(webhooks, sender, runtime.clock, runtime.new_id, self.deliver.wake)

        def changed(release_id: str) -> None:
            bell.ring(release_id)
            self.deliver.wake()

        self.follow = FollowReleases(runtime.unit_of_work(SqlUnitOfWork), changed, runtime.clock, runtime.new_id)
        self.trail = SqlTrail(runtime.database, settings.audit_key.encode())

    def door(self) -> Door:
        database, clock = self.runtime.database, self.runtime.clock
        buckets = MemoryBuckets() if database.is_sqlite else SqlBuckets(database)
        limit = LimitRequests(buckets, clock, self.settings.rate_limit)
        repeated = Repeated(Idempotency(SqlKeyStore(database), clock))
        return Door(self.access, limit, self.wait, repeated, Audited(self.trail, clock))


def audit_command() -> AuditCommand:
    """Return `audit verify`."""
    settings = TrailSettings()
    database, key = Database(settings.database_url), settings.audit_key.encode()
    return AuditCommand(VerifyAudit(SqlTrail(database, key), key), database.close)


def services_of(settings: Settings, apps: Mapping[str, Any]) -> dict[str, Service]:
    """Return the services behind the gateway by name; those in `apps` are in this process."""
    urls = {
        NAME: "",
        "sbom-ingest": settings.sbom_ingest_url,
        "policy-eval": settings.policy_eval_url,
        "obligations": settings.obligations_url,
    }

    def service(name: str, url: str) -> Service:
        reached = InProcessService(name, apps[name]) if name in apps else HttpService(name, url)
        return CarefullyAsked(reached, Circuit(name))

    return {name: service(name, url) for name, url in urls.items()}


def _own_letters(runtime: ServiceRuntime, consumer: Consumer[UnitOfWork]) -> FastAPI:
    """Return what answers for the gateway's own dead letters, reached in this process as the services' are by HTTP."""
    app = FastAPI(openapi_url=None)
    install_problem_handlers(app)
    app.include_router(dead_letter_routes(NAME, DeadLetters(runtime.database, consumer, runtime.clock)))
    return app


@asynccontextmanager
async def _prepared(parts: _Parts, services: dict[str, Service]) -> AsyncIterator[None]:
    await parts.manage.install_admin_key(parts.settings.admin_key)
    yield
    await parts.look_ups.close()
    for service in services.values():
        await service.close()


@asynccontextmanager
async def _closed(tokens: Tokens) -> AsyncIterator[None]:
    yield
    await tokens.close()


@asynccontextmanager
async def _remembered(last_use: LastUse) -> AsyncIterator[None]:
    """Store the last use of keys every half minute and at the end; what cannot be stored now is stored later."""

    async def save_now_and_then() -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_SAVES)
            with suppress(SQLAlchemyError, OSError):
                await last_use.save()

    saving = asyncio.create_task(save_now_and_then())
    try:
        yield
    finally:
        saving.cancel()
        with suppress(SQLAlchemyError, OSError):
            await last_use.save()


def _relayed(relay: Relay) -> dict[tuple[str, str], Answer]:
    def to(service: str) -> Answer:
        async def answer(visit: Visit) -> Response:
            path: str = visit.request.scope["path"]
            if visit.release is not None:
                path = f"/api/v1/releases/{visit.release.release.id}/{_below_release(path)}"
            if visit.request.method == "GET":
                return await relay(service, visit, path)
            return passed_back(await relay.read(service, visit, path))

        return answer

    return {(each.method, each.path): to(each.answered_by) for each in ENDPOINTS if each.answered_by != NAME}


def _below_release(path: str) -> str:
    """Return what follows the release: `/api/v1/releases/{id}/…` or `/api/v1/projects/{name}/releases/{version}/…`."""
    before = 6 if path.startswith("/api/v1/projects/") else 4
    return "/".join(path.split("/")[before + 1 :])


def _own(parts: _Parts, relay: Relay) -> dict[tuple[str, str], Answer]:
    uploads = Uploads(relay, parts.follow, parts.wait, UploadSlots(parts.settings.concurrent_uploads))
    show = ShowReleases(parts.releases, relay)
    archived = ArchivedRoutes(parts.archive, show)
    track = DependencyTrack(uploads, parts.releases)
    anew = EvaluatedAnew(relay, parts.wait)
    return {
        ("POST", "/api/v1/sboms"): uploads.post,
        ("POST", "/api/v1/bom"): track.upload,
        ("PUT", "/api/v1/bom"): track.upload,
        ("GET", "/api/v1/project/lookup"): track.look_up,
        ("GET", "/api/v1/project/{release_id}"): track.project,
        ("GET", "/api/v1/bom/token/{document_id}"): track.state,
        ("GET", "/api/v1/event/token/{document_id}"): track.state,
        ("GET", "/api/v1/releases"): show.all,
        ("GET", "/api/v1/projects"): show.projects,
        ("GET", "/api/v1/releases/{release_id}"): show.one,
        ("GET", "/api/v1/releases/{release_id}/steps"): show.steps,
        ("DELETE", "/api/v1/releases/{release_id}"): archived.delete,
        ("POST", "/api/v1/releases/{release_id}/restore"): archived.restore,
        ("GET", "/api/v1/releases/{release_id}/events"): ReleaseEvents(parts.access, parts.wait),
        ("POST", "/api/v1/releases/{release_id}/evaluations"): anew.by("policy-eval", "evaluations"),
        ("POST", "/api/v1/releases/{release_id}/attributions"): anew.by("obligations", "attributions"),
        ("GET", "/api/v1/releases/{release_id}/diff"): ShowDifference(relay),
        ("GET", "/api/v1/releases/{release_id}/gate"): ShowGate(relay, FindBaseline(parts.releases, parts.wait)),
        ("GET", "/api/v1/projects/{project}/releases/{version}"): show.one,
    }


def _keys(manage: ManageKeys) -> dict[tuple[str, str], Answer]:
    routes = KeyRoutes(manage)
    return {
        ("POST", "/api/v1/keys"): routes.create,
        ("GET", "/api/v1/keys"): routes.all,
        ("GET", "/api/v1/keys/{key_id}"): routes.one,
        ("DELETE", "/api/v1/keys/{key_id}"): routes.revoke,
        ("POST", "/api/v1/keys/{key_id}/rotate"): routes.rotate,
    }


def _webhooks(manage: ManageWebhooks) -> dict[tuple[str, str], Answer]:
    routes, one = WebhookRoutes(manage), "/api/v1/webhooks/{webhook_id}"
    return {
        ("GET", "/api/v1/webhooks"): routes.all,
        ("POST", "/api/v1/webhooks"): routes.create,
        ("GET", one): routes.one,
        ("DELETE", one): routes.remove,
        ("POST", f"{one}/rotate"): routes.rotate,
        ("POST", f"{one}/ping"): routes.ping,
        ("GET", f"{one}/deliveries"): routes.deliveries,
        ("POST", f"{one}/deliveries/{{delivery_id}}/redeliver"): routes.redeliver,
    }


def _operations(relay: Relay, parts: _Parts) -> dict[tuple[str, str], Answer]:
    letters = DeadLetterRoutes(relay)

    async def metrics(_visit: Visit) -> Response:
        return metrics_response(parts.runtime.metrics)

    return {
        ("GET", "/api/v1/audit"): AuditRoutes(ShowAudit(parts.trail)).all,
        ("GET", "/api/v1/dead-letters"): letters.all,
        ("POST", "/api/v1/dead-letters/{letter_id}/replay"): letters.replay,
        ("GET", "/api/v1/version"): show_version,
        ("GET", "/metrics"): metrics,
    }
