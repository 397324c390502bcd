"""Licet as it is run: all in one process, or a process for each service on RabbitMQ and PostgreSQL.

Both use throwaway folders, ports and servers, and end with the benchmark.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.persistence.migrate import migrate
from tests.support.licet import DistributedLicet, Licet, StandaloneLicet
from tests.support.postgresql import ThrowawayPostgres
from tests.support.rabbitmq import ThrowawayRabbit
from tools.bench.accounting import tree

_POSTGRES = "postgresql"


@dataclass(frozen=True)
class Shape:
    """A running Licet. `servers`: the process ids of PostgreSQL and RabbitMQ, where there are any.

    `databases` are three more databases of the same kind: for the floor, and migrated for evaluations and derivations.
    """

    licet: Licet
    servers: dict[str, int]
    databases: tuple[str, str, str]

    def processes(self) -> dict[str, list[int]]:
        """Our own processes and PostgreSQL's by name; what a service has started is a `reader`."""
        found: dict[str, list[int]] = {}
        for name in self.licet.urls:
            own, *readers = tree(self.licet.process(name).pid)
            found[name] = [own]
            found.setdefault("reader", []).extend(readers)
        return found | ({_POSTGRES: tree(self.database_server)} if self.database_server else {})

    def broker_processes(self) -> list[int]:
        """The processes of RabbitMQ, none without it."""
        return tree(self.servers["rabbitmq"]) if "rabbitmq" in self.servers else []

    @property
    def database_server(self) -> int:
        """The process id of PostgreSQL, 0 without it."""
        return self.servers.get(_POSTGRES, 0)


@contextmanager
def standalone(folder: Path) -> Iterator[Shape]:
    """Run the four services in one process on SQLite."""
    evaluations, derivations = (
        f"sqlite+aiosqlite:///{folder / name}.sqlite" for name in ("evaluations", "derivations")
    )
    _migrate(evaluations, derivations)
    with StandaloneLicet(folder / "licet") as licet:
        yield Shape(licet, {}, (str(folder / "floor.sqlite"), evaluations, derivations))


@contextmanager
def distributed(folder: Path) -> Iterator[Shape]:
    """Run a process for each service on a PostgreSQL, as durable as in production, and a RabbitMQ of their own."""
    with ExitStack() as stack:
        postgres = stack.enter_context(ThrowawayPostgres(fsync=True))
        rabbit = stack.enter_context(ThrowawayRabbit())
        floor, evaluations, derivations = (postgres.database(name) for name in ("floor", "evaluations", "derivations"))
        _migrate(evaluations, derivations)
        licet = stack.enter_context(DistributedLicet.on(rabbit, postgres, folder / "licet", "bench"))
        servers = {
            _POSTGRES: postgres.pid,
            "rabbitmq": int((rabbit.directory / "pid").read_text()),
        }
        yield Shape(licet, servers, (floor, evaluations, derivations))


def _migrate(evaluations: str, derivations: str) -> None:
    migrate("policy_eval", evaluations)
    migrate("obligations", derivations)
