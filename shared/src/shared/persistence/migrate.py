"""Brings a service's database to the newest schema with its Alembic migrations, which are part of its package.

On both databases all of an upgrade is one transaction: a migration that fails, or a crash, leaves the schema as it was. On
PostgreSQL it waits two seconds for a table that is in use, then lets those through who wait behind it, and tries again:
services give up after five.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_LOCK = 0x11CE7  # one migration at a time, whatever the number of replicas
_TRIES = 30
_SECONDS_BETWEEN = 1.0
_LOCK_NOT_AVAILABLE = "55P03"


def migrate(package: str, url: str) -> None:
    """Run the migrations under `<package>/migrations` on the database at `url` up to the newest one."""
    with configuration(package, url) as config:
        command.upgrade(config, "head")


@contextmanager
def configuration(package: str, url: str) -> Iterator[Config]:
    """Give the configuration with which Alembic's commands work on the package's migrations and that database."""
    with as_file(files(package) / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["url"] = url
        yield config


def run_online(url: str) -> None:
    """Called by a service's `migrations/env.py`: run what Alembic was asked for on the database at `url`."""
    if make_url(url).get_backend_name() == "sqlite":
        _run_on_sqlite(url)
    else:
        asyncio.run(_run_on_postgres(url))


def _run_on_sqlite(url: str) -> None:
    synchronous = make_url(url).set(drivername="sqlite")
    if synchronous.database:
        Path(synchronous.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(synchronous)
    # Otherwise the driver commits at each CREATE TABLE. IMMEDIATE: a second process waits here.
    event.listen(engine, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            _run(connection)
    finally:
        engine.dispose()


async def _run_on_postgres(url: str) -> None:
    engine = create_async_engine(url)
    try:
        for left in reversed(range(_TRIES)):
            try:
                await _run_once(engine)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE or not left:
                    raise
                await asyncio.sleep(_SECONDS_BETWEEN)
            else:
                return
    finally:
        await engine.dispose()


async def _run_once(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL lock_timeout = '2s'"))
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        await connection.run_sync(_run)


def _run(connection: Connection) -> None:
    context.configure(connection=connection)
    context.run_migrations()
