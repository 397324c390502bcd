"""What an organisation itself says that a licence asks: for licences of its own, or in front of a shipped analysis."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from obligations.domain.catalogue import (
    ANALYSE_LICENSE,
    RESOLVE_LICENSE,
    GenericObligation,
    LicenseDuties,
    ObligationCatalogue,
    Row,
    Status,
)
from obligations.domain.triggers import Cause, Trigger
from shared.contracts.decisions import Kind, Medium
from shared.contracts.inventory import Linkage

_WITH_SENTENCES = ("doc-acknowledgement", "advertising-acknowledgement")
_Sentence = Annotated[str, Meta(min_length=1, max_length=2_000)]


class OwnRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One duty, as the rows of the shipped catalogue: which, when, and by which clause."""

    obligation: Annotated[str, Meta(max_length=64)]
    clause: Annotated[str, Meta(min_length=1, max_length=500)]
    trigger: Annotated[tuple[Cause, ...], Meta(min_length=1, max_length=6)]
    modified_only: bool = False
    linkage: Annotated[tuple[Linkage, ...], Meta(min_length=1, max_length=6)] | None = None
    medium: Annotated[tuple[Medium, ...], Meta(min_length=1, max_length=2)] | None = None
    kind: Annotated[tuple[Kind, ...], Meta(min_length=1, max_length=7)] | None = None
    commercial_only: bool = False
    if_notice_file: bool = False
    alternative_to: Annotated[str, Meta(max_length=64)] | None = None
    sentences: Annotated[tuple[_Sentence, ...], Meta(max_length=20)] = ()

    def as_row(self) -> Row:
        """Return the row that duties are derived from."""
        trigger = Trigger(
            causes=tuple(dict.fromkeys(self.trigger)),
            modified_only=self.modified_only,
            linkage=self.linkage,
            medium=self.medium,
            kind=self.kind,
            commercial_only=self.commercial_only,
            if_notice_file=self.if_notice_file,
        )
        return Row(self.obligation, trigger, self.clause, self.alternative_to, self.sentences)


class OwnAnalysis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole analysis of one licence; no rows = it asks nothing. `analysed_by`: None = whoever sends it."""

    obligations: Annotated[tuple[OwnRow, ...], Meta(max_length=100)]
    status: Status = "draft"
    checked_on: date | None = None
    analysed_by: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    note: Annotated[str, Meta(max_length=2_000)] = ""


class AnalysisVersion(Struct, frozen=True):
    """One version of it: by whom and when it was sent. `analysis` is None where the own analysis was withdrawn."""

    license: str
    version: int
    created_by: str
    created_at: str
    analysis: OwnAnalysis | None


def problems_of(analysis: OwnAnalysis, generic: Mapping[str, GenericObligation]) -> Iterator[tuple[str, str]]:
    """Yield a JSON pointer and what is wrong there, for everything that the shape of the analysis cannot say."""
    if analysis.status == "checked" and analysis.checked_on is None:
        yield "/checked_on", "a checked analysis says on which day it was compared with the text of the licence"
    known = sorted(generic.keys() - {RESOLVE_LICENSE, ANALYSE_LICENSE})
    named = {row.obligation for row in analysis.obligations}
    for number, row in enumerate(analysis.obligations):
        if row in analysis.obligations[:number]:
            yield f"/obligations/{number}", "this row is there already"
        for place, message in _problems_of_row(row, known, named):
            yield f"/obligations/{number}/{place}", message


def _problems_of_row(row: OwnRow, known: Sequence[str], named: Set[str]) -> Iterator[tuple[str, str]]:
    if row.obligation not in known:
        yield "obligation", f"{row.obligation!r} is no generic obligation; known: {', '.join(known)}"
    if row.alternative_to is not None and row.alternative_to not in named - {row.obligation}:
        yield "alternative_to", f"no other row of this analysis is for {row.alternative_to!r}"
    if row.sentences and row.obligation not in _WITH_SENTENCES:
        yield "sentences", f"only {' and '.join(_WITH_SENTENCES)} print sentences"


def with_own(catalogue: ObligationCatalogue, versions: Sequence[AnalysisVersion]) -> ObligationCatalogue:
    """Return the catalogue in which these analyses stand in front of the shipped ones; withdrawn ones do not."""
    own = {each.license: _duties(each, each.analysis) for each in versions if each.analysis is not None}
    return replace(catalogue, duties={**catalogue.duties, **own}) if own else catalogue


def _duties(version: AnalysisVersion, analysis: OwnAnalysis) -> LicenseDuties:
    return LicenseDuties(
        id=version.license,
        status=analysis.status,
        analysed_by=analysis.analysed_by or version.created_by,
        checked_on=analysis.checked_on,
        rows=tuple(row.as_row() for row in analysis.obligations),
        own_version=version.version,
    )
