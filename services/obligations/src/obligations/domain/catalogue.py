"""The catalogue of obligations as values: the generic ones, what each licence asks, what each exception changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from obligations.domain.triggers import Trigger, Usage
from shared.contracts.decisions import Delivery, Kind, Use
from shared.contracts.inventory import Linkage
from shared.licensing import Catalogue

RESOLVE_LICENSE = "resolve-license"
ANALYSE_LICENSE = "analyse-license"

Status = Literal["checked", "draft"]


@dataclass(frozen=True, slots=True)
class GenericObligation:
    """An obligation that licences share. Active = something must be done or delivered; passive = not be done."""

    id: str
    title: str
    what_to_do: str
    evidence: str
    kind: Literal["active", "passive"]
    automation: str


@dataclass(frozen=True, slots=True)
class Row:
    """One duty of a licence: which, when, and by which clause. `sentences` must be printed word for word."""

    obligation: str
    trigger: Trigger
    clause: str
    alternative_to: str | None = None
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LicenseDuties:
    """What a licence asks; `checked_on` is the day when the clauses were compared with its text.

    `own_version`: that of the organisation's own analysis, None for a shipped one.
    """

    id: str
    status: Status
    analysed_by: str
    checked_on: date | None
    rows: tuple[Row, ...]
    own_version: int | None = None


@dataclass(frozen=True, slots=True)
class Lift:
    """Obligations that an exception takes away where all conditions hold; unknown facts lift nothing. None = any."""

    obligations: frozenset[str]
    linkage: tuple[Linkage, ...] | None = None
    use: tuple[Use, ...] | None = None
    kind: tuple[Kind, ...] | None = None
    deliveries: frozenset[Delivery] = frozenset(("source", "binary", "network"))
    unmodified_only: bool = False

    def applies(self, usage: Usage) -> bool:
        """Whether every condition is known to hold."""
        return (
            (self.linkage is None or usage.linkage in self.linkage)
            and (self.use is None or usage.use in self.use)
            and (self.kind is None or usage.kind in self.kind)
            and not (self.unmodified_only and usage.may_be_modified)
        )


@dataclass(frozen=True, slots=True)
class ExceptionEffect:
    """What an exception changes in the duties of the licence it stands with."""

    id: str
    status: Status
    analysed_by: str
    checked_on: date | None
    clause: str
    effect: str
    lifts: tuple[Lift, ...]
    adds: tuple[Row, ...]


@dataclass(frozen=True)
class ObligationCatalogue:
    """Everything that duties are derived from. `licenses` holds categories and texts."""

    generic: Mapping[str, GenericObligation]
    duties: Mapping[str, LicenseDuties]
    effects: Mapping[str, ExceptionEffect]
    licenses: Catalogue

    def duties_of(self, license_id: str) -> LicenseDuties | None:
        """What the licence asks, None where it has not been analysed. A `+` asks what the version before it asks."""
        return self.duties.get(license_id) or self.duties.get(license_id.removesuffix("+"))

    def effect_of(self, license_id: str, exception: str) -> ExceptionEffect | None:
        """What the exception changes for this licence, None where the pair has not been analysed."""
        known_pair = self.licenses.pair_category(license_id, exception) is not None
        return self.effects.get(exception) if known_pair else None
