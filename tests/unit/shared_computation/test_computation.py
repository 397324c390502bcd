"""Large computations pause the search for reference cycles, and never for longer than they last."""

import gc

import pytest

from shared.computation import compute, without_cycle_search


async def test_a_computation_runs_without_cycle_search_and_gives_its_result() -> None:
    result = await compute(lambda number: (number, gc.isenabled()), 7)

    assert result == (7, False)
    assert gc.isenabled()


async def test_a_failed_computation_ends_the_pause() -> None:
    with pytest.raises(ZeroDivisionError):
        await compute(lambda: 1 / 0)

    assert gc.isenabled()


def test_the_pause_lasts_until_the_last_of_several_is_done() -> None:
    with without_cycle_search():
        with without_cycle_search():
            pass
        during_the_first = gc.isenabled()

    assert not during_the_first
    assert gc.isenabled()
