"""The list of sources that release tooling has to collect: every component whose licence wants its source given."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from obligations.domain.derive import Group
from obligations.domain.notice import SourceOffer

_SOURCE_DUTIES = frozenset(
    ("source-with-binary", "source-location", "network-source", "service-source", "written-offer")
)
LEAST_YEARS = 3
"""How long source is offered at least after the last delivery (GPL-2.0 §3(b), GPL-3.0 §6(b), LGPL-2.1 §6(c))."""


class SourceToGive(Struct, frozen=True):
    """A component whose source must be given.

    `source`: where it is, None = not known. `digest`: the SHA-256 of the archive there, where somebody said it.
    `component_digest`: of the component as it is delivered, from the SBOM, as algorithm and hex digits: whoever collects
    the source can tell by it which build the source must belong to. `keep_years`: for how long it must be kept after the
    last delivery.
    """

    name: str
    version: str | None
    purl: str | None
    license: str | None
    obligations: tuple[str, ...]
    scope: str | None
    source: str | None
    digest: str | None
    component_digest: str | None
    modified: bool | None
    keep_years: int


def sources_to_give(groups: Sequence[Group], offer: SourceOffer | None = None) -> list[SourceToGive]:
    """The components with a duty to give source, by name, version and purl; each is kept as long as the offer runs."""
    years = max(LEAST_YEARS, offer.years) if offer else LEAST_YEARS
    found = [each for group in groups for each in _of_group(group, years)]
    return sorted(
        set(found), key=lambda each: (each.name.casefold(), each.name, each.version or "", each.purl or "", repr(each))
    )


def _of_group(group: Group, years: int) -> Iterable[SourceToGive]:
    duties = [duty for duty in group.duties if duty.obligation in _SOURCE_DUTIES]
    if not duties:
        return
    obligations = tuple(sorted({duty.obligation for duty in duties}))
    scopes = sorted({duty.scope for duty in duties if duty.scope})
    for component in group.components:
        yield SourceToGive(
            name=component.name,
            version=component.version,
            purl=component.purl,
            license=component.effective_license,
            obligations=obligations,
            scope=", ".join(scopes) or None,
            source=component.source_url,
            digest=component.source_sha256,
            component_digest=_strongest(component.hashes),
            modified=component.modified,
            keep_years=years,
        )


def _strongest(hashes: Mapping[str, str]) -> str | None:
    """Of several the one with the most digits."""
    named = sorted(hashes.items(), key=lambda item: (-len(item[1]), item))
    return f"{named[0][0]}:{named[0][1]}" if named else None
