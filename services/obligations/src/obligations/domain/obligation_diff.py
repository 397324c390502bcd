"""What has changed of the obligations between two derivations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec import Struct

from obligations.domain.derive import AffectedComponent


class ObligationHead(Struct, frozen=True):
    """An obligation as it is listed, without its components. `etag` is the same only where all its facts are."""

    id: str
    etag: str
    obligation: str
    title: str
    kind: str
    license: str | None
    clause: str | None
    trigger: str
    scope: str | None
    alternative_to: str | None

    @property
    def identity(self) -> tuple[str, ...]:
        """By what an obligation is the same in another release, whatever components cause it."""
        facts = (self.obligation, self.license, self.clause, self.trigger, self.scope, self.alternative_to)
        return tuple("" if each is None else each for each in facts)


@dataclass(frozen=True, slots=True)
class ObligationDiff:
    """Obligations that only the release has, that only the base has, and pairs (base, release) that may differ."""

    added: Sequence[ObligationHead]
    removed: Sequence[ObligationHead]
    both: Sequence[tuple[ObligationHead, ObligationHead]]


def compare_obligations(base: Iterable[ObligationHead], release: Iterable[ObligationHead]) -> ObligationDiff:
    """The difference of two lists of obligations, whatever their order; sorted by identity."""
    before = {each.identity: each for each in base}
    after = {each.identity: each for each in release}
    return ObligationDiff(
        added=[after[each] for each in sorted(after.keys() - before.keys())],
        removed=[before[each] for each in sorted(before.keys() - after.keys())],
        both=[(before[each], after[each]) for each in sorted(before.keys() & after.keys())],
    )


def without_others(
    components: Iterable[AffectedComponent], others: Iterable[AffectedComponent]
) -> list[AffectedComponent]:
    """The components of which the others have no version, sorted: a new version of one is no new cause of a duty."""
    known = {_package(each) for each in others}
    missing = {each for each in components if _package(each) not in known}
    return sorted(missing, key=lambda each: (*_package(each), each.version or "", each.purl or ""))


def _package(component: AffectedComponent) -> tuple[str, str, str]:
    bare = (component.purl or "").partition("#")[0].partition("?")[0]
    return bare.rpartition("@")[0] or bare, component.name, component.part
