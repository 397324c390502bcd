"""Carry what people said of an obligation over to the next release of the project, while its facts are the same."""

import uuid
from collections.abc import Sequence

from msgspec.structs import replace

from obligations.application.ports import DerivationRecord, Lives, StoredLife
from obligations.domain.derive import Obligation


async def carry_over(lives: Lives, record: DerivationRecord, obligations: Sequence[Obligation]) -> None:
    """Store for the release what was last said elsewhere of obligations that nobody has said anything of here."""
    said_here = await lives.said_of(record.release_id)
    waiting = {each.key: each for each in obligations if obligation_id(record.release_id, each.key) not in said_here}
    elsewhere = await lives.newest_elsewhere(record.project, record.release_id, sorted(waiting))
    carried = [
        _inherited(known, record.release_id)
        for key, known in sorted(elsewhere.items())
        if known.facts == waiting[key].facts and known.life.status != "open"
    ]
    await lives.add(carried)


def obligation_id(release_id: str, key: str) -> str:
    """The id of an obligation: the same over all evaluations of a release."""
    return str(uuid.uuid5(uuid.UUID(release_id), key))


def _inherited(known: StoredLife, release_id: str) -> StoredLife:
    life = replace(known.life, inherited_from=known.life.inherited_from or known.release_id)
    return replace(known, release_id=release_id, obligation_id=obligation_id(release_id, known.key), life=life)
