"""The components of an evaluation that lack what their validation asks for."""

from typing import Final

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.tables import decided_component
from policy_eval.domain.categories import NOT_SOFTWARE
from policy_eval.domain.component_gaps import Lack
from policy_eval.domain.usage import NOT_SHIPPED_SCOPES

_COLUMNS: Final[dict[Lack, ColumnElement[bool]]] = {
    "purl": decided_component.c.purl.is_(None),
    "version": decided_component.c.version.is_(None),
    "license": decided_component.c.effective_license.is_(None),
}


class _Shown(msgspec.Struct):
    """What is read of a shown component."""

    scope: str
    modified: bool | None


_decode = msgspec.json.Decoder(_Shown).decode


async def positions_lacking(
    connection: AsyncConnection, evaluation_id: str, lack: Lack, after: int, limit: int
) -> list[int]:
    """Return the positions of such components, in order, from the one after `after` on, at most so many."""
    columns = decided_component.c.position, decided_component.c.shown
    query = select(*columns).where(decided_component.c.evaluation_id == evaluation_id, columns[0] > after)
    query = query.where(decided_component.c.category != NOT_SOFTWARE).order_by(columns[0])
    if lack != "modification":
        rows = await connection.execute(query.where(_COLUMNS[lack]).limit(limit))
        return [row.position for row in rows]
    found: list[int] = []
    async for row in await connection.stream(query):
        shown = _decode(row.shown)
        if shown.modified is None and shown.scope not in NOT_SHIPPED_SCOPES:
            found.append(row.position)
        if len(found) == limit:
            break
    return found
