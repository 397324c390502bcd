"""Ends that are asked for, ends that are not, and messages that come again."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.invariants import broken_promises, hold, read
from tests.support.licet import SERVICES, DistributedLicet, Licet, StandaloneLicet
from tests.support.pipelines import Burst, pipelines
from tests.support.processes import wait_until

_SBOMS = 24
_FIRST = 6


def test_a_standalone_killed_in_the_middle_finishes_what_it_had_accepted(standalone: StandaloneLicet) -> None:
    with pipelines(standalone, _SBOMS) as burst:
        _wait_for_the_first(burst)
        standalone.kill()
        accepted = burst.give_up()

    standalone.start()

    assert _FIRST <= len(accepted) < _SBOMS
    hold(standalone, accepted)


def test_a_standalone_ends_at_ctrl_c_with_exit_code_0_and_all_it_held_finished(standalone: StandaloneLicet) -> None:
    with pipelines(standalone, _SBOMS) as burst:
        _wait_for_the_first(burst)
        exit_code = standalone.interrupt()
        left_behind = broken_promises(read(standalone.databases), burst.accepted_so_far())
        standalone.start()
        accepted = burst.accepted()

    assert exit_code == 0
    assert left_behind == []
    hold(standalone, accepted)


@pytest.mark.long
def test_services_asked_to_end_in_the_middle_end_with_exit_code_0_and_lose_nothing(
    distributed: DistributedLicet,
) -> None:
    with pipelines(distributed, _SBOMS) as burst:
        _wait_for_the_first(burst)
        exit_codes = distributed.stop()
        for service in SERVICES:
            distributed.launch(service)
        accepted = burst.accepted()

    assert exit_codes == dict.fromkeys(SERVICES, 0)
    hold(distributed, accepted)


def test_all_services_killed_at_once_in_the_middle_lose_nothing(distributed: DistributedLicet) -> None:
    with pipelines(distributed, _SBOMS) as burst:
        _wait_for_the_first(burst)
        distributed.kill()
        for service in SERVICES:
            distributed.launch(service)
        accepted = burst.accepted()

    hold(distributed, accepted)


@pytest.mark.parametrize(
    "shape",
    [pytest.param("standalone", marks=pytest.mark.long), pytest.param("distributed", marks=pytest.mark.servers)],
)
def test_every_event_delivered_three_times_has_one_effect(shape: str, request: pytest.FixtureRequest) -> None:
    licet: Licet = request.getfixturevalue(shape)
    with pipelines(licet, _FIRST) as burst:
        accepted = burst.accepted()
    hold(licet, accepted)

    for _ in range(2):
        asyncio.run(_mark_all_events_unsent(licet))
        hold(licet, accepted)


def _wait_for_the_first(burst: Burst) -> None:
    assert wait_until(lambda: len(burst.accepted_so_far()) >= _FIRST, timeout=30)


async def _mark_all_events_unsent(licet: Licet) -> None:
    for url in licet.databases.values():
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE outbox SET sent_at = NULL"))
        await engine.dispose()
