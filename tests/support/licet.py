"""Licet as real processes, in both of its shapes, with a client for its API.

`StandaloneLicet` is one process over SQLite files; `DistributedLicet` is four over RabbitMQ and PostgreSQL. All that
waits here blocks.
"""

import os
import secrets
import signal
import sqlite3
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Self

import httpx

from tests.support.described import check_described
from tests.support.ports import free_port
from tests.support.postgresql import ThrowawayPostgres
from tests.support.processes import ProcessFailed, ServiceProcess
from tests.support.rabbitmq import ThrowawayRabbit

SERVICES = ("sbom-ingest", "policy-eval", "obligations", "gateway")
_SECONDS_TO_START = 120.0
_SECONDS_TO_END = 60.0


class Licet(ABC):
    """A system under test. Its processes may be ended and started again one by one; its data stays in `folder`.

    `databases` maps a service to the SQLAlchemy URL of its database, `urls` a process to its address; `further_settings` are
    variables of every process that is launched from now on.
    """

    shape: str
    urls: dict[str, str]
    databases: dict[str, str]

    def __init__(self, folder: Path, admin_key: str | None = None) -> None:
        self.folder = folder
        self.admin_key = admin_key or f"licet_{secrets.token_urlsafe(32)}"
        self.further_settings: dict[str, str] = {}
        self._processes: dict[str, ServiceProcess] = {}
        folder.mkdir(parents=True, exist_ok=True)

    @property
    @abstractmethod
    def url(self) -> str:
        """Where the API is."""

    @abstractmethod
    def _environment(self, service: str) -> dict[str, str]:
        """The settings of one process."""

    @abstractmethod
    def _command(self, service: str) -> list[str]:
        """The arguments of Python for one process."""

    @abstractmethod
    def evaluation_held(self) -> AbstractContextManager[None]:
        """A context inside which no release is evaluated."""

    def start(self) -> None:
        """Start all processes at once; return when each serves. Raises ProcessFailed with the last log lines."""
        for service in self.urls:
            self.launch(service)
        for service in self.urls:
            self.wait_ready(service)

    def launch(self, service: str, crash_at: str | None = None) -> ServiceProcess:
        """Start one process and do not wait for it; it dies at the point `crash_at` (see `shared.crash`)."""
        environment = {"PATH": os.environ.get("PATH", os.defpath)} | self._environment(service) | self.further_settings
        if crash_at is not None:
            environment["LICET_CRASH_AT"] = crash_at
        command = [sys.executable, *self._command(service)]
        self._processes[service] = ServiceProcess(command, environment, self.log_path(service))
        self._processes[service].start()
        return self._processes[service]

    def wait_ready(self, service: str) -> None:
        """Return when the process can serve; raises ProcessFailed."""
        self.process(service).wait_ready(f"{self.urls[service]}/readyz", _SECONDS_TO_START)

    def process(self, service: str) -> ServiceProcess:
        return self._processes[service]

    def pause(self, service: str) -> None:
        """Stop the process where it is (SIGSTOP) until `resume`."""
        os.kill(self.process(service).pid, signal.SIGSTOP)

    def resume(self, service: str) -> None:
        os.kill(self.process(service).pid, signal.SIGCONT)

    def kill(self, service: str | None = None) -> None:
        """End one process, or all of them, with SIGKILL."""
        for each in [service] if service else list(self._processes):
            self.process(each).kill()

    def stop(self, service: str | None = None) -> dict[str, int]:
        """Ask one process, or all of them at once, to end (SIGTERM); return the exit codes."""
        asked = {name: self.process(name) for name in ([service] if service else self._processes)}
        for process in asked.values():
            if process.running:
                os.kill(process.pid, signal.SIGTERM)
        return {name: self.wait_ended(name) for name in asked}

    def wait_ended(self, service: str) -> int:
        """Return the exit code of the process once it has ended; kills it and raises ProcessFailed after 60 s."""
        # SIGCONT changes nothing, but for a paused process, which could not end otherwise.
        return self.process(service).end(signal.SIGCONT, _SECONDS_TO_END)

    def restart(self, service: str, crash_at: str | None = None) -> ServiceProcess:
        """End the process the clean way, if it runs, and launch it again."""
        if self.process(service).running:
            self.stop(service)
        return self.launch(service, crash_at)

    def ready(self) -> bool:
        """Whether every process says that it can serve."""
        return all(_is_ready(url) for url in self.urls.values())

    def client(self, key: str | None = None) -> httpx.Client:
        """A client of the API with this key, the administrator's unless told; the caller closes it.

        Every answer that it gets is compared with the API's own description.
        """
        headers = {"X-Api-Key": self.admin_key if key is None else key}
        hooks = {"response": [check_described]}
        return httpx.Client(base_url=self.url, headers=headers, timeout=90, trust_env=False, event_hooks=hooks)

    def log_path(self, service: str) -> Path:
        return self.folder / f"{service}.log"

    def logs(self) -> str:
        """Everything that all processes wrote, over all their starts."""
        paths = (self.log_path(service) for service in self.urls)
        return "".join(path.read_text(errors="replace") for path in paths if path.exists())

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            self.kill()


