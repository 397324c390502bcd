"""`python -m <service> serve | migrate`: the two commands that each service has."""

import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from pydantic_settings import BaseSettings

from shared.contracts.events import CONSUMERS
from shared.messaging.broker import Broker
from shared.messaging.rabbitmq import RabbitBroker
from shared.observability import configure_logging
from shared.web.guarded_protocol import GuardedProtocol
from shared.web.turns import Turns

_SECONDS_TO_END = 30
_NOT_STARTED = 3


@dataclass(frozen=True)
class Command:
    """A service's package, its settings and how its application is built."""

    package: str
    settings: type[BaseSettings]
    create_app: Callable[[Any, Broker], Any]
    protocol: Callable[[Any], type[GuardedProtocol]] = lambda _settings: GuardedProtocol
    """How connections are spoken to, by the settings."""

    def run(self, arguments: list[str]) -> int:
        """Run `serve` or `migrate`; return the exit code."""
        match arguments:
            case ["serve"]:
                settings: Any = self.settings()
                broker = RabbitBroker(settings.broker_url, topology=CONSUMERS)
                serve(self.create_app(settings, broker), settings.host, settings.port, self.protocol(settings))
                return 0
            case ["migrate"]:
                from shared.persistence.migrate import migrate  # noqa: PLC0415 - loads slowly, and a service starts without

                migrate(self.package, self._database_url())
                return 0
            case _:
                print(f"usage: python -m {self.package} serve | migrate", file=sys.stderr)  # noqa: T201 - a command
                return 2

    def _database_url(self) -> str:
        """Return the one setting that a migration needs."""
        return os.environ.get("LICET_DATABASE_URL") or self.settings.model_fields["database_url"].default


def serve(app: Any, host: str, port: int, protocol: type[GuardedProtocol] = GuardedProtocol) -> None:
    """Serve the application until SIGTERM or SIGINT, then let running requests end; exits with 3 if it cannot start."""
    configure_logging()
    server = server_of(app, host, port, protocol)
    server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)


def server_of(app: Any, host: str, port: int, protocol: type[GuardedProtocol] = GuardedProtocol) -> uvicorn.Server:
    """Return what serves the application, as every service of ours is served."""
    config = uvicorn.Config(
        Turns(app),
        http=protocol,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # who believes a proxy says so in its settings
        timeout_keep_alive=5,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )
    return _Server(config)


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and count all that is there by then as lasting.

        A full collection of garbage would look through all of it - catalogues, tables, modules - and keep every request
        waiting for a tenth of a second.
        """
        gc.collect()  # while nobody waits yet
        await super().startup(sockets)
        gc.freeze()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGINT or SIGTERM. uvicorn's own raises them again afterwards, so that no exit code would be 0."""
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
