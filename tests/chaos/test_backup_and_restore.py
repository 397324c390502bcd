"""A backup taken under load, restored elsewhere, has every SBOM that was accepted before it began."""

import subprocess
from pathlib import Path

import pytest

from tests.support.invariants import hold
from tests.support.licet import DistributedLicet
from tests.support.pipelines import pipelines
from tests.support.postgresql import ThrowawayPostgres
from tests.support.processes import wait_until
from tests.support.rabbitmq import ThrowawayRabbit

pytestmark = [pytest.mark.servers, pytest.mark.long]

_SCRIPTS = Path(__file__).parents[2] / "deploy/backup"
_SBOMS = 20
_FIRST = 6


def test_a_restored_backup_finishes_what_was_accepted_before_it(
    distributed: DistributedLicet, rabbitmq: ThrowawayRabbit, postgres: ThrowawayPostgres, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    with pipelines(distributed, _SBOMS) as burst:
        assert wait_until(lambda: len(burst.accepted_so_far()) >= _FIRST, timeout=60)
        before = burst.accepted_so_far()
        _run("backup.sh", postgres, distributed, kept)
        after = burst.accepted()
    hold(distributed, after)

    restored = DistributedLicet.on(rabbitmq, postgres, tmp_path / "restored", "restored")
    _run("restore.sh", postgres, restored, kept)
    restored.admin_key = distributed.admin_key
    with restored:
        hold(restored, before)


def test_a_damaged_backup_is_not_restored(
    postgres: ThrowawayPostgres, distributed: DistributedLicet, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    _run("backup.sh", postgres, distributed, kept)
    with (kept / "blobs.tar").open("r+b") as file:
        file.write(b"damaged")

    with pytest.raises(subprocess.CalledProcessError):
        _run("restore.sh", postgres, distributed, kept)
    with pytest.raises(subprocess.CalledProcessError):
        _run("backup.sh", postgres, distributed, kept)  # which would write over one that is there


def _run(script: str, postgres: ThrowawayPostgres, licet: DistributedLicet, kept: Path) -> None:
    beginning = licet.databases["gateway"].rpartition("/")[2].removesuffix("gateway")
    subprocess.run(
        ["sh", str(_SCRIPTS / script), str(kept), str(licet.folder / "blobs")],
        env=postgres.environment | {"LICET_DATABASES": beginning}, check=True,
    )  # fmt: skip
