"""The components of an evaluation that lack what their validation asks for."""

from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.shared_rows import outcomes_where_shared, owner_of
from policy_eval.adapters.tables import decided_component
from policy_eval.domain.categories import NOT_SOFTWARE
from policy_eval.domain.component_gaps import Lack
from policy_eval.domain.outcome import Outcome
from policy_eval.domain.usage import NOT_SHIPPED_SCOPES

_SAID_BY_DOCUMENTS: Final = frozenset({"purl", "version"})


class _Shown(msgspec.Struct):
    """What is read of a shown component."""

    scope: str
    modified: bool | None


_decode = msgspec.json.Decoder(_Shown).decode


async def positions_lacking(
    connection: AsyncConnection, evaluation_id: str, lack: Lack, after: int, limit: int
) -> list[int]:
    """Return the positions of such components, in order, from the one after `after` on, at most so many."""
    decided = (await outcomes_where_shared(connection, [evaluation_id])).get(evaluation_id)
    row = decided_component.c
    query = select(row.position, row.purl, row.version, row.effective_license, row.category, row.shown)
    query = query.where(row.evaluation_id == owner_of(evaluation_id), row.position > after).order_by(row.position)
    if lack in _SAID_BY_DOCUMENTS:
        query = query.where(row[lack].is_(None))
    found: list[int] = []
    async for each in await connection.stream(query):
        if _lacks(each, lack, None if decided is None else decided.at(each.position)):
            found.append(each.position)
        if len(found) == limit:
            break
    return found


def _lacks(row: Any, lack: Lack, outcome: Outcome | None) -> bool:
    """Whether the component lacks it, by this outcome in place of the one in a shared row."""
    if (row.category if outcome is None else outcome.category) == NOT_SOFTWARE:
        return False
    if lack == "license":
        return (row.effective_license if outcome is None else outcome.effective_license) is None
    if lack != "modification":
        return True
    shown = _decode(row.shown)
    said = outcome is not None and outcome.modified is not None
    return not said and shown.modified is None and shown.scope not in NOT_SHIPPED_SCOPES
