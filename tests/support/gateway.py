"""The gateway in this process, between a client and stand-ins for the services, which record what reaches them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
from fastapi import FastAPI
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from gateway.bootstrap import create_app
from gateway.settings import Settings
from shared.clock import Clock, timestamp, uuid7
from shared.contracts.documents import Buckets, Document, Quality, Root
from shared.contracts.envelope import SPEC_VERSION, Envelope, encode
from shared.contracts.events import (
    DERIVATION_FAILED,
    EVALUATION_FAILED,
    OBLIGATIONS_DERIVED,
    RELEASE_EVALUATED,
    SBOM_INGESTED,
    Counts,
    CurrentDocument,
    Gate,
    ObligationsDerived,
    PolicyVersion,
    Problem,
    ReleaseEvaluated,
    ReleaseState,
    SbomIngested,
    StageFailed,
)
from shared.contracts.steps import Step
from shared.messaging.broker import Message
from shared.messaging.memory import MemoryBroker
from shared.web.principal import HEADER, Principal, verify
from tests.support.migrated import sqlite_copy

ADMIN_KEY = "licet_the-first-administrator-of-the-tests"
INTERNAL_KEY = "an internal key that only the services know"
SERVICES = ("sbom-ingest", "policy-eval", "obligations")


@dataclass
class SettableClock:
    """A clock that stands still until it is moved."""

    moment: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def advance(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


@dataclass(frozen=True)
class Received:
    """A request as a service saw it; `principal` is what the gateway vouched for."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    principal: Principal


Answerer = Callable[[Received], Awaitable[Response]]


@dataclass
class StandIn:
    """An application in the place of a service. Refuses, as the real one does, what the gateway has not signed."""

    name: str
    clock: Clock
    answer: Answerer = field(default_factory=lambda: usual_answer)
    received: list[Received] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        token = request.headers.get(HEADER, "")
        principal = verify(token, self.name, INTERNAL_KEY, self.clock.now())
        path, query = scope["raw_path"].decode(), scope["query_string"].decode()
        headers = dict(request.headers)
        seen = Received(request.method, path, query, headers, await request.body(), principal)
        self.received.append(seen)
        await (await self.answer(seen))(scope, receive, send)

    def answers(self, response: Response) -> None:
        """Give this answer from now on."""

        async def answer(_seen: Received) -> Response:
            return response

        self.answer = answer


