"""Requests as spans: outermost, so that the request's own identity is that of its span."""

from opentelemetry.trace import Span, SpanKind, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.tracing import Tracing, traceparent_of
from shared.web.app import OPEN_PATHS

_HEADER = b"traceparent"


class TracedRequests:
    """Makes each request a span, and hands it on with the `traceparent` of that span in place of its own."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        headers = [(name, value) for name, value in scope["headers"] if name != _HEADER]
        parent = dict(scope["headers"]).get(_HEADER, b"").decode("latin-1")
        with self._tracing.span(method, SpanKind.SERVER, parent, {"http.request.method": method}) as span:
            handed_on = {**scope, "headers": [*headers, (_HEADER, traceparent_of(span).encode())]}

            async def noted_send(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _note_answer(span, handed_on, message["status"])
                await send(message)

            await self._app(handed_on, receive, noted_send)


def _note_answer(span: Span, scope: Scope, status: int) -> None:
    """Say what was answered. The route is the path as the table of routes has it, since a path itself may name secrets."""
    span.set_attribute("http.response.status_code", status)
    route = getattr(scope.get("route"), "path", None)
    if route is not None:
        span.set_attribute("http.route", route)
        span.update_name(f"{scope['method']} {route}")
    span.set_attribute("licet.request_id", scope["state"]["request_id"])
    if status >= 500:
        span.set_status(StatusCode.ERROR)
