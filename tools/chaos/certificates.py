"""The fault of a certificate that has expired, of the broker and of the databases, until somebody renews it."""

import asyncio
import time
from datetime import timedelta
from random import Random

import asyncpg
from sqlalchemy.engine import make_url

from tests.support.licet import SERVICES
from tests.support.processes import wait_until
from tools.chaos.field import VHOST, Field

_SECONDS = 10.0
_EXPIRED, _RENEWED = timedelta(minutes=-1), timedelta(days=1)


def certificates_expired(field: Field, _chance: Random) -> None:
    """Services speak TLS with both servers, and verify. For ten seconds the certificate is one that has expired."""
    authority = field.authority
    files = {"ssl_cert_file": authority.server_certificate, "ssl_key_file": authority.server_key}
    asyncio.run(_on_the_server(field, *(f"ALTER SYSTEM SET {name} = '{path}'" for name, path in files.items())))
    asyncio.run(_on_the_server(field, "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()"))
    field.restart_with(
        {
            "LICET_BROKER_URL": f"{field.rabbit.tls_url}{VHOST}?cafile={authority.certificate}",
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": str(authority.certificate),
        }
    )
    try:
        if not wait_until(lambda: _all_encrypted(field), timeout=30):
            raise RuntimeError("not all connections are encrypted")
        _change_certificate(field, _EXPIRED)
        time.sleep(_SECONDS)
        if any(_encrypted(field)):
            raise RuntimeError("a service connected though the certificate has expired")
        _change_certificate(field, _RENEWED)
        if not wait_until(lambda: _all_encrypted(field) and field.licet.ready(), timeout=30):
            raise RuntimeError("a service did not come back after the certificate was renewed")
    finally:
        field.authority.certify(_RENEWED)
        field.restart_with({})
    if "certificate has expired" not in field.licet.logs():
        raise RuntimeError("no log tells that the certificate has expired")


def _change_certificate(field: Field, remaining: timedelta) -> None:
    """Put another certificate in place, and cut all connections, since only a new one looks at it."""
    field.authority.certify(remaining)
    field.rabbit.ctl("eval", "ssl:clear_pem_cache().")
    field.rabbit.ctl("close_all_connections", "--vhost", VHOST, "chaos")
    services = "FROM pg_stat_activity WHERE usename IS NOT NULL AND pid <> pg_backend_pid()"
    asyncio.run(_on_the_server(field, "SELECT pg_reload_conf()", f"SELECT pg_terminate_backend(pid) {services}"))


def _all_encrypted(field: Field) -> bool:
    """Whether every service has such a connection to the broker and to its database."""
    return all(count >= len(SERVICES) for count in _encrypted(field))


def _encrypted(field: Field) -> tuple[int, int]:
    """How many connections to the broker are encrypted, and how many of the databases have one that is."""
    to_broker = field.rabbit.ctl("list_connections", "--quiet", "ssl").split().count("true")
    return to_broker, asyncio.run(_encrypted_databases(field))


async def _encrypted_databases(field: Field) -> int:
    connection = await _connected(field)
    try:
        count = "SELECT count(DISTINCT datname) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE ssl"
        return int(await connection.fetchval(count))
    finally:
        await connection.close()


async def _on_the_server(field: Field, *statements: str) -> None:
    connection = await _connected(field)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _connected(field: Field) -> asyncpg.Connection:
    url = make_url(next(iter(field.licet.databases.values()))).set(drivername="postgresql", port=field.postgres.port)
    return await asyncpg.connect(url.render_as_string(hide_password=False), ssl="disable")
