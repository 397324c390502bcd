"""Which events lead to obligations that nobody waits for."""

import json
from pathlib import Path

import pytest

from obligations.application.derive_release import is_in_bulk
from shared.contracts.envelope import decode

_GOLDEN = sorted((Path(__file__).parents[2] / "data/events").glob("release.evaluated*.json"))


@pytest.mark.parametrize("path", _GOLDEN, ids=lambda path: path.stem)
def test_one_of_an_older_version_is_no_bulk_work(path: Path) -> None:
    assert not is_in_bulk(decode(path.read_bytes()))


def test_one_that_says_so_is() -> None:
    event = json.loads(_GOLDEN[0].read_bytes())
    event["data"]["bulk"] = True

    assert is_in_bulk(decode(json.dumps(event).encode()))
