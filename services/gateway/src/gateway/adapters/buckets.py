"""Token buckets: in memory for one process, in the database for several."""

from collections import OrderedDict

from msgspec.structs import replace
from sqlalchemy import Row, delete, select, update

from gateway.adapters.tables import rate_bucket
from gateway.domain.rate import Bucket, Quota, Spent, drawn, refilled, spent
from shared.persistence.engine import Database, on_conflict_do_nothing

_MOST = 100_000
_KEPT_SECONDS = 600


class MemoryBuckets:
    """`application.limit_requests.Buckets`; forgets the one that was asked longest ago when there are too many."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    async def take(self, name: str, quota: Quota, now: float) -> Spent:
        bucket, taken = drawn(refilled(self._buckets.get(name), quota, now), 1)
        self._buckets[name] = bucket
        self._buckets.move_to_end(name)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return spent(bucket, quota, allowed=bool(taken))


class SqlBuckets:
    """The same for all replicas: each draws a twentieth of a quota at a time and spends that by itself.

    So a request seldom writes, and what a replica holds back is small. An empty bucket is not asked again before the
    next token is there.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._drawn: OrderedDict[str, tuple[int, Bucket]] = OrderedDict()
        self._swept = 0.0

    async def take(self, name: str, quota: Quota, now: float) -> Spent:
        held, known = self._drawn.get(name, (0, None))
        bucket = refilled(known, quota, now)
        if held == 0 and bucket.tokens >= 1:
            bucket, held = await self._draw(name, quota, now)
        allowed = held > 0
        self._keep(name, held - allowed, bucket)
        left = replace(bucket, tokens=bucket.tokens + held - allowed)
        return spent(left, quota, allowed=allowed)

    def _keep(self, name: str, held: int, bucket: Bucket) -> None:
        self._drawn[name] = (held, bucket)
        self._drawn.move_to_end(name)
        if len(self._drawn) > _MOST:
            self._drawn.popitem(last=False)

    async def _draw(self, name: str, quota: Quota, now: float) -> tuple[Bucket, int]:
        table = rate_bucket
        full = {"name": name, "tokens": float(quota.requests), "at": now}
        async with self._database.write() as connection:
            await connection.execute(on_conflict_do_nothing(connection, table, full))
            row = (await connection.execute(select(table).where(table.c.name == name).with_for_update())).one()
            bucket, taken = drawn(refilled(_bucket(row), quota, now), max(quota.requests // 20, 1))
            values = {"tokens": bucket.tokens, "at": bucket.at}
            await connection.execute(update(table).where(table.c.name == name).values(values))
            await connection.commit()
        await self._sweep(now)
        return bucket, taken

    async def _sweep(self, now: float) -> None:
        if now - self._swept < _KEPT_SECONDS:
            return
        self._swept = now
        async with self._database.write() as connection:
            await connection.execute(delete(rate_bucket).where(rate_bucket.c.at < now - _KEPT_SECONDS))
            await connection.commit()


def _bucket(row: Row[tuple[str, float, float]]) -> Bucket:
    return Bucket(row.tokens, row.at)
