"""Change what is said of an obligation: status, evidence, assignee, due date, a comment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from obligations.application.if_match import check_match
from obligations.application.ports import StoredLife, StoredObligation, UnitOfWork
from obligations.application.shown_obligation import shown_obligation
from obligations.application.tell_steps import tell_change
from obligations.domain.evidence import Malformed
from obligations.domain.life import Author, Change, Life, NotEntitled, Refused, changed, present_life
from shared.clock import Clock, timestamp
from shared.errors import Conflict, ErrorAt, Forbidden, InvalidInput


@dataclass(frozen=True, slots=True)
class ChangeObligation:
    """The use case, with what it needs."""

    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    two_people: bool = False
    """Whether nobody may verify what they have fulfilled themselves."""

    async def __call__(
        self, place: tuple[str, str], change: Change, if_match: str, caller: tuple[str, frozenset[str]]
    ) -> dict[str, Any]:
        """Change the obligation at `place` (release id, obligation id) if `if_match` is its ETag; return it.

        `caller`: who changes it, and in which roles.

        Raises NotFound, PreconditionFailed for another ETag, Conflict for a move that is not allowed, Forbidden,
        and InvalidInput for evidence that is none.
        """
        author = Author(*caller, timestamp(self.clock.now()), self.two_people)
        async with self.unit_of_work() as unit:
            obligation = await unit.lives.current(*place)
            stored = await unit.lives.of(*place)
            before = present_life(obligation.derived, _still_true(stored, obligation))
            etag = shown_obligation(obligation.shown, obligation.facts, before)["etag"]
            check_match(if_match, etag, "obligation")
            after = _changed(before, change, author)
            await unit.lives.change(before, _stored(obligation, after))
            if (before.status, before.inherited_from) != (after.status, after.inherited_from):
                await tell_change(unit, await unit.derivations.current(place[0]), "obligations")
            await unit.commit()
        return shown_obligation(obligation.shown, obligation.facts, after)


def _changed(life: Life, change: Change, author: Author) -> Life:
    try:
        return changed(life, change, author)
    except Refused as refused:
        raise Conflict(str(refused)) from refused
    except NotEntitled as refused:
        raise Forbidden(str(refused)) from refused
    except Malformed as refused:
        errors = (ErrorAt(f"/evidence{refused.pointer}", str(refused)),)
        raise InvalidInput(f"evidence{refused.pointer}: {refused}", errors=errors) from refused


def _still_true(stored: StoredLife | None, obligation: StoredObligation) -> Life | None:
    return stored.life if stored and stored.facts == obligation.facts else None


def _stored(obligation: StoredObligation, life: Life) -> StoredLife:
    return StoredLife(
        release_id=obligation.release_id,
        obligation_id=obligation.obligation_id,
        project=obligation.project,
        key=obligation.key,
        facts=obligation.facts,
        life=life,
    )
