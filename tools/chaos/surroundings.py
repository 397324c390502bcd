"""Faults of what services run on: disks, clocks, file descriptors, locks in the database."""

import asyncio
import os
import resource
import time
from contextlib import suppress
from pathlib import Path
from random import Random

import asyncpg
import httpx
from sqlalchemy.engine import make_url

from tests.support.licet import SERVICES
from tests.support.pipelines import pipelines
from tools.chaos.disk import Disk
from tools.chaos.field import Field

_SECONDS = 10.0
_SECONDS_TO_ANSWER = 1.0
_SECONDS_TO_STORE = 1.2  # the file and three folders are synced
_HOURS = ("+2h", "-2h")
_FAKETIME = "lib/*/faketime/libfaketimeMT.so.1"
CAN_SET_CLOCKS = any(Path("/usr").glob(_FAKETIME))


def blob_disk_full(field: Field, _chance: Random) -> None:
    _fill(field.blobs, _SECONDS)


def database_disk_full(field: Field, _chance: Random) -> None:
    """PostgreSQL finds no space for rows nor for its log; it ends, or answers with errors, and comes back."""
    _fill(field.cluster, _SECONDS)


def blobs_read_only(field: Field, _chance: Random) -> None:
    disk = _there(field.blobs)
    disk.read_only()
    time.sleep(_SECONDS)
    disk.writable()


def blobs_slow(field: Field, _chance: Random) -> None:
    """Reading, writing and syncing blobs takes 300 ms each time; what needs no blob is answered all the while."""
    disk = _there(field.blobs)
    field.restart_with(disk.slow(field.folder))
    disk.takes(300)
    with pipelines(field.licet, 4) as burst:
        longest = _longest_answer(field, 2 * _SECONDS)
        quickest = min(each.seconds for each in burst.accepted())
    disk.takes(0)
    field.restart_with({})
    if quickest < _SECONDS_TO_STORE:
        raise RuntimeError(f"the disk was not slow: an SBOM was stored in {quickest:.1f} s")
    if longest > _SECONDS_TO_ANSWER:
        raise RuntimeError(f"sbom-ingest took {longest:.1f} s to say that it is alive")


def database_disk_slow(field: Field, _chance: Random) -> None:
    """Reading, writing and syncing its files takes PostgreSQL 30 ms more each time."""
    disk = _there(field.cluster)
    field.postgres.restart(disk.slow(field.folder))
    disk.takes(30)
    with pipelines(field.licet, 4) as burst:
        time.sleep(2 * _SECONDS)
        burst.accepted()
    disk.takes(0)
    field.postgres.restart({})


def clocks_jump(field: Field, _chance: Random) -> None:
    """The clock of all services jumps two hours ahead, then two behind, then back.

    While it is ahead nothing reaches the broker, so that events wait whose time lies ahead of the later clock.
    """
    _with_clocks(field, SERVICES)


def one_clock_wrong(field: Field, chance: Random) -> None:
    """The clock of one service is two hours ahead of the others', then two behind."""
    _with_clocks(field, [chance.choice(SERVICES)])


def no_descriptors(field: Field, _chance: Random) -> None:
    """For ten seconds no service may open one more file or connection."""
    pids = [field.licet.process(service).pid for service in SERVICES]
    usual = {pid: resource.prlimit(pid, resource.RLIMIT_NOFILE) for pid in pids}
    for pid, (_, most) in usual.items():
        in_use = len(os.listdir(f"/proc/{pid}/fd"))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (in_use, most))
    time.sleep(_SECONDS)
    for pid, limits in usual.items():
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
    if dead := [service for service in SERVICES if not field.licet.process(service).running]:
        raise RuntimeError(f"ended without descriptors: {dead}")


def deadlocks(field: Field, _chance: Random) -> None:
    """For ten seconds somebody locks the tables of every service in the order that is not its own."""
    before = asyncio.run(_deadlocks(field))
    asyncio.run(_lock_all(field))
    if asyncio.run(_deadlocks(field)) == before:
        raise RuntimeError("there was no deadlock")


def _fill(disk: Disk | None, seconds: float) -> None:
    there = _there(disk)
    there.fill()
    time.sleep(seconds)
    there.free()


def _longest_answer(field: Field, seconds: float) -> float:
    """The longest that sbom-ingest took for what only its event loop is needed for, over that time."""
    ends, longest = time.monotonic() + seconds, 0.0
    with httpx.Client(trust_env=False, timeout=seconds) as client:
        while (asked := time.monotonic()) < ends:
            client.get(f"{field.licet.urls['sbom-ingest']}/healthz").raise_for_status()
            longest = max(longest, time.monotonic() - asked)
            time.sleep(0.1)
    return longest


def _there(disk: Disk | None) -> Disk:
    if disk is None:
        raise RuntimeError("there is no disk of its own: this takes root")
    return disk


def _with_clocks(field: Field, services: list[str] | tuple[str, ...]) -> None:
    clock = field.folder / "clock"
    clock.write_text("+0")
    faked = {
        "LD_PRELOAD": str(next(Path("/usr").glob(_FAKETIME))),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # as on a machine whose clock is set
    }
    field.restart_with(faked, services)
    field.to_rabbit.hold(answers_too=False)
    for hours in _HOURS:
        clock.write_text(hours)
        time.sleep(_SECONDS / 2)
        field.to_rabbit.forward()
    time.sleep(_SECONDS / 2)
    clock.write_text("+0")
    time.sleep(_SECONDS / 2)
    field.restart_with({}, services)


async def _deadlocks(field: Field) -> int:
    await asyncio.sleep(1)  # until PostgreSQL's statistics are written
    connection = await asyncpg.connect(_urls(field)[0])
    found: int = await connection.fetchval("SELECT sum(deadlocks)::int FROM pg_stat_database")
    await connection.close()
    return found


async def _lock_all(field: Field) -> None:
    await asyncio.gather(*(_lock(url) for url in _urls(field)))


def _urls(field: Field) -> list[str]:
    urls = [make_url(url).set(drivername="postgresql") for url in field.licet.databases.values()]
    return [each.render_as_string(hide_password=False) for each in urls]


async def _lock(url: str) -> None:
    # Services mark the inbox first and write events last. It is they who find the deadlock: this one never looks.
    connection = await asyncpg.connect(url, server_settings={"deadlock_timeout": "60s", "lock_timeout": "4s"})
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        with suppress(asyncpg.PostgresError):
            async with connection.transaction():
                await connection.execute("LOCK TABLE outbox IN SHARE MODE")
                await asyncio.sleep(0.3)
                await connection.execute("LOCK TABLE inbox IN SHARE MODE")
    await connection.close()
