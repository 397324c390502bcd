"""What faults are done to: the services with their servers, and a second replica of each service beside them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.licet import SERVICES, DistributedLicet
from tests.support.postgresql import ThrowawayPostgres
from tests.support.rabbitmq import ThrowawayRabbit

VHOST = "chaos"


@dataclass(frozen=True)
class Field:
    """`licet` is asked and killed; `postgres` is as durable as in production."""

    licet: DistributedLicet
    postgres: ThrowawayPostgres
    rabbit: ThrowawayRabbit
    folder: Path

    @contextmanager
    def second_replicas(self) -> Iterator[DistributedLicet]:
        """Run another process of each service on the same broker, databases and blobs."""
        second = DistributedLicet(
            self.folder / "second", self.licet.broker_url, self.licet.databases, self.licet.admin_key
        )
        second.internal_key = self.licet.internal_key
        (second.folder / "blobs").symlink_to(self.licet.folder / "blobs")
        with second:
            yield second

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
def field(folder: Path) -> Iterator[Field]:
    """Start everything; end it with the context."""
    with ExitStack() as stack:
        postgres = stack.enter_context(ThrowawayPostgres(fsync=True))
        rabbit = stack.enter_context(ThrowawayRabbit())
        licet = stack.enter_context(DistributedLicet.on(rabbit, postgres, folder / "licet", VHOST))
        for consumer in ("policy-eval", "obligations", "gateway"):
            rabbit.wait_until_on_disk(f"licet.{consumer}", VHOST)
        yield Field(licet, postgres, rabbit, folder)
