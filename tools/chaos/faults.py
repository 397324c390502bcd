"""The faults, each a function that does harm and heals it again. The letters are those of docs/faults.md."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import asyncpg
from sqlalchemy.engine import make_url

from tests.support.licet import SERVICES
from tests.support.processes import wait_until
from tools.bench.accounting import tree
from tools.chaos import certificates, network, surroundings, upgrade
from tools.chaos.disk import CAN_BE_SLOW
from tools.chaos.field import CAN_MOUNT, VHOST, Field, on_all_databases

_CONNECTIONS = 200
_SECONDS_TO_THE_POINT = 180.0


@dataclass(frozen=True)
class Fault:
    """`harm` returns when the harm is healed. `load`: how many times the usual SBOMs are sent, where it takes long.

    `possible`: whether this machine can do it.
    """

    id: str
    says: str
    harm: Callable[[Field, Random], None]
    load: int = 1
    possible: bool = True


def killed_at(service: str, point: str) -> Callable[[Field, Random], None]:
    """The service kills itself at a point of `shared.crash`, and is started again."""

    def harm(field: Field, _chance: Random) -> None:
        process = field.licet.restart(service, crash_at=point)
        deadline = time.monotonic() + _SECONDS_TO_THE_POINT
        while process.running and time.monotonic() < deadline:
            time.sleep(0.05)
        if process.running:
            raise TimeoutError(f"{service} did not come to {point}")
        field.licet.launch(service)

    return harm


def one_killed(field: Field, chance: Random) -> None:
    service = chance.choice(SERVICES)
    field.licet.kill(service)
    time.sleep(chance.uniform(0, 2))
    field.licet.launch(service)


def all_killed(field: Field, chance: Random) -> None:
    field.licet.kill()
    for service in chance.sample(SERVICES, len(SERVICES)):
        field.licet.launch(service)
        time.sleep(chance.uniform(0, 1))


def reader_killed(field: Field, _chance: Random) -> None:
    """A reader of documents, a child of sbom-ingest, is killed."""
    for pid in tree(field.licet.process("sbom-ingest").pid)[1:]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def broker_killed(field: Field, _chance: Random) -> None:
    field.rabbit.kill()
    field.rabbit.start()


def broker_stopped(field: Field, _chance: Random) -> None:
    field.rabbit.ctl("stop_app")
    time.sleep(5)
    field.rabbit.ctl("start_app")


def memory_alarm(field: Field, _chance: Random) -> None:
    field.rabbit.ctl("set_vm_memory_high_watermark", "0.000001")
    time.sleep(10)
    field.rabbit.ctl("set_vm_memory_high_watermark", "absolute", "512MiB")


def disk_alarm(field: Field, _chance: Random) -> None:
    field.rabbit.ctl("set_disk_free_limit", "100000GB")
    time.sleep(10)
    field.rabbit.ctl("set_disk_free_limit", "64MB")


def connections_cut(field: Field, _chance: Random) -> None:
    for _ in range(5):
        field.rabbit.ctl("close_all_connections", "--vhost", VHOST, "chaos")
        time.sleep(1)


def broker_hangs(field: Field, _chance: Random) -> None:
    _hang(int((field.rabbit.directory / "pid").read_text()), 25)


def database_killed(field: Field, _chance: Random) -> None:
    field.postgres.kill()
    time.sleep(2)
    field.postgres.start()


def database_hangs(field: Field, _chance: Random) -> None:
    _hang(int((field.postgres.directory / "cluster/postmaster.pid").read_text().split()[0]), 10)


def connections_exhausted(field: Field, _chance: Random) -> None:
    """All connections that PostgreSQL gives are taken by somebody else for ten seconds."""
    asyncio.run(_exhaust(field))


def service_hangs(field: Field, chance: Random) -> None:
    """A service is paused for fifteen seconds, as a slow consumer or an upstream that stalls."""
    service = chance.choice(SERVICES)
    field.licet.pause(service)
    time.sleep(15)
    field.licet.resume(service)


def asked_to_end(field: Field, chance: Random) -> None:
    """Every service is asked to end in the burst, one after the other, and started again."""
    for service in chance.sample(SERVICES, len(SERVICES)):
        code = field.licet.stop(service)[service]
        if code != 0:
            raise RuntimeError(f"{service} ended with {code}")
        field.licet.launch(service)


def delivered_again(field: Field, _chance: Random) -> None:
    """Every event that was ever sent is sent again, twice; how quickly is told."""
    for _ in range(2):
        asyncio.run(on_all_databases(field, "UPDATE outbox SET sent_at = NULL"))
        started, waiting = time.monotonic(), asyncio.run(_unsent(field))
        wait_until(lambda: not asyncio.run(_unsent(field)), timeout=60)
        print(f"    {waiting} events sent again in {time.monotonic() - started:.1f} s")


def two_replicas(field: Field, chance: Random) -> None:
    """A second process of each service works beside the first; then the first ones are killed and started again."""
    with field.second_replicas():
        time.sleep(3)
        for service in chance.sample(SERVICES, len(SERVICES)):
            field.licet.kill(service)
        time.sleep(2)
        for service in SERVICES:
            field.licet.launch(service)
        for service in SERVICES:
            field.licet.wait_ready(service)


FAULTS = (
    Fault("F2", "ingest killed: bytes stored, not committed", killed_at("sbom-ingest", "ingest-before-commit")),
    Fault("F3", "ingest killed: committed, not answered", killed_at("sbom-ingest", "ingest-after-commit")),
    Fault("F4", "ingest killed: committed, not published", killed_at("sbom-ingest", "outbox-before-publish")),
    Fault("F5", "ingest killed: published, not marked", killed_at("sbom-ingest", "outbox-before-mark")),
    Fault("F5", "policy-eval killed: published, not marked", killed_at("policy-eval", "outbox-before-mark")),
    Fault("F6", "policy-eval killed before the commit", killed_at("policy-eval", "evaluate-before-commit")),
    Fault("F6", "obligations killed before the commit", killed_at("obligations", "derive-before-commit")),
    Fault("F7", "policy-eval killed after the commit", killed_at("policy-eval", "evaluate-after-commit")),
    Fault("F7", "obligations killed after the commit", killed_at("obligations", "derive-after-commit")),
    Fault("F7", "gateway killed before its ack", killed_at("gateway", "rabbit-before-ack")),
    Fault("F8", "readers killed", reader_killed),
    Fault("F9", "broker killed", broker_killed),
    Fault("F10", "broker stopped for 5 s", broker_stopped),
    Fault("F11", "memory alarm for 10 s", memory_alarm),
    Fault("F12", "disk alarm for 10 s", disk_alarm),
    Fault("F13", "broker hangs for 25 s", broker_hangs),
    Fault("F13", "broker half open for 25 s", network.broker_half_open),
    Fault("F14", "connections cut five times", connections_cut),
    Fault("F14", "all connections reset five times", network.connections_reset),
    Fault("F15", "broker closes the channel", network.channel_closed),
    Fault("F17", "database killed", database_killed),
    Fault("F18", "database hangs for 10 s", database_hangs),
    Fault("F19", "all connections taken for 10 s", connections_exhausted),
    Fault("F18", "database half open for 25 s", network.database_half_open),
    Fault("F20", "database's disk full for 10 s", surroundings.database_disk_full, possible=CAN_MOUNT),
    Fault("F21", "deadlocks for 10 s", surroundings.deadlocks, load=3),
    Fault("F23", "blobs' disk full for 10 s", surroundings.blob_disk_full, possible=CAN_MOUNT),
    Fault("F24", "blobs' disk read-only for 10 s", surroundings.blobs_read_only, possible=CAN_MOUNT),
    Fault("F24", "blobs' disk slow for 20 s", surroundings.blobs_slow, possible=CAN_MOUNT and CAN_BE_SLOW),
    Fault("F24", "database's disk slow for 20 s", surroundings.database_disk_slow, possible=CAN_MOUNT and CAN_BE_SLOW),
    Fault("F25", "a service hangs for 15 s", service_hangs),
    Fault("F26", "every event delivered three times", delivered_again),
    Fault("F28", "events of older and newer versions", upgrade.other_versions, load=2),
    Fault("F31", "dead letter queue gone", network.dead_letter_queue_gone, load=3),
    Fault("F32", "acknowledgements lost on the wire", network.acknowledgements_lost),
    Fault("F33", "all clocks jump 2 h ahead and back", surroundings.clocks_jump, 2, surroundings.CAN_SET_CLOCKS),
    Fault("F33", "one service's clock is 2 h wrong", surroundings.one_clock_wrong, 2, surroundings.CAN_SET_CLOCKS),
    Fault("F40", "rolling upgrade with a migration, and back", upgrade.rolling_upgrade, load=4),
    Fault("F41", "every service asked to end", asked_to_end),
    Fault("F43", "no descriptors for 10 s", surroundings.no_descriptors),
    Fault("F44", "credentials wrong for 10 s", network.credentials_wrong),
    Fault("F44", "certificates expired for 10 s", certificates.certificates_expired, load=3),
    Fault("F45", "two replicas, the first ones killed", two_replicas),
    Fault("R1", "one service killed, whichever", one_killed),
    Fault("R1", "all services killed", all_killed),
)


def _hang(pid: int, seconds: float) -> None:
    """Pause the process with all that descend from it."""
    pids = tree(pid)
    for each in pids:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGSTOP)
    time.sleep(seconds)
    for each in pids:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGCONT)


async def _unsent(field: Field) -> int:
    counts = 0
    for url in field.licet.databases.values():
        connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))
        counts += await connection.fetchval("SELECT count(*) FROM outbox WHERE sent_at IS NULL")
        await connection.close()
    return counts


async def _exhaust(field: Field) -> None:
    url = make_url(next(iter(field.licet.databases.values()))).set(drivername="postgresql")
    taken: list[asyncpg.Connection] = []
    with suppress(asyncpg.PostgresError, OSError):
        for _ in range(_CONNECTIONS):
            taken.append(await asyncpg.connect(url.render_as_string(hide_password=False)))
    await asyncio.sleep(10)
    for each in taken:
        await each.close()
