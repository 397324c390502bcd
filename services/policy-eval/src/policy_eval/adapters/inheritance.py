"""Which findings a release has from the one before it."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.queue_tables import open_question
from policy_eval.adapters.tables import finding, release_input
from shared.contracts.events import ReleaseState

_FINGERPRINT: Final = [column.name for column in finding.columns].index("fingerprint")


async def with_inheritance(
    connection: AsyncConnection, release: ReleaseState, findings: list[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """Return the rows of findings with `inherited_from`: the release before, if it leaves the same question open now.

    That release is the newest of the project that is older than this one, by their ids, which are in the order of
    their creation. What is said of an evaluation stays as it is when the release before is evaluated again.
    """
    before = await _before(connection, release) if findings else None
    opened = set() if before is None else await _open_in(connection, before)
    return [(*row, before if row[_FINGERPRINT] in opened else None) for row in findings]


async def _before(connection: AsyncConnection, release: ReleaseState) -> str | None:
    query = (
        select(release_input.c.release_id)
        .where(release_input.c.project == release.project, release_input.c.release_id < release.id)
        .where(release_input.c.evaluation_id.is_not(None))
        .order_by(release_input.c.release_id.desc())
        .limit(1)
    )
    return (await connection.execute(query)).scalar_one_or_none()


async def _open_in(connection: AsyncConnection, release_id: str) -> set[str]:
    query = select(open_question.c.fingerprint).where(open_question.c.release_id == release_id)
    return set((await connection.execute(query)).scalars())
