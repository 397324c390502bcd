"""A backup taken under load, restored elsewhere, has every SBOM that was accepted before it began."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.invariants import hold
from tests.support.licet import SERVICES, DistributedLicet
from tests.support.pipelines import pipelines
from tests.support.postgresql import ThrowawayPostgres
from tests.support.processes import wait_until
from tests.support.rabbitmq import ThrowawayRabbit

pytestmark = [pytest.mark.servers, pytest.mark.long]

_SBOMS = 20
_FIRST = 6
_AGAINST_THE_FLOW = tuple(reversed(SERVICES))


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder that the user of the database may write into."""
    with tempfile.TemporaryDirectory(prefix="licet-backup-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


def test_a_restored_backup_finishes_what_was_accepted_before_it(
    distributed: DistributedLicet, rabbitmq: ThrowawayRabbit, postgres: ThrowawayPostgres, tmp_path: Path, shelf: Path
) -> None:
    with pipelines(distributed, _SBOMS) as burst:
        assert wait_until(lambda: len(burst.accepted_so_far()) >= _FIRST, timeout=60)
        before = burst.accepted_so_far()
        for service in _AGAINST_THE_FLOW:
            postgres.dump(_database(distributed, service), shelf / f"{service}.dump")
        shutil.copytree(distributed.folder / "blobs", shelf / "blobs", ignore=shutil.ignore_patterns("scratch"))
        after = burst.accepted()
    hold(distributed, after)

    restored = DistributedLicet.on(rabbitmq, postgres, tmp_path / "restored", "restored")
    for service in SERVICES:
        postgres.restore(_database(restored, service), shelf / f"{service}.dump")
    shutil.copytree(shelf / "blobs", restored.folder / "blobs")
    asyncio.run(_send_all_again(restored))
    restored.admin_key = distributed.admin_key
    with restored:
        hold(restored, before)


def _database(licet: DistributedLicet, service: str) -> str:
    return licet.databases[service].rpartition("/")[2]


async def _send_all_again(licet: DistributedLicet) -> None:
    for url in licet.databases.values():
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE outbox SET sent_at = NULL"))
        await engine.dispose()
