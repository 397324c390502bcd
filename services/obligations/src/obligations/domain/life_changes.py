"""What a new derivation changes in the life of an obligation, and why: nobody said it, yet it must be known later."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from obligations.domain.life import Life


class PresentLife(Struct, frozen=True):
    """What counts of an obligation under one derivation, and the digest of the facts it rests on (None: first version)."""

    facts: str | None
    life: Life
    kind: str = "active"


class DerivedChange(Struct, frozen=True):
    """A change of the obligation with this id that a derivation made, and why."""

    obligation_id: str
    before: Life
    after: Life
    reason: str


_NOT_TRIGGERED = Life("not-triggered", reason="nothing in the release triggers it")


def changes_of_derivation(
    before: Mapping[str, PresentLife] | None, after: Mapping[str, PresentLife]
) -> Iterator[DerivedChange]:
    """What differs, by id. `before`: under the derivation until now, None for the first one of a release.

    Of a first derivation only what was taken over from another release is a change.
    """
    for id_ in sorted((before or {}).keys() | after.keys()):
        was, now = (before or {}).get(id_), after.get(id_)
        if before is None and (now is None or now.life.inherited_from is None):
            continue
        old = was.life if was else Life() if before is None else _NOT_TRIGGERED
        new = now.life if now else _NOT_TRIGGERED
        if old != new:
            yield DerivedChange(id_, old, new, _reason(was, now))


def _reason(was: PresentLife | None, now: PresentLife | None) -> str:
    if now is None:
        return "nothing in the release triggers it any more"
    if now.life.inherited_from and (was is None or was.life.inherited_from is None):
        return f"taken over from the release {now.life.inherited_from}, where its facts are the same"
    if was is None:
        return "the release triggers it now"
    if was.facts != now.facts:
        said = "what was said of it on them holds again" if now.life.changed_by else "what was said of it holds no more"
        return f"its facts changed: {said}"
    if now.life.fulfilled_by == "notice":
        return "the NOTICE carries now what is due"
    return "the NOTICE no longer carries what is due"
