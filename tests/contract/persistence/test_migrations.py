"""Every service's migrations build its schema from nothing, can be run again, and can be undone."""

import asyncio
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect

from shared.persistence.engine import Database
from shared.persistence.migrate import configuration, migrate

PACKAGES = ("sbom_ingest", "policy_eval", "obligations", "gateway")

_ENV = "from alembic import context\nfrom shared.persistence.migrate import run_online\n"
_RUN = "run_online(context.config.attributes['url'])\n"
_VERSION = (
    "import sqlalchemy as sa\nfrom alembic import op\nrevision = '{}'\ndown_revision = {!r}\ndef upgrade():\n{}\n"
)
_CREATE = "    op.create_table('{}', sa.Column('id', sa.Integer, primary_key=True))\n"


@pytest.fixture(params=PACKAGES)
def package(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_migrations_build_the_schema_and_may_run_again(package: str, database_url: str) -> None:
    migrate(package, database_url)
    built = _tables(database_url)
    migrate(package, database_url)

    assert {"alembic_version", "outbox", "inbox", "dead_letter"} < built.keys()
    assert _tables(database_url) == built
    asyncio.run(_check(database_url))


def test_migrations_can_be_undone_and_done_again(package: str, database_url: str) -> None:
    migrate(package, database_url)
    built = _tables(database_url)

    with configuration(package, database_url) as config:
        command.downgrade(config, "base")
        assert _tables(database_url).keys() == {"alembic_version"}
        command.upgrade(config, "head")

    assert _tables(database_url) == built


def test_a_migration_that_fails_leaves_the_schema_as_it_was(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = tmp_path / "half_done" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parents[1] / "__init__.py").touch()
    (versions.parent / "env.py").write_text(_ENV + _RUN)
    (versions / "one.py").write_text(_VERSION.format("1", None, _CREATE.format("first")))
    failing = _CREATE.format("second") + "    raise RuntimeError('the power is gone')\n"
    (versions / "two.py").write_text(_VERSION.format("2", "1", failing))
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(RuntimeError, match="the power is gone"):
        migrate("half_done", database_url)

    assert _tables(database_url) == {}


def test_two_processes_may_migrate_at_once(database_url: str) -> None:
    async def both() -> None:
        await asyncio.gather(*(asyncio.to_thread(migrate_gateway_in_a_process, database_url) for _ in range(2)))

    asyncio.run(both())

    assert "outbox" in _tables(database_url)


def migrate_gateway_in_a_process(url: str) -> None:
    """Alembic's context is one a process, so that threads of ours would disturb each other."""
    import os
    import sys

    from tests.support.processes import run_to_end

    program = f"from shared.persistence.migrate import migrate; migrate('gateway', {url!r})"
    run_to_end([sys.executable, "-c", program], {"PATH": os.environ["PATH"]})


def _tables(url: str) -> dict[str, list[str]]:
    """The columns of every table, with their types."""

    def look(connection: Connection) -> dict[str, list[str]]:
        seen = inspect(connection)
        return {
            table: [f"{column['name']} {column['type']} {column['nullable']}" for column in seen.get_columns(table)]
            + sorted(str(index["name"]) for index in seen.get_indexes(table))
            for table in seen.get_table_names()
        }

    async def read() -> dict[str, list[str]]:
        database = Database(url)
        async with database.read() as connection:
            seen = await connection.run_sync(look)
        await database.close()
        return seen

    return asyncio.run(read())


async def _check(url: str) -> None:
    database = Database(url)
    await database.check()
    await database.close()
