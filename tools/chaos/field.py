"""What faults are done to: the services with their servers behind proxies and on disks of their own, and second replicas."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.authority import Authority
from tests.support.licet import SERVICES, DistributedLicet
from tests.support.postgresql import ThrowawayPostgres
from tests.support.rabbitmq import ThrowawayRabbit
from tests.support.tcp_proxy import Proxy
from tools.chaos.disk import Disk, disk

VHOST = "chaos"
_BLOBS_MEBIBYTES = 512
_DATABASE_MEBIBYTES = 3072
# After 10 s and not the usual 180 the broker tries again to hand a dead letter to a queue that was not there.
_TRY_DEAD_LETTERS_AGAIN = "application:set_env(rabbit, dead_letter_worker_publisher_confirm_timeout, 10000)."
CAN_MOUNT = os.geteuid() == 0


class FieldLicet(DistributedLicet):
    """The services, each with more in its environment where `extra` says so, from its next start on.

    `runs` names those that run here. `door` is the address that clients use, where it is not the gateway's own.
    """

    extra: defaultdict[str, dict[str, str]]
    runs: Sequence[str] = SERVICES
    door = ""

    def start(self) -> None:
        self.migrate()
        for service in self.runs:
            self.launch(service)
        for service in self.runs:
            self.wait_ready(service)

    @property
    def url(self) -> str:
        return self.door or super().url

    def _environment(self, service: str) -> dict[str, str]:
        return super()._environment(service) | self.extra[service]


@dataclass(frozen=True)
class Field:
    """`licet` is asked and killed; `postgres` is as durable as in production. Disks are there for root alone.

    Both servers speak TLS too, with what `authority` certifies.
    """

    licet: FieldLicet
    postgres: ThrowawayPostgres
    rabbit: ThrowawayRabbit
    to_postgres: Proxy
    to_rabbit: Proxy
    blobs: Disk | None
    cluster: Disk | None
    authority: Authority
    folder: Path

    @contextmanager
    def second_replicas(self, services: Sequence[str] = SERVICES) -> Iterator[FieldLicet]:
        """Run another process of these services on the same broker, databases and blobs."""
        second = FieldLicet(self.folder / "second", self.licet.broker_url, self.licet.databases, self.licet.admin_key)
        second.extra, second.runs = self.licet.extra, services
        second.internal_key = self.licet.internal_key
        second.urls |= {each: url for each, url in self.licet.urls.items() if each not in services}
        blobs = second.folder / "blobs"
        if not blobs.is_symlink():
            blobs.symlink_to(self.licet.folder / "blobs")
        with second:
            yield second

    def restart_with(self, extra: dict[str, str], services: Sequence[str] = SERVICES) -> None:
        """Start the services anew with this in their environment, beside the usual; return when all are ready."""
        for service in services:
            self.licet.extra[service] = extra
            self.licet.restart(service)
        for service in services:
            self.licet.wait_ready(service)

    def revive(self) -> None:
        """Start what does not run, so that the next fault finds all there."""
        if not self.postgres.running:
            self.postgres.start()
        if not self.rabbit.running:
            self.rabbit.start()
        for service in SERVICES:
            if not self.licet.process(service).running:
                self.licet.launch(service)

    @contextmanager
    def behind_doors(self, second: FieldLicet) -> Iterator[None]:
        """Start all services anew, each that has two replicas reached through a door that takes either."""
        with ExitStack() as stack:
            doors = {
                each: stack.enter_context(Proxy(*_ports(each, self.licet, second)).running()) for each in second.runs
            }
            addresses = {name: f"http://127.0.0.1:{door.port}" for name, door in doors.items()}
            behind = {f"LICET_{name.replace('-', '_').upper()}_URL": url for name, url in addresses.items()}
            for replica in (self.licet, second):
                replica.door = addresses["gateway"]
                for service in replica.runs:
                    self.licet.extra[service] = behind | {"LICET_PUBLIC_URL": replica.door}
                    replica.restart(service)
            for replica in (self.licet, second):
                for service in replica.runs:
                    replica.wait_ready(service)
            yield


@contextmanager
def field(folder: Path) -> Iterator[Field]:
    """Start everything; end it with the context."""
    with ExitStack() as stack:
        postgres, place = ThrowawayPostgres(fsync=True), folder / "licet"
        stack.callback(postgres.destroy)
        cluster = _disk(stack, postgres.directory, _DATABASE_MEBIBYTES, folder / "cluster.img")
        blobs = _disk(stack, place / "blobs", _BLOBS_MEBIBYTES, folder / "blobs.img")
        stack.enter_context(postgres)
        authority = Authority(postgres.directory / "tls")
        rabbit = stack.enter_context(ThrowawayRabbit(authority))
        rabbit.ctl("eval", _TRY_DEAD_LETTERS_AGAIN)
        to_postgres = stack.enter_context(Proxy(postgres.port).running())
        to_rabbit = stack.enter_context(Proxy(rabbit.port).running())
        databases = {each: _through(to_postgres, postgres.database(f"{VHOST}_{each}")) for each in SERVICES}
        licet = FieldLicet(place, _through(to_rabbit, rabbit.vhost(VHOST)), databases)
        licet.extra = defaultdict(dict)
        stack.enter_context(licet)
        for consumer in ("policy-eval", "obligations", "gateway"):
            rabbit.wait_until_on_disk(f"licet.{consumer}", VHOST)
        yield Field(licet, postgres, rabbit, to_postgres, to_rabbit, blobs, cluster, authority, folder)


async def on_all_databases(field: Field, *statements: str) -> None:
    """Execute the statements on each service's database, in one transaction there."""
    for url in field.licet.databases.values():
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            for statement in statements:
                await connection.exec_driver_sql(statement)
        await engine.dispose()


def _disk(stack: ExitStack, place: Path, mebibytes: int, image: Path) -> Disk | None:
    return stack.enter_context(disk(place, mebibytes, image)) if CAN_MOUNT else None


def _ports(service: str, *replicas: DistributedLicet) -> list[int]:
    return [int(each.urls[service].rpartition(":")[2]) for each in replicas]


def _through(proxy: Proxy, url: str) -> str:
    return make_url(url).set(port=proxy.port).render_as_string(hide_password=False)
