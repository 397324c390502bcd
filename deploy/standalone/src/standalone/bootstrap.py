"""Builds the four services in one process: SQLite files and blobs in a data folder, the in-memory broker."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI

import gateway.bootstrap
import gateway.settings
import obligations.bootstrap
import obligations.settings
import policy_eval.bootstrap
import policy_eval.settings
import sbom_ingest.bootstrap
import sbom_ingest.settings
from shared.messaging.memory import MemoryBroker
from shared.persistence.migrate import migrate
from standalone.settings import Settings

PACKAGES = {
    "sbom-ingest": "sbom_ingest",
    "policy-eval": "policy_eval",
    "obligations": "obligations",
    "gateway": "gateway",
}


def database_url(data_dir: Path, service: str) -> str:
    """Return the URL of a service's SQLite file."""
    return f"sqlite+aiosqlite:///{data_dir.absolute() / f'{service}.sqlite'}"


def migrate_all(data_dir: Path) -> None:
    """Bring all databases to the newest schema."""
    for service, package in PACKAGES.items():
        migrate(package, database_url(data_dir, service))


def create_app(settings: Settings, admin_key: str) -> FastAPI:
    """Return the gateway's application, whose lifespan runs the other services too; databases must be migrated.

    The services are in the same process but still know each other only through HTTP and events.
    """
    broker = MemoryBroker()
    apps: dict[str, Any] = {}
    common: dict[str, Any] = {
        # The signature is between parts of this one process, so that no one outside needs the key.
        "internal_key": secrets.token_urlsafe(48),
        "broker_url": "",
        "host": settings.host,
        "port": settings.port,
        "traces_url": settings.traces_url,
    }

    def values(service: str, **own: Any) -> dict[str, Any]:
        blobs = {} if service == "gateway" else {"blob_dir": settings.data_dir.absolute() / "blobs" / service}
        return common | blobs | {"database_url": database_url(settings.data_dir, service)} | own

    people = {"public_url": settings.public_url or f"http://{settings.host}:{settings.port}"}
    notices = {
        "organization_name": settings.organization_name,
        "open_source_contact": settings.open_source_contact,
        "notice_signing_key": settings.notice_signing_key,
    }
    door_values = {
        "rate_limit": settings.rate_limit,
        "audit_key": settings.audit_key,
        "token_issuers": settings.token_issuers,
        "webhook_networks": settings.webhook_networks,
    }
    apps["sbom-ingest"] = sbom_ingest.bootstrap.create_app(
        sbom_ingest.settings.Settings(**values("sbom-ingest")), broker
    )
    apps["policy-eval"] = policy_eval.bootstrap.create_app(
        policy_eval.settings.Settings(**values("policy-eval", **people)), broker, apps=apps
    )
    apps["obligations"] = obligations.bootstrap.create_app(
        obligations.settings.Settings(**values("obligations", **notices)), broker, apps=apps
    )
    door = gateway.bootstrap.create_app(
        gateway.settings.Settings(**values("gateway", admin_key=admin_key, **door_values)),
        broker,
        apps=apps,
    )
    return _with_lifespan_of_all(door, [door, apps["obligations"], apps["policy-eval"], apps["sbom-ingest"]])


def _with_lifespan_of_all(door: FastAPI, apps: list[FastAPI]) -> FastAPI:
    """Make the lifespan of `door` start all apps in this order and stop them in the opposite one.

    Who consumes starts before who publishes, so that an event of an earlier run meets every consumer; and who publishes
    stops first, so that what is at hand is finished down the line.
    """
    lifespans = [each.router.lifespan_context for each in apps]

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app, start in zip(apps, lifespans, strict=True):
                await stack.enter_async_context(start(app))
            yield

    door.router.lifespan_context = lifespan
    return door
