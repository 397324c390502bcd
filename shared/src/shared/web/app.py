"""`create_service_app`: a FastAPI application with all that every service has.

`/healthz` says that the event loop lives, `/readyz` whether requests can be served, `/metrics` shows the metrics. Every
other path needs the internal principal, unless the application guards itself (the gateway, its metrics included).
"""

import re
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from fastapi import FastAPI, Request
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.clock import Clock, uuid7
from shared.errors import InvalidInput, LicetError, Malformed
from shared.observability import Metrics, correlated, get_logger, log_request
from shared.persistence.faults import is_away
from shared.web.principal import HEADER, Principal, verify
from shared.web.problems import away_response, fault_response, install_problem_handlers, problem_response

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._\-]{1,128}")
_NOSNIFF = (b"x-content-type-options", b"nosniff")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
# What FastAPI could tell OpenTelemetry: unless it is told so, it asks at each request whether anybody listens.
_NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}

Check = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Service:
    """A service's name and what its application needs of the edge.

    `ready` are checks that raise when requests cannot be served; `degraded` names what is missing without harm.
    """

    name: str
    clock: Clock
    metrics: Metrics
    internal_key: str | None
    ready: tuple[Check, ...] = ()
    degraded: Callable[[], list[str]] = field(default=lambda: [])


def create_service_app(service: Service, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    """Return the application; `internal_key` None leaves the guarding to the application itself."""
    app = FastAPI(
        title=f"Licet {service.name}",
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
    )
    install_problem_handlers(app)
    _add_operations(app, service)
    if service.internal_key is not None:
        app.add_middleware(PrincipalGuard, service=service)
    app.add_middleware(RequestContext, service=service)
    return app


def principal_of(request: Request) -> Principal:
    """Return the verified caller of a request."""
    principal: Principal = request.state.principal
    return principal


def _add_operations(app: FastAPI, service: Service) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        return await _readiness(service)

    if service.internal_key is not None:

        @app.get("/metrics", include_in_schema=False)
        async def metrics() -> Response:
            return metrics_response(service.metrics)


async def _readiness(service: Service) -> Response:
    try:
        for check in service.ready:
            await check()
    except Exception as error:  # whatever it is, this process cannot serve
        get_logger(service.name).warning("not ready", error=repr(error))
        return JSONResponse({"status": "unavailable"}, 503)
    missing = service.degraded()
    return JSONResponse({"status": "ok"} | ({"degraded": missing} if missing else {}))


def metrics_response(metrics: Metrics) -> Response:
    """Return the metrics in Prometheus' text format."""
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


class PrincipalGuard:
    """Lets a request in only with a principal that the gateway signed for this service."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        token = dict(scope["headers"]).get(HEADER.encode(), b"").decode("latin-1")
        assert self._service.internal_key is not None
        try:
            principal = verify(token, self._service.name, self._service.internal_key, self._service.clock.now())
        except LicetError as error:
            await problem_response(error, scope["path"])(scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = principal
        await self._app(scope, receive, send)


class RequestContext:
    """Gives each request its id, puts it on log lines and the answer, answers faults, and measures the request."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._log = get_logger(service.name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        request_id = _taken(_REQUEST_ID, headers.get(b"x-request-id")) or uuid7(self._service.clock)
        traceparent = _taken(_TRACEPARENT, headers.get(b"traceparent")) or _new_traceparent()
        identity = ((b"x-request-id", request_id.encode()), (b"traceparent", traceparent.encode()), _NOSNIFF)
        started, statuses = time.perf_counter(), list[int]()

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
                message["headers"] = [*message.get("headers", ()), *identity]
            await send(message)

        scope.setdefault("state", {})["request_id"] = request_id
        with correlated(request_id=request_id, traceparent=traceparent):
            try:
                await self._answer(scope, receive, send_with_id)
            except Exception as error:
                failure = self._failure(error, scope["path"], request_id)
                if statuses:  # the answer has begun: all that is left is to break it off
                    raise
                await failure(scope, receive, send_with_id)
            finally:
                self._measure(scope, statuses[0] if statuses else 500, time.perf_counter() - started)

    def _failure(self, error: Exception, path: str, request_id: str) -> Response:
        if isinstance(error, ClientDisconnect):  # no fault of ours, and nobody is left to tell: measured as a refusal
            return problem_response(Malformed("The connection ended before the body did."), path)
        self._log.error("request failed", path=path, exc_info=error)
        return away_response(path, self._service.name) if is_away(error) else fault_response(path, request_id)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        # PostgreSQL stores no NUL in a text, so that no name, id or token of ours has one.
        if "\0" in scope["path"] or "%00" in scope["path"] or b"%00" in scope["query_string"]:
            error = InvalidInput("The address contains a NUL character.")
            await problem_response(error, scope["path"].replace("\0", "%00"))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _measure(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", None) or "other"
        self._service.metrics.note_request(scope["method"], route, status, seconds)
        if scope["path"] not in OPEN_PATHS:
            log_request(self._service.name, scope["method"], scope["path"], status, seconds)


def _new_traceparent() -> str:
    """Return the beginning of a trace (W3C Trace Context, §3.2): version 00, random ids, sampled."""
    ids = secrets.token_hex(24)
    return f"00-{ids[:32]}-{ids[32:]}-01"


def _taken(form: re.Pattern[str], value: bytes | None) -> str | None:
    if value is None:
        return None
    text = value.decode("latin-1")
    return text if form.fullmatch(text) else None
