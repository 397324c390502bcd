"""`python -m <service> serve | migrate`: the two commands that each service has."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn

from shared.messaging.broker import Broker
from shared.messaging.rabbitmq import RabbitBroker
from shared.observability import configure_logging
from shared.persistence.migrate import migrate

_SECONDS_TO_END = 30


@dataclass(frozen=True)
class Command:
    """A service's package, its settings and how its application is built."""

    package: str
    settings: Callable[..., Any]
    create_app: Callable[[Any, Broker], Any]

    def run(self, arguments: list[str]) -> int:
        """Run `serve` or `migrate`; return the exit code."""
        match arguments:
            case ["serve"]:
                settings = self.settings()
                serve(self.create_app(settings, RabbitBroker(settings.broker_url)), settings.host, settings.port)
                return 0
            case ["migrate"]:
                migrate(self.package, self.settings().database_url)
                return 0
            case _:
                print(f"usage: python -m {self.package} serve | migrate", file=sys.stderr)  # noqa: T201 - a command
                return 2


def serve(app: Any, host: str, port: int) -> None:
    """Serve the application until SIGTERM or SIGINT, then let running requests end."""
    configure_logging()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )
