"""Webhooks and their deliveries in the gateway's database."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, Select, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.adapters.tables import webhook, webhook_delivery
from gateway.application.ports import Times
from gateway.domain.webhooks import MAX_IN_FLIGHT, MOST_GIVEN_UP, Delivery, Webhook
from shared.persistence.engine import Database

_ENABLED = webhook.c.disabled_at.is_(None)


class SqlMailbox:
    """`application.ports.Mailbox` on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def webhooks(self) -> list[Webhook]:
        return [_webhook(row) for row in await self._connection.execute(select(webhook).where(_ENABLED))]

    async def add(self, deliveries: list[Delivery]) -> None:
        if deliveries:
            await self._connection.execute(insert(webhook_delivery), [asdict(each) for each in deliveries])


class SqlWebhooks:
    """`application.ports.Webhooks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Webhook]:
        return [_webhook(row) for row in await self._read(select(webhook).order_by(webhook.c.id))]

    async def by_id(self, webhook_id: str) -> Webhook | None:
        rows = await self._read(select(webhook).where(webhook.c.id == webhook_id))
        return _webhook(rows[0]) if rows else None

    async def add(self, made: Webhook) -> None:
        await self._write(insert(webhook).values(_values(made)))

    async def replace(self, changed: Webhook) -> None:
        await self._write(update(webhook).where(webhook.c.id == changed.id).values(_values(changed)))

    async def remove(self, webhook_id: str) -> None:
        await self._write(
            delete(webhook_delivery).where(webhook_delivery.c.webhook_id == webhook_id),
            delete(webhook).where(webhook.c.id == webhook_id),
        )

    async def note_end(self, webhook_id: str, failure: str | None, now: str) -> None:
        same = webhook.c.id == webhook_id
        if failure is None:
            await self._write(update(webhook).where(same).values(given_up=0))
            return
        hopeless = (same, webhook.c.given_up >= MOST_GIVEN_UP, _ENABLED)
        reason = f"{MOST_GIVEN_UP} deliveries in a row failed; the last: {failure}"
        await self._write(
            update(webhook).where(same).values(given_up=webhook.c.given_up + 1),
            update(webhook).where(*hopeless).values(disabled_at=now, disabled_reason=reason),
        )

    async def add_delivery(self, made: Delivery) -> None:
        await self._write(insert(webhook_delivery).values(asdict(made)))

    async def delivery(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        same = (webhook_delivery.c.webhook_id == webhook_id, webhook_delivery.c.id == delivery_id)
        rows = await self._read(select(webhook_delivery).where(*same))
        return _delivery(rows[0]) if rows else None

    async def deliveries(self, webhook_id: str, after: str, limit: int) -> list[Delivery]:
        query = select(webhook_delivery).where(webhook_delivery.c.webhook_id == webhook_id)
        if after:
            query = query.where(webhook_delivery.c.id < after)
        return [_delivery(row) for row in await self._read(query.order_by(webhook_delivery.c.id.desc()).limit(limit))]

    async def replace_delivery(self, changed: Delivery) -> None:
        same = webhook_delivery.c.id == changed.id
        await self._write(update(webhook_delivery).where(same).values(asdict(changed)))

    async def claim(self, times: Times, busy: Sequence[str], limit: int) -> list[tuple[Webhook, Delivery]]:
        query = _due(times, busy, limit)
        if not await self._read(query):  # nearly always; a write would lock SQLite for others
            return []
        async with self._database.write() as connection:
            rows = (await connection.execute(query.with_for_update(skip_locked=True))).all()
            taken = webhook_delivery.c.id.in_([row.id for row in rows])
            await connection.execute(update(webhook_delivery).where(taken).values(next_try_at=times.until))
            of_them = select(webhook).where(webhook.c.id.in_({row.webhook_id for row in rows}), _ENABLED)
            known = {row.id: _webhook(row) for row in await connection.execute(of_them)}
            await connection.commit()
        return [(known[row.webhook_id], _delivery(row)) for row in rows if row.webhook_id in known]

    async def sweep(self, before: str) -> None:
        await self._write(delete(webhook_delivery).where(webhook_delivery.c.ended_at < before))

    async def _read(self, query: Select[Any]) -> Sequence[Row[Any]]:
        async with self._database.read() as connection:
            rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
        return rows

    async def _write(self, *statements: Any) -> None:
        async with self._database.write() as connection:
            for each in statements:
                await connection.execute(each)
            await connection.commit()


def _due(times: Times, busy: Sequence[str], limit: int) -> Select[Any]:
    """The deliveries that are due, of each webhook as many as may be under way, the longest due first."""
    each = webhook_delivery.c
    place = func.row_number().over(partition_by=each.webhook_id, order_by=(each.next_try_at, each.id)).label("place")
    enabled = select(webhook.c.id).where(_ENABLED)
    latest = case(dict(enumerate(times.latest)), value=each.attempts)
    has_come = or_(each.next_try_at <= times.now, each.next_try_at > latest)
    due = select(each.id, place).where(has_come, each.webhook_id.in_(enabled))
    if busy:
        due = due.where(each.webhook_id.not_in(busy))
    ranked = due.subquery()
    first = select(ranked.c.id).where(ranked.c.place <= MAX_IN_FLIGHT)
    return select(webhook_delivery).where(each.id.in_(first)).order_by(each.next_try_at, each.id).limit(limit)


def _values(value: Webhook) -> dict[str, Any]:
    return asdict(value) | {"events": json.dumps(value.events), "projects": json.dumps(value.projects)}


def _webhook(row: Row[Any]) -> Webhook:
    values = dict(row._mapping)  # SQLAlchemy's name for what a row holds
    lists = {name: tuple(json.loads(values[name])) for name in ("events", "projects")}
    return Webhook(**values | lists)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**row._mapping)
