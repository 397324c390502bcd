"""A token bucket gives what its quota says and no more, whatever the clock does."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.buckets import MemoryBuckets
from gateway.domain.rate import Bucket, Quota, drawn, refilled, spent

_QUOTA = Quota("requests", 60)
_MOMENTS = st.lists(st.floats(0, 1_000), min_size=1, max_size=200)


def test_a_new_bucket_is_full() -> None:
    assert refilled(None, _QUOTA, 5.0) == Bucket(60, 5.0)


def test_a_token_comes_back_each_sixtieth_of_the_time() -> None:
    empty = Bucket(0.0, 0.0)

    assert drawn(refilled(empty, _QUOTA, 0.99), 1)[1] == 0
    assert drawn(refilled(empty, _QUOTA, 1.0), 1)[1] == 1


@given(_MOMENTS)
def test_no_more_are_given_than_the_quota_and_what_time_has_earned(moments: list[float]) -> None:
    bucket, given_out = None, 0
    for moment in sorted(moments):
        bucket, taken = drawn(refilled(bucket, _QUOTA, moment), 1)
        given_out += taken

    earned = (max(moments) - min(moments)) * _QUOTA.a_second
    assert given_out <= _QUOTA.requests + earned + 1e-6


@given(_MOMENTS)
def test_a_clock_that_jumps_back_gives_nothing_away(moments: list[float]) -> None:
    bucket = Bucket(0.0, max(moments))

    assert [refilled(bucket, _QUOTA, each).tokens for each in moments] == [0.0] * len(moments)


def test_what_is_left_and_when_there_is_more_is_told_in_whole_numbers() -> None:
    told = spent(Bucket(0.5, 0.0), _QUOTA, allowed=False)

    assert (told.remaining, told.next_in, told.full_in) == (0, 1, 60)


async def test_buckets_in_memory_are_bounded_in_number() -> None:
    buckets = MemoryBuckets(most=2)
    for name in ("a", "b", "c"):
        await buckets.take(name, _QUOTA, 0.0)

    assert (await buckets.take("c", _QUOTA, 0.0)).remaining == 58
    assert (await buckets.take("a", _QUOTA, 0.0)).remaining == 59
