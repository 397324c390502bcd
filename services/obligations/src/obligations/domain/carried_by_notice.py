"""Which obligations the generated NOTICE fulfils: those whose every component it really says what is due of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from obligations.domain.derive import Obligation
from obligations.domain.notice import ComponentReference, Notice, StatementKind

_SPOILED_BY: dict[str, frozenset[str]] = {
    "license-text": frozenset(("license-text-missing",)),
    "license-reference": frozenset(("license-text-missing",)),
    "disclaimer": frozenset(("license-text-missing",)),
    "copyright-notices": frozenset(("copyright-notice-unknown",)),
    "notice-file": frozenset(("upstream-notice-unknown", "upstream-notice-missing")),
    "library-use-notice": frozenset(),
    "doc-acknowledgement": frozenset(("acknowledgement-unknown",)),
    "source-location": frozenset(("source-location-unknown",)),
}
"""Obligations that a NOTICE can fulfil, and the open points that say it does not."""
_SAID_BY: dict[str, StatementKind] = {
    "library-use-notice": "library-use",
    "doc-acknowledgement": "acknowledgement",
    "source-location": "source-availability",
    "written-offer": "written-offer",
}
"""Obligations that only a sentence about the component fulfils."""

_Place = tuple[str, str | None, str | None]


def carried_by_notice(obligations: Iterable[Obligation], notice: Notice) -> frozenset[str]:
    """The keys of the obligations that the NOTICE fulfils for all their components."""
    open_points = _places((point.kind, point.components) for point in notice.open_points)
    statements = _places((each.kind, each.components) for each in notice.statements)
    listed = {(each.name, each.version, each.purl) for each in notice.components}
    return frozenset(
        each.key for each in obligations if _is_carried(each.obligation, _of(each), listed, open_points, statements)
    )


def _is_carried(
    obligation: str,
    places: set[_Place],
    listed: set[_Place],
    open_points: Mapping[str, set[_Place]],
    statements: Mapping[str, set[_Place]],
) -> bool:
    said_by = _SAID_BY.get(obligation)
    if obligation not in _SPOILED_BY and said_by is None:
        return False
    spoiled = any(places & open_points[kind] for kind in _SPOILED_BY.get(obligation, ()))
    is_said = said_by is None or places <= statements[said_by]
    return places <= listed and not spoiled and is_said


def _of(obligation: Obligation) -> set[_Place]:
    return {(each.name, each.version, each.purl) for each in obligation.components}


def _places(kinds: Iterable[tuple[str, tuple[ComponentReference, ...]]]) -> Mapping[str, set[_Place]]:
    found: dict[str, set[_Place]] = defaultdict(set)
    for kind, components in kinds:
        found[kind].update((each.name, each.version, each.purl) for each in components)
    return found
