"""Counts the changes of facts on which evaluations depend, so that none is missed by an evaluation that is under way.

Whoever changes such a fact calls `moved` in the transaction of the change. An evaluation reads the number before its
first fact, and once more as the last step of its own transaction, under a lock that a change waits for: either the number
is the same, and nothing has changed meanwhile, or the release is evaluated once more. The lock is held until the
evaluation is committed, so that a change that comes later is followed by a request that finds it.
"""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.change_tables import change_counter, known_fact
from shared.persistence.engine import Database, on_conflict_do_nothing

_number = select(change_counter.c.number).where(change_counter.c.id == 1)


async def moved(connection: AsyncConnection) -> None:
    """Note that something has changed; takes effect with the transaction of the connection."""
    counted = update(change_counter).where(change_counter.c.id == 1)
    await connection.execute(counted.values(number=change_counter.c.number + 1))


async def locked_number(connection: AsyncConnection) -> int:
    """Return the number of changes; a further one waits until the connection's transaction has ended."""
    return int((await connection.execute(_number.with_for_update(read=True))).scalar_one())


class SqlChanges:
    """`application.ports.Changes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def number(self) -> int:
        async with self._database.read() as connection:
            return int((await connection.execute(_number)).scalar_one())

    async def note(self) -> None:
        async with self._database.write() as connection:
            await moved(connection)
            await connection.commit()

    async def known(self, name: str) -> str | None:
        query = select(known_fact.c.value).where(known_fact.c.name == name)
        async with self._database.read() as connection:
            value: str | None = (await connection.execute(query)).scalar_one_or_none()
        return value

    async def remember(self, name: str, value: str) -> None:
        async with self._database.write() as connection:
            first = await connection.execute(
                on_conflict_do_nothing(connection, known_fact, {"name": name, "value": value})
            )
            if first.rowcount != 1:
                await connection.execute(update(known_fact).where(known_fact.c.name == name).values(value=value))
            await connection.commit()