class StandaloneLicet(Licet):
    """`python -m standalone` with its data below `folder`."""

    shape = "standalone"

    def __init__(self, folder: Path, admin_key: str | None = None) -> None:
        super().__init__(folder, admin_key)
        self.data = folder / "data"
        self._port = free_port()
        self.urls = {"standalone": self.url}
        self.databases = {name: f"sqlite+aiosqlite:///{self.database_file(name)}" for name in SERVICES}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def database_file(self, service: str) -> Path:
        return self.data / f"{service}.sqlite"

    def interrupt(self) -> int:
        """Send SIGINT to the whole process group, as a terminal does for Ctrl-C; return the exit code."""
        os.killpg(self.process("standalone").pid, signal.SIGINT)
        return self.wait_ended("standalone")

    @contextmanager
    def evaluation_held(self) -> Iterator[None]:
        """Hold the write lock of policy-eval's database, for less than the ten seconds that the service waits."""
        holder = sqlite3.connect(self.database_file("policy-eval"), isolation_level=None)
        try:
            holder.execute("BEGIN IMMEDIATE")
            yield
        finally:
            holder.close()

    def _environment(self, service: str) -> dict[str, str]:
        return {
            "LICET_PORT": str(self._port),
            "LICET_DATA_DIR": str(self.data),
            "LICET_ADMIN_KEY": self.admin_key,
            "LICET_RATE_LIMIT": "0",
        }

    def _command(self, service: str) -> list[str]:
        return ["-m", "standalone"]


class DistributedLicet(Licet):
    """The four services on a broker (an AMQP URL) and one PostgreSQL database each."""

    shape = "distributed"

    def __init__(
        self, folder: Path, broker_url: str, databases: Mapping[str, str], admin_key: str | None = None, port: int = 0
    ) -> None:
        super().__init__(folder, admin_key)
        self.broker_url = broker_url
        self.databases = dict(databases)
        self.internal_key = secrets.token_urlsafe(48)
        ports = {name: free_port() for name in SERVICES} | ({"gateway": port} if port else {})
        self.urls = {name: f"http://127.0.0.1:{ports[name]}" for name in SERVICES}

    @classmethod
    def on(cls, rabbitmq: ThrowawayRabbit, postgres: ThrowawayPostgres, folder: Path, name: str) -> Self:
        """A system with a virtual host and databases of its own, named after `name`, on throwaway servers."""
        databases = {service: postgres.database(f"{name}_{_package(service)}") for service in SERVICES}
        return cls(folder, rabbitmq.vhost(name), databases)

    @property
    def url(self) -> str:
        return self.urls["gateway"]

    def start(self) -> None:
        self.migrate()
        super().start()

    def migrate(self) -> None:
        """Run `migrate` of all services at once; raises ProcessFailed."""
        running = {
            name: subprocess.Popen(
                [sys.executable, "-m", _package(name), "migrate"],
                env={"PATH": os.environ.get("PATH", os.defpath)} | self._environment(name),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            for name in SERVICES
        }
        said = {name: process.communicate(timeout=_SECONDS_TO_START)[0] for name, process in running.items()}
        failed = [name for name, process in running.items() if process.returncode != 0]
        if failed:
            raise ProcessFailed(f"migrate of {failed[0]}: {said[failed[0]].decode(errors='replace')}")

    @contextmanager
    def evaluation_held(self) -> Iterator[None]:
        """Pause policy-eval, for less than the time after which the broker gives it up."""
        self.pause("policy-eval")
        try:
            yield
        finally:
            self.resume("policy-eval")

    def _environment(self, service: str) -> dict[str, str]:
        return {
            "LICET_DATABASE_URL": self.databases[service],
            "LICET_BROKER_URL": self.broker_url,
            "LICET_INTERNAL_KEY": self.internal_key,
            "LICET_ADMIN_KEY": self.admin_key,
            "LICET_RATE_LIMIT": "0",
            "LICET_BLOB_DIR": str(self.folder / "blobs" / service),
            "LICET_PORT": self.urls[service].rpartition(":")[2],
            "LICET_PUBLIC_URL": self.url,
            "LICET_SBOM_INGEST_URL": self.urls["sbom-ingest"],
            "LICET_POLICY_EVAL_URL": self.urls["policy-eval"],
            "LICET_OBLIGATIONS_URL": self.urls["obligations"],
        }

    def _command(self, service: str) -> list[str]:
        return ["-m", _package(service), "serve"]


def _package(service: str) -> str:
    return service.replace("-", "_")


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False, timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
