"""Countries and the dated groups of countries that rules name."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from policy_eval.domain.export.periods import Period

WORLDWIDE: Final = "worldwide-public"
_ALSO_CALLED: Final = {"UK": "GB", "EL": "GR"}  # codes of EU texts
STALE_AFTER_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Membership:
    """A country or region in a group, from a day to a day, both included; None = without end."""

    place: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is in the group on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class CountryGroup:
    """A table of a regime: who answers for it, when it was last compared with the law (None = never), its members.

    `compared_with` says with which text, or which part of it was compared.
    """

    name: str
    title: str
    owner: str
    source: str
    verified: date | None
    members: tuple[Membership, ...]
    compared_with: str | None = None

    def holds(self, place: str, day: date) -> bool:
        """Whether the place, or the country of a region, is in the group on that day."""
        return any(each.place in (place, place.partition("-")[0]) and each.holds(day) for each in self.members)

    def is_stale(self, today: date) -> bool:
        """Whether nobody compared it with the law in the last 90 days."""
        return self.verified is None or (today - self.verified).days > STALE_AFTER_DAYS


@dataclass(frozen=True, slots=True)
class Places:
    """All countries of ISO 3166-1, the regions that the groups name, and the groups."""

    countries: frozenset[str]
    regions: frozenset[str]
    groups: tuple[CountryGroup, ...]

    def known(self, written: str) -> str | None:
        """The code of a country or region as the tables have it; None if there is no such place."""
        code = written.strip().upper()
        code = _ALSO_CALLED.get(code, code)
        return code if code in self.countries or code in self.regions else None

    def group(self, written: str) -> CountryGroup | None:
        """The group of that name, however its letters are written; None if there is none."""
        name = written.strip().lower()
        return next((each for each in self.groups if each.name.lower() == name), None)

    def named(self, written: str, day: date) -> tuple[str, ...]:
        """The places that a destination names: itself, or the members of a group on that day; none for what is neither."""
        place = WORLDWIDE if written == WORLDWIDE else self.known(written)
        if place is not None:
            return (place,)
        group = self.group(written)
        return tuple(sorted(each.place for each in group.members if each.holds(day))) if group else ()

    def groups_of(self, place: str, day: date) -> frozenset[str]:
        """The names of the groups that the place is in on that day; worldwide is in all of them."""
        if place == WORLDWIDE:
            return frozenset(each.name for each in self.groups) | {WORLDWIDE}
        return frozenset(each.name for each in self.groups if each.holds(place, day))

    def periods(self) -> Iterator[Period]:
        """When each member is in its group."""
        return ((each.valid_from, each.valid_to) for group in self.groups for each in group.members)

    def stale(self, today: date, verified: Mapping[str, date]) -> Collection[str]:
        """The names of the groups that nobody verified in the last 90 days; `verified` holds later verifications."""
        return [each.name for each in self.groups if _is_stale(each, verified.get(each.name), today)]


def _is_stale(group: CountryGroup, later: date | None, today: date) -> bool:
    if later is not None and (today - later).days <= STALE_AFTER_DAYS:
        return False
    return group.is_stale(today)
