"""Structured logs with the request's identity on every line, and the metrics of one service."""

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# A key of ours, wherever it appears in a logged value.
_KEY = re.compile(r"licet_[A-Za-z0-9_\-]{8,}")
_BEGINNING_OF_A_KEY = "licet_"
_SECRET_NAMES = re.compile(r"(?i)(authorization|api[_-]?key|password|secret|token|cookie)$")


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace secrets in a log line, by the name of the field and by the form of our keys."""
    for name, value in event.items():
        event[name] = _redacted(str(name), value)
    return event


@lru_cache(1_000)
def _is_secret(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None


def _redacted(name: str, value: Any) -> Any:
    if _is_secret(name):
        return "[redacted]"
    match value:
        case str():
            return _KEY.sub("[redacted]", value) if _BEGINNING_OF_A_KEY in value else value
        case bytes():
            return _redacted(name, value.decode("utf-8", "replace"))
        case dict():
            return {key: _redacted(str(key), each) for key, each in value.items()}
        case list() | tuple():
            return [_redacted(name, each) for each in value]
        case _:
            return value


def configure_logging(level: str = "INFO") -> None:
    """Write one JSON object a line to standard error."""
    shared: list[Any] = [
        _with_identity,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=_Lines(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries write through the standard library; their warnings take the same form.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


@dataclass(frozen=True, slots=True)
class _Lines:
    """What structlog writes to."""

    file: TextIO

    def __call__(self, *_: Any) -> structlog.PrintLogger:
        return structlog.PrintLogger(self.file)


def log_request(service: str, method: str, path: str, status: int, seconds: float) -> None:
    """Write the line of an answered request.

    It has what every line has, but does not go through structlog, which takes as long for a line as passing a request on.
    """
    lines = structlog.get_config()["logger_factory"]
    if not isinstance(lines, _Lines):  # nothing is configured, as in tests
        get_logger(service).info("request", method=method, path=path, status=status, seconds=round(seconds, 4))
        return
    identity = "".join([f'"{name}": {_quoted(_redacted(name, value))}, ' for name, value in _identity.get().items()])
    moment = datetime.now(UTC).isoformat(timespec="microseconds")[:-6]
    lines.file.write(
        f'{{{identity}"service": "{service}", "method": {_quoted(method)}, "path": {_quoted(_redacted("path", path))}, '
        f'"status": {status}, "seconds": {round(seconds, 4)}, "event": "request", "level": "info", '
        f'"timestamp": "{moment}Z"}}\n'
    )
    lines.file.flush()


def get_logger(service: str) -> Any:
    """Return a logger whose lines name the service."""
    return structlog.get_logger(service=service)


_identity: ContextVar[dict[str, str]] = ContextVar("licet_identity", default={})  # noqa: B039 - it is never changed


def correlated(**values: str | None) -> "_Correlated":
    """Return a context inside which `values` are on every log line and every event that is written."""
    return _Correlated({name: value for name, value in values.items() if value})


class _Correlated:
    __slots__ = ("_token", "_values")

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def __enter__(self) -> None:
        self._token: Token[dict[str, str]] = _identity.set(_identity.get() | self._values)

    def __exit__(self, *_: object) -> None:
        _identity.reset(self._token)


def correlation() -> tuple[str, str]:
    """Return (request id, traceparent) of the work at hand, empty where there is none."""
    values = _identity.get()
    return values.get("request_id", ""), values.get("traceparent", "")


def identity() -> dict[str, str]:
    """Return what is on every log line of the work at hand, such as `request_id` and `release`."""
    return _identity.get()


def _with_identity(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**_identity.get(), **event}


class Metrics:
    """The Prometheus metrics of one service, in a registry of its own, since the standalone runs four in one process."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        own = self.registry
        self.requests = Counter("licet_http_requests", "Requests", ["method", "route", "status"], registry=own)
        self.request_seconds = Histogram("licet_http_request_seconds", "Their duration", ["route"], registry=own)
        self.messages = Counter("licet_messages", "Handled messages", ["consumer", "outcome"], registry=own)
        self.message_age = Histogram(
            "licet_message_age_seconds", "From an event's making to its being handled", ["consumer"],
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800), registry=own,
        )  # fmt: skip
        self.dead_letters = Gauge("licet_dead_letters", "Messages given up and not replayed", registry=own)
        self.outbox_unsent = Gauge("licet_outbox_unsent", "Events that wait to be published", registry=own)
        self.outbox_oldest = Gauge("licet_outbox_oldest_seconds", "Age of the oldest of them", registry=own)
        self.question_oldest = Gauge(
            "licet_question_oldest_seconds", "Age of the oldest open question", ["route"], registry=own
        )
        self.question_overdue = Gauge(
            "licet_question_overdue_seconds", "Since it should have been answered", ["route"], registry=own
        )
        self.inquiries_open = Gauge("licet_inquiries_open", "Inquiries without an answer", ["kind"], registry=own)
        self.inquiry_overdue = Gauge(
            "licet_inquiry_overdue_seconds", "Since the next step of one should have been taken", ["kind"], registry=own
        )
        self.releases_awaited = Gauge(
            "licet_releases_awaited", "Releases of which somebody waits for the stage", ["stage"], registry=own
        )
        self.release_awaited = Gauge(
            "licet_release_awaited_seconds", "How long the one has waited that waits longest", ["stage"], registry=own
        )
        self.loop_pause = Histogram(
            "licet_event_loop_pause_seconds", "How long the event loop calculated while a timer was due",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0), registry=own,
        )  # fmt: skip
        self._pool_size = Gauge("licet_pool_size", "What a pool has at most", ["pool"], registry=own)
        self._pool_in_use = Gauge("licet_pool_in_use", "What of it is in use", ["pool"], registry=own)
        Gauge("licet_service_info", "The service", ["service"], registry=own).labels(service).set(1)
        self._of_request: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def note_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request; `route` is the path as the table of routes has it."""
        known = self._of_request.get((method, route, status))
        if known is None:  # finding them costs more than counting
            known = self.requests.labels(method, route, str(status)), self.request_seconds.labels(route)
            self._of_request[method, route, status] = known
        known[0].inc()
        known[1].observe(seconds)

    def watch_pool(self, pool: str, size: int, in_use: Callable[[], int]) -> None:
        """Show how much of a pool is in use whenever somebody looks: connections to the database, reader processes."""
        self._pool_size.labels(pool).set(size)
        self._pool_in_use.labels(pool).set_function(in_use)

    def note_age(self, consumer: str, made_at: str) -> None:
        """Observe how old a message is that was just handled; `made_at` as in its envelope, by the clock of its sender."""
        with suppress(ValueError, TypeError):
            made = datetime.fromisoformat(made_at)
            self.message_age.labels(consumer).observe(max(0.0, (datetime.now(UTC) - made).total_seconds()))
