"""Store a derivation: its obligations, what people said of the same ones elsewhere, and what became of each by it."""

from collections.abc import Sequence

from obligations.application.carry_over import carry_over
from obligations.application.ports import NO_REVISION, DerivationRecord, UnitOfWork
from obligations.domain.derive import Obligation
from obligations.domain.life import Life
from obligations.domain.life_changes import changes_of_derivation


async def store_derivation(
    unit: UnitOfWork, record: DerivationRecord, obligations: Sequence[tuple[Obligation, Life]], *, bulk: bool = False
) -> bool:
    """As the current one of its release, unless that of a later revision was stored before; return whether it is.

    A derivation in `bulk` was put off, and may be overtaken by that of a later evaluation of the same revision. The ids of
    evaluations are in the order of time.
    """
    revision, evaluation_id = await unit.derivations.newest(record.release_id)
    before = await unit.lives.present(record.release_id) if revision != NO_REVISION else None
    is_overtaken = bulk and revision == record.revision and evaluation_id > record.evaluation_id
    is_current = revision <= record.revision and not is_overtaken
    await unit.derivations.add(record, obligations, current=is_current)
    await carry_over(unit.lives, record, [obligation for obligation, _ in obligations])
    after = await unit.lives.present(record.release_id)
    await unit.lives.note(record.release_id, record.derived_at, list(changes_of_derivation(before, after)))
    return is_current
