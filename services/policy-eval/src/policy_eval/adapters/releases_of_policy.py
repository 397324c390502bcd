"""The releases that use a policy, as they stand."""

from typing import Any, Final

import msgspec
from sqlalchemy import select

from policy_eval.adapters.shared_rows import teller_of
from policy_eval.adapters.tables import finding, release_input
from policy_eval.application.policy_ports import CurrentRelease, FoundReleases
from shared.contracts.contexts import DEFAULT_POLICY
from shared.contracts.events import CurrentDocument, ReleaseState
from shared.persistence.engine import Database

_AT_ONCE: Final = 500
_MOST_ROWS: Final = 10_000


class SqlReleasesOfPolicy:
    """`application.policy_ports.ReleasesOfPolicy`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self, policy: str, after: str, limit: int) -> FoundReleases:
        found: list[CurrentRelease] = []
        for _ in range(_MOST_ROWS // _AT_ONCE):
            rows = await self._rows(after)
            for row in rows:
                after = row.release_id
                found += [each for each in [_current(row, policy)] if each]
                if len(found) == limit:
                    return FoundReleases(found, after)
            if len(rows) < _AT_ONCE:
                return FoundReleases(found, None)
        return FoundReleases(found, after)

    async def fingerprints(self, evaluation_id: str) -> frozenset[str]:
        query = select(finding.c.fingerprint).where(finding.c.evaluation_id == teller_of(evaluation_id)).distinct()
        async with self._database.read() as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def _rows(self, after: str) -> Any:
        query = select(release_input).where(
            release_input.c.release_id > after, release_input.c.evaluation_id.is_not(None)
        )
        async with self._database.read() as connection:
            return (await connection.execute(query.order_by(release_input.c.release_id).limit(_AT_ONCE))).all()


def _current(row: Any, policy: str) -> CurrentRelease | None:
    """The release of the row, None if it uses another policy."""
    if not row.state:
        return None
    state = msgspec.json.decode(row.state, type=ReleaseState)
    if (state.policy or DEFAULT_POLICY) != policy:
        return None
    return CurrentRelease(state, msgspec.json.decode(row.documents, type=list[CurrentDocument]), row.evaluation_id)
