"""A service that is killed at the worst moments loses nothing and does nothing twice.

The points are those of `shared.crash`, the letters those of the fault table: F2 stored but not committed, F3 committed
but not answered, F4 committed but not published, F5 published but not marked, F6 worked but not committed, F7 committed
but not acknowledged.
"""

import signal

import pytest

from tests.support.invariants import hold
from tests.support.licet import DistributedLicet
from tests.support.pipelines import pipelines

_SBOMS = 5

_POINTS = [
    ("F2", "sbom-ingest", "ingest-before-commit"),
    ("F3", "sbom-ingest", "ingest-after-commit"),
    ("F4", "sbom-ingest", "outbox-before-publish"),
    ("F5", "policy-eval", "outbox-before-mark"),
    ("F6", "policy-eval", "evaluate-before-commit"),
    ("F7", "policy-eval", "evaluate-after-commit"),
    ("F7", "gateway", "rabbit-before-ack"),
]


_IN_SHORT = ("F5",)


def _point(letter: str, service: str, point: str) -> object:
    marks = () if letter in _IN_SHORT else (pytest.mark.long,)
    return pytest.param(service, point, id=f"{letter}-{service}-{point}", marks=marks)


@pytest.mark.parametrize(("service", "point"), [_point(*each) for each in _POINTS])
def test_every_accepted_sbom_is_finished_once_though_a_service_was_killed(
    distributed: DistributedLicet, service: str, point: str
) -> None:
    distributed.restart(service, crash_at=point)

    with pipelines(distributed, _SBOMS) as burst:
        exit_code = distributed.wait_ended(service)
        distributed.launch(service)
        accepted = burst.accepted()

    assert exit_code == -signal.SIGKILL
    assert len({each.release for each in accepted}) == _SBOMS
    hold(distributed, accepted)
