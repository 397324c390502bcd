"""A PostgreSQL with the access that the overlay of CloudNativePG says: over TLS, each role to the database of its name."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from asyncpg.exceptions import InvalidAuthorizationSpecificationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.persistence.engine import Database
from tests.support.manifests import of_kind
from tests.support.postgresql import ThrowawayPostgres

pytestmark = [pytest.mark.servers, pytest.mark.long]

_PASSWORD = "of a role"


@pytest.fixture
def operated() -> Iterator[ThrowawayPostgres]:
    """As the operator makes it: fixed rules first, then those of the overlay, then one that lets everybody in."""
    with ThrowawayPostgres() as server:
        (cluster,) = of_kind("production-cloudnative-pg", "Cluster")
        folder = server.directory / "cluster"
        _make_certificate(folder)
        for role in ("licet_gateway", "licet_obligations"):
            server.database(role)
            _sql(server, f"CREATE ROLE {role} LOGIN PASSWORD '{_PASSWORD}'; ALTER DATABASE {role} OWNER TO {role}")
        ours = cluster["spec"]["postgresql"]["pg_hba"]
        rules = ["hostnossl all licet all trust", *ours, "host all all all scram-sha-256"]
        (folder / "pg_hba.conf").write_text("\n".join(rules) + "\n", encoding="ascii")
        _sql(server, "ALTER SYSTEM SET ssl = on")
        _sql(server, "SELECT pg_reload_conf()")
        yield server


async def test_a_role_reaches_its_own_database_over_tls_and_nothing_else(operated: ThrowawayPostgres) -> None:
    server = f"postgresql+asyncpg://licet_gateway:{_PASSWORD}@127.0.0.1:{operated.port}"

    assert await _is_encrypted(f"{server}/licet_gateway?ssl=require")
    for refused in ("licet_gateway?ssl=disable", "licet_obligations?ssl=require", "postgres?ssl=require"):
        with pytest.raises((DBAPIError, InvalidAuthorizationSpecificationError), match=r"pg_hba\.conf rejects"):
            await _is_encrypted(f"{server}/{refused}")


async def _is_encrypted(url: str) -> bool:
    database = Database(url)
    try:
        async with database.read() as connection:
            query = text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            return bool((await connection.execute(query)).scalar_one())
    finally:
        await database.close()


def _make_certificate(folder: Path) -> None:
    key, certificate = folder / "server.key", folder / "server.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
         "-subj", "/CN=postgresql-rw", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    for each in (key, certificate):
        owner = folder.stat()
        shutil.chown(each, owner.st_uid, owner.st_gid)
        each.chmod(0o600)


def _sql(server: ThrowawayPostgres, statement: str) -> None:
    subprocess.run(
        ["psql", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c", statement],
        env=server.environment, check=True, capture_output=True,
    )  # fmt: skip
