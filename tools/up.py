"""Runs the four services as processes of this machine until Ctrl-C, for development.

    python -m tools.up

They use the RabbitMQ of LICET_BROKER_URL and the PostgreSQL server of LICET_POSTGRES_URL (postgresql://user@host:port),
in which each gets a database `licet_<service>`; for one that is not set a throwaway server is started, whose data ends
with it. LICET_PORT, LICET_ADMIN_KEY and LICET_DATA_DIR (build/up) are taken where they are set.
"""

import asyncio
import os
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from tests.support.licet import SERVICES, DistributedLicet
from tests.support.postgresql import ThrowawayPostgres
from tests.support.processes import MissingServer, ProcessFailed
from tests.support.rabbitmq import ThrowawayRabbit

_LOOK_SECONDS = 0.5
_PORT = 8000


def main() -> int:
    """Start everything, say where it is, and wait for a signal or the end of a service."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        try:
            licet = stack.enter_context(_licet(stack))
            _say_where_it_is(licet)
            return _watch(licet)
        except KeyboardInterrupt:
            print("\nending all", flush=True)
            return 0
        except (MissingServer, ProcessFailed) as failure:
            print(failure, file=sys.stderr)
            return 1


def _licet(stack: ExitStack) -> DistributedLicet:
    folder = Path(os.environ.get("LICET_DATA_DIR", "build/up")).absolute()
    print("starting RabbitMQ, PostgreSQL and the services …", flush=True)
    broker_url = os.environ.get("LICET_BROKER_URL") or stack.enter_context(ThrowawayRabbit()).url
    if server := os.environ.get("LICET_POSTGRES_URL"):
        databases = asyncio.run(_databases_of(server))
    else:
        postgres = stack.enter_context(ThrowawayPostgres())
        databases = {service: postgres.database(_database_name(service)) for service in SERVICES}
    port = int(os.environ.get("LICET_PORT", _PORT))
    return DistributedLicet(folder, broker_url, databases, os.environ.get("LICET_ADMIN_KEY"), port)


async def _databases_of(server: str) -> dict[str, str]:
    """Create the services' databases where they are missing; return their URLs."""
    url = make_url(server).set(drivername="postgresql+asyncpg")
    plain = url.set(drivername="postgresql", database=url.database or "postgres")
    connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
    try:
        for service in SERVICES:
            name = _database_name(service)
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
                await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
    return {each: url.set(database=_database_name(each)).render_as_string(hide_password=False) for each in SERVICES}


def _database_name(service: str) -> str:
    return f"licet_{service.replace('-', '_')}"


def _say_where_it_is(licet: DistributedLicet) -> None:
    print(f"\nLicet answers at {licet.url}\nThe administrator's key: {licet.admin_key}\n")
    for service in SERVICES:
        print(f"  {service:<12} {licet.urls[service]}  log: {licet.log_path(service)}")
    print("\nCtrl-C ends all of it.", flush=True)


def _watch(licet: DistributedLicet) -> int:
    while True:
        for service in SERVICES:
            if not licet.process(service).running:
                print(f"{service} has ended; its log: {licet.log_path(service)}", file=sys.stderr)
                return 1
        time.sleep(_LOOK_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