@dataclass
class GatewayUnderTest:
    """A running gateway, the client of its first administrator, and what is around it."""

    app: FastAPI
    client: httpx.AsyncClient
    services: dict[str, StandIn]
    clock: SettableClock
    broker: MemoryBroker
    database_file: Path

    async def new_key(self, *roles: str, projects: tuple[str, ...] = ("*",), **more: Any) -> dict[str, Any]:
        """Make a key; return it as it was shown, the secret included."""
        body = {"name": "of a test", "roles": roles, "projects": projects} | more
        answer = await self.client.post("/api/v1/keys", json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def tell(self, *events: Struct) -> None:
        """Publish the events, each as a new message, and return when the gateway has handled them."""
        for event in events:
            await self.broker.publish(message_of(event, uuid7(self.clock)))

    async def know(self, project: str, version: str = "1", **more: Any) -> ReleaseState:
        """Tell the gateway of an evaluated release with its obligations; return it."""
        state = a_release_state(project, version, id=uuid7(self.clock), **more)
        await self.tell(ingested(state), evaluated(state), derived(state))
        return state

    def reached(self) -> list[Received]:
        """Return all requests that reached a service."""
        return [each for service in self.services.values() for each in service.received]

    def forget(self) -> None:
        """Forget what has reached the services so far."""
        for service in self.services.values():
            service.received.clear()


@asynccontextmanager
async def running_gateway(
    folder: Path,
    clock: SettableClock | None = None,
    urls: Mapping[str, str] | None = None,
    admin_key: str = ADMIN_KEY,
    **chosen: Any,
) -> AsyncIterator[GatewayUnderTest]:
    """Run a gateway with its database below `folder`; a service with an URL is there instead of in this process.

    `chosen` are settings; there is no limit of requests by default.
    """
    clock = clock or SettableClock()
    database_file = folder / "gateway.sqlite"
    if not database_file.exists():
        sqlite_copy("gateway", database_file)
    services = {name: StandIn(name, clock) for name in SERVICES if name not in (urls or {})}
    broker = MemoryBroker()
    where: dict[str, Any] = {f"{name.replace('-', '_')}_url": url for name, url in (urls or {}).items()}
    values = {"rate_limit": 0} | where | chosen
    settings = Settings(
        database_url=f"sqlite+aiosqlite:///{database_file}",
        broker_url="",
        internal_key=INTERNAL_KEY,
        admin_key=admin_key,
        **values,
    )
    app = create_app(settings, broker, clock, services)
    async with app.router.lifespan_context(app), client_of(app, admin_key) as client:
        yield GatewayUnderTest(app, client, services, clock, broker, database_file)


def client_of(app: FastAPI, key: str | None = None) -> httpx.AsyncClient:
    """Return a client of the application in this process."""
    headers = [] if key is None else [(b"X-Api-Key", key.encode())]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://licet.example", headers=headers)


async def usual_answer(seen: Received) -> Response:
    """What a service answers when nothing is the matter."""
    if (seen.method, seen.path) == ("POST", "/api/v1/sboms"):
        return upload_answer(a_release_state("uploaded"))
    if "unknown" in seen.path.split("/"):
        return a_problem(404, "not-found")
    if seen.path == "/internal/v1/releases":
        return JSONResponse([])
    if seen.path.endswith("/diff"):
        return JSONResponse({"components": {}, "limit": 10_000, "truncated": {}})
    if seen.path.endswith("/obligation-diff"):
        return JSONResponse({"added": [], "removed": [], "changed": [], "totals": {"added": 0}})
    return JSONResponse({"items": [], "next_page_token": None})


def a_problem(status: int, kind: str, detail: str = "of a service") -> Response:
    """Return a problem as the services answer it."""
    body = {"type": f"urn:licet:problem:{kind}", "title": kind, "status": status, "detail": detail, "instance": "/"}
    return JSONResponse(body, status, media_type="application/problem+json")


def upload_answer(state: ReleaseState, status: int = 202, wait: str = "0") -> Response:
    """Return what sbom-ingest answers to an upload."""
    shown = {"release": state, "document": a_document(state), "replayed": status == 200, "wait": wait}
    return Response(msgspec.json.encode(shown), status, media_type="application/json")


def a_release_state(project: str = "shop", version: str = "1", revision: int = 1, **facts: Any) -> ReleaseState:
    """A release as of one revision."""
    return ReleaseState(
        id=facts.pop("id", "01950000-0000-7000-8000-000000000001"),
        project=project,
        version=version,
        context="proprietary-distributed",
        revision=revision,
        created_at=timestamp(SettableClock().moment),
        **facts,
    )


def document_id(state: ReleaseState, part: str = "main") -> str:
    """Return the id that the document of a release's revision and part has in these tests."""
    return f"{state.id[:24]}{state.revision:04x}{part:0>8.8}"


def a_document(state: ReleaseState, part: str = "main") -> Document:
    """The document that brought the release to this revision."""
    return Document(
        id=document_id(state, part),
        part=part,
        sha256="0" * 64,
        format="cyclonedx",
        spec_version="1.6",
        serialization="json",
        tool=[],
        root=Root(name=state.project),
        buckets=Buckets(1, 1, 0, 0),
        services=0,
        files=0,
        quality=Quality(1.0),
    )


def ingested(state: ReleaseState, **parts: str) -> SbomIngested:
    """The event that this revision has these documents, one `main` unless told: part → document id."""
    current = parts or {"main": document_id(state)}
    listed = [CurrentDocument(part, id_, "0" * 64, "1" * 64) for part, id_ in sorted(current.items())]
    return SbomIngested(state, a_document(state), listed)


def evaluated(state: ReleaseState, evaluation: str = "e1", verdict: Any = "pass") -> ReleaseEvaluated:
    """The event that this revision has a verdict."""
    gate = Gate(verdict, Counts())
    return ReleaseEvaluated(state, evaluation, "2026-03-01T12:00:00Z", PolicyVersion("default", 1), gate, "2" * 64)


def derived(state: ReleaseState, evaluation: str = "e1") -> ObligationsDerived:
    """The event that the obligations of an evaluation are there."""
    return ObligationsDerived(state, evaluation, 3, "final", "3" * 64, 0)


def with_steps(event: Any, steps: list[Step], **facts: Any) -> Any:
    """The event, telling of these steps."""
    return msgspec.structs.replace(event, steps=steps, **facts)


def failed(state: ReleaseState, stage: Any = "evaluated", evaluation: str | None = None) -> StageFailed:
    """The event that a stage of this revision was given up."""
    problem = Problem(f"urn:licet:problem:{stage}-failed", "Failed", f"{stage} could not be done")
    return StageFailed(state, stage, problem, evaluation)


def message_of(event: Any, id_: str) -> Message:
    """Return the event as it is on the wire."""
    type_ = _type_of(event)
    data = msgspec.Raw(msgspec.json.encode(event))
    envelope = Envelope(id_, "/licet/elsewhere", type_, event.release.id, "2026-03-01T12:00:00Z", data, SPEC_VERSION)
    return Message(id_, type_, event.release.id, encode(envelope))


def _type_of(event: Any) -> str:
    match event:
        case SbomIngested():
            return SBOM_INGESTED
        case ReleaseEvaluated():
            return RELEASE_EVALUATED
        case ObligationsDerived():
            return OBLIGATIONS_DERIVED
        case StageFailed(stage="evaluated"):
            return EVALUATION_FAILED
        case _:
            return DERIVATION_FAILED
