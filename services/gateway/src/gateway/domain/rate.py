"""Token buckets: how often somebody may ask."""

import math

from msgspec import Struct


class Quota(Struct, frozen=True):
    """So many requests in so many seconds; all at once or one by one."""

    name: str
    requests: int
    seconds: int = 60

    @property
    def a_second(self) -> float:
        return self.requests / self.seconds


class Bucket(Struct, frozen=True):
    """What was left of a quota at a moment, in seconds since the epoch."""

    tokens: float
    at: float


class Spent(Struct, frozen=True):
    """Whether a request is within its quota, what is left of it, and the seconds until all of it and one are there."""

    quota: Quota
    allowed: bool
    remaining: int
    full_in: int
    next_in: int


def refilled(bucket: Bucket | None, quota: Quota, now: float) -> Bucket:
    """Return the bucket as it is now; a full one where there was none. A clock that goes back adds nothing."""
    if bucket is None:
        return Bucket(quota.requests, now)
    earned = max(now - bucket.at, 0.0) * quota.a_second
    return Bucket(min(bucket.tokens + earned, float(quota.requests)), now)


def drawn(bucket: Bucket, wanted: int) -> tuple[Bucket, int]:
    """Return the bucket after up to `wanted` whole tokens were taken, and how many there were."""
    taken = min(wanted, math.floor(bucket.tokens))
    return Bucket(bucket.tokens - taken, bucket.at), taken


def spent(bucket: Bucket, quota: Quota, *, allowed: bool) -> Spent:
    """Return what there is to say after a request."""
    remaining = max(math.floor(bucket.tokens), 0)
    full_in = math.ceil(max(quota.requests - bucket.tokens, 0) / quota.a_second)
    next_in = math.ceil(max(1 - bucket.tokens, 0) / quota.a_second)
    return Spent(quota, allowed, remaining, full_in, next_in)
