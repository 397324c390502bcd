"""Licet as it is run: all in one process, or a process for each service on RabbitMQ and PostgreSQL.

Both use throwaway folders and ports, and end with the benchmark.
"""

import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.persistence.migrate import migrate
from tests.support.ports import free_port
from tests.support.postgresql import ThrowawayPostgres
from tests.support.processes import ServiceProcess
from tests.support.rabbitmq import ThrowawayRabbit
from tools.bench.accounting import tree

_SERVICES = {
    "sbom-ingest": "sbom_ingest",
    "policy-eval": "policy_eval",
    "obligations": "obligations",
    "gateway": "gateway",
}


@dataclass(frozen=True)
class Shape:
    """A running Licet. `roots`: our processes and the database server by name; `broker` is counted apart.

    `databases` are three more databases of the same kind: for the floor, and migrated for evaluations and derivations.
    """

    name: str
    url: str
    key: str
    roots: dict[str, int]
    broker: int | None
    databases: tuple[str, str, str]

    def processes(self) -> dict[str, list[int]]:
        """The processes by name; what a service started for itself is its `reader`, what a server did is the server."""
        found: dict[str, list[int]] = {}
        for name, root in self.roots.items():
            own, *others = tree(root)
            found.setdefault(name, []).append(own)
            found.setdefault(name if name == "postgresql" else "reader", []).extend(others)
        return found

    def broker_processes(self) -> list[int]:
        """The processes of RabbitMQ, none without it."""
        return tree(self.broker) if self.broker else []

    @property
    def database_server(self) -> int:
        """The process id of the database server, 0 where there is none."""
        return self.roots.get("postgresql", 0)


@contextmanager
def standalone(folder: Path) -> Iterator[Shape]:
    """Run the four services in one process on SQLite."""
    port, key = free_port(), secrets.token_hex(20)
    environment = {
        "LICET_PORT": str(port),
        "LICET_DATA_DIR": str(folder / "data"),
        "LICET_ADMIN_KEY": key,
    }
    evaluations, derivations = (
        f"sqlite+aiosqlite:///{folder / name}.sqlite" for name in ("evaluations", "derivations")
    )
    _migrate(evaluations, derivations)
    with _program("standalone", environment, folder, port) as process:
        floor = str(folder / "floor.sqlite")
        roots = {"standalone": process.pid}
        yield Shape("standalone", f"http://127.0.0.1:{port}", key, roots, None, (floor, evaluations, derivations))


@contextmanager
def distributed(folder: Path) -> Iterator[Shape]:
    """Run a process for each service on a PostgreSQL and a RabbitMQ of their own."""
    with ExitStack() as stack:
        postgres = stack.enter_context(ThrowawayPostgres(fsync=True))
        rabbit = stack.enter_context(ThrowawayRabbit())
        ports = {service: free_port() for service in _SERVICES}
        common = _common_settings(ports) | {"LICET_BROKER_URL": rabbit.url}
        roots = {"postgresql": int((postgres.directory / "cluster/postmaster.pid").read_text().split()[0])}
        for service, package in _SERVICES.items():
            url = postgres.database(package)
            migrate(package, url)
            own = {
                "LICET_DATABASE_URL": url,
                "LICET_BLOB_DIR": str(folder / service),
                "LICET_PORT": str(ports[service]),
            }
            process = stack.enter_context(_program(service, common | own, folder, ports[service]))
            roots[service] = process.pid
        databases = [postgres.database(name) for name in ("floor", "evaluations", "derivations")]
        _migrate(*databases[1:])
        url, key = f"http://127.0.0.1:{ports['gateway']}", common["LICET_ADMIN_KEY"]
        broker = int((rabbit.directory / "pid").read_text())
        yield Shape("distributed", url, key, roots, broker, (databases[0], databases[1], databases[2]))


def _common_settings(ports: dict[str, int]) -> dict[str, str]:
    addresses = {f"LICET_{_SERVICES[name].upper()}_URL": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    return addresses | {"LICET_INTERNAL_KEY": secrets.token_hex(32), "LICET_ADMIN_KEY": secrets.token_hex(20)}


def _migrate(evaluations: str, derivations: str) -> None:
    migrate("policy_eval", evaluations)
    migrate("obligations", derivations)


@contextmanager
def _program(name: str, environment: dict[str, str], folder: Path, port: int) -> Iterator[ServiceProcess]:
    package = _SERVICES.get(name, name)
    command = [sys.executable, "-m", package, *(["serve"] if name in _SERVICES else [])]
    with ServiceProcess(command, environment, folder / f"{name}.log") as process:
        process.wait_ready(f"http://127.0.0.1:{port}/readyz", timeout=60)
        yield process
