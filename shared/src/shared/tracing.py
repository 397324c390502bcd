"""Spans of the work at hand, sent to a collector of traces where one is named, and nothing at all where none is.

Requests, events, outbox rows and log lines carry a `traceparent` anyway (W3C Trace Context, version 00). At the edge of a
service a span begins as a child of the one that came in and stands in its place while it lasts, so that whatever is asked,
stored or emitted meanwhile belongs to it: also after a restart, since an event keeps it in its row.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Final, ParamSpec, TypeVar, cast

from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.observability import correlated, correlation, identity

Attributes = Mapping[str, str | int]
_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

_WIRE: Final = TraceContextTextMapPropagator()
_SECONDS_TO_SEND: Final = 5
_NO_SPAN: Final = nullcontext[None]()


class Tracing:
    """Sends the spans of one service to `url` by OTLP over HTTP, in batches and from a thread of its own.

    A collector that is away costs spans, never a request. What is not said here - headers, the share that is sampled, sizes
    of batches - the SDK takes from its own variables, `OTEL_…`.
    """

    def __init__(self, service: str, url: str) -> None:
        # A quarter of a second of every start, for the few who write traces.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - loads slowly
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - loads slowly
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - loads slowly
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - loads slowly

        resource = Resource.create({"service.name": service, "service.namespace": "licet"})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(url, timeout=_SECONDS_TO_SEND)))
        self._tracer = self._provider.get_tracer("licet")

    @contextmanager
    def span(self, name: str, kind: SpanKind, parent: str, attributes: Attributes) -> Iterator[Span]:
        """Be a child of the `traceparent` that is given (of none, if it is empty) while the context lasts.

        An error is told by its type alone: its text may hold what an SBOM or a secret says.
        """
        context = _WIRE.extract({"traceparent": parent})
        span = self._tracer.start_span(name, context, kind, {**_ids(), **attributes})
        at_hand = _tracing.set(self)
        try:
            with correlated(traceparent=traceparent_of(span)):
                yield span
        except BaseException as error:
            span.set_status(StatusCode.ERROR, type(error).__name__)
            raise
        finally:
            _tracing.reset(at_hand)
            span.end()

    def close(self) -> None:
        """Send what is left, which takes the seconds of one try at most where nobody listens."""
        self._provider.shutdown()


_tracing: ContextVar[Tracing | None] = ContextVar("licet_tracing", default=None)


def span(name: str) -> AbstractContextManager[Any]:
    """Return a context that is a span of the request or message at hand."""
    tracing = _tracing.get()
    return _NO_SPAN if tracing is None else tracing.span(name, SpanKind.INTERNAL, correlation()[1], {})


def traced(name: str) -> Callable[[Callable[_Arguments, _Result]], Callable[_Arguments, _Result]]:
    """Make every call of a function, or of a coroutine function, a span of the work at hand."""

    def decorated(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
        if not iscoroutinefunction(function):

            @wraps(function)
            def call(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Result:
                with span(name):
                    return function(*arguments, **named)

            return call

        awaited = cast(Callable[_Arguments, Awaitable[Any]], function)

        @wraps(function)
        async def call_later(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> Any:
            with span(name):
                return await awaited(*arguments, **named)

        return cast(Callable[_Arguments, _Result], call_later)

    return decorated


def traceparent_of(span: Span) -> str:
    """Return the header that makes others children of the span."""
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _ids() -> Attributes:
    """The ids of the work at hand, as log lines have them."""
    return {f"licet.{name}": value for name, value in identity().items() if name != "traceparent"}
