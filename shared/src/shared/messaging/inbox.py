"""The idempotent inbox: (consumer, message id) is inserted in the same transaction as the effect."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.messaging.tables import inbox
from shared.persistence.engine import on_conflict_do_nothing


async def accept(connection: AsyncConnection, consumer: str, message_id: str, now: str) -> bool:
    """Insert the mark; False when it is there already."""
    values = {"consumer": consumer, "message_id": message_id, "accepted_at": now}
    result = await connection.execute(on_conflict_do_nothing(connection, inbox, values))
    return bool(result.rowcount == 1)


async def accepted(connection: AsyncConnection, consumer: str, message_id: str) -> bool:
    """Whether the consumer has handled the message: a cheap look before expensive work."""
    query = select(inbox.c.message_id).where(inbox.c.consumer == consumer, inbox.c.message_id == message_id)
    return (await connection.execute(query)).first() is not None
