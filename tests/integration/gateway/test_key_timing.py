"""How long a wrong key takes to be refused tells nothing of how near it is to a right one."""

import math
from pathlib import Path
from random import Random
from time import perf_counter_ns

import pytest

from tests.support.gateway import ADMIN_KEY, client_of, running_gateway

_EACH = 2_500
_CERTAIN = 4.4
"""Standard deviations; the two-sided chance of more by chance alone is one in 100,000."""


def _rank_sum_deviation(one: list[int], other: list[int]) -> float:
    """How far the ranks of two samples lie apart, in standard deviations (Mann-Whitney U, normal approximation)."""
    ranks = sorted((value, source) for source, values in enumerate((one, other)) for value in values)
    ranked = sum(rank for rank, (_, source) in enumerate(ranks, start=1) if source == 0)
    n, m = len(one), len(other)
    return (ranked - n * (n + m + 1) / 2) / math.sqrt(n * m * (n + m + 1) / 12)


def test_the_measure_tells_samples_apart() -> None:
    random = Random(1)
    quick = [random.randrange(1000, 2000) for _ in range(_EACH)]
    assert abs(_rank_sum_deviation(quick, [each + 100 for each in quick])) > _CERTAIN
    assert abs(_rank_sum_deviation(quick, random.sample(quick, len(quick)))) < _CERTAIN


@pytest.mark.long
async def test_a_key_that_is_nearly_right_takes_as_long_as_any_other(tmp_path: Path) -> None:
    near, far = ADMIN_KEY[:-1] + "~", "licet_" + "~" * (len(ADMIN_KEY) - 6)
    took: dict[str, list[int]] = {near: [], far: []}
    turns = [near, far] * _EACH
    Random(7).shuffle(turns)

    async with running_gateway(tmp_path) as gateway, client_of(gateway.app) as client:
        for key in turns:
            began = perf_counter_ns()
            answer = await client.get("/api/v1/releases", headers={"X-Api-Key": key})
            took[key].append(perf_counter_ns() - began)
            assert answer.status_code == 401

    assert abs(_rank_sum_deviation(took[near], took[far])) < _CERTAIN
