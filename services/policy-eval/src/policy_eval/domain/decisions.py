"""Decisions of people as values: whose they are, which components they are about, what they say.

Two objects are equal only if they are the same one: within an evaluation a decision is one object, recognised by its id.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Final

from policy_eval.domain.component_search import VersionTest
from policy_eval.domain.decision_records import (
    OF_DELIVERY,
    OF_USAGE,
    ChoiceBody,
    ClassificationBody,
    ConfirmationBody,
    ContextBody,
    CurationBody,
    DecisionKind,
    DecisionRecord,
    ExclusionBody,
    WaiverBody,
)
from policy_eval.domain.expression_fold import canonical, canonical_text
from policy_eval.domain.purls import Purl, read_purl
from policy_eval.domain.statements import statement_of_values
from policy_eval.domain.waiver_routes import routes_of
from shared.contracts.decisions import OrganizationFacts
from shared.licensing import parse

ReadRange = Callable[[str, str], VersionTest]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a decision comes from: its kind and id, who made it, when and why."""

    kind: DecisionKind
    id: str
    by: str
    at: str
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Which components a decision is about: those that agree with all that is said here."""

    purl: Purl | None = None
    versions: VersionTest | None = None

    def covers(self, purl: Purl | None, version: str | None) -> bool:
        """Whether it is about the component with this purl; `version` counts where the purl has none."""
        if self.purl is None:
            return True
        if purl is None:
            return False
        found = replace(purl, version=purl.version or version)
        if not self.purl.covers(found):
            return False
        return self.versions is None or (found.version is not None and self.versions(found.version))


@dataclass(frozen=True, slots=True, eq=False)
class Curation:
    """The licence of a package as a reviewer found it; `declared` is what it was made for, None for anything."""

    source: Source
    target: Target
    license: str
    declared: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NameMapping:
    """What declared strings of a package mean, each on one line: an SPDX expression, or NONE for nothing."""

    source: Source
    target: Target
    meanings: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Confirmation:
    """That the licences of a package all apply together; `license` is their AND in canonical form."""

    source: Source
    target: Target
    license: str


@dataclass(frozen=True, slots=True, eq=False)
class Exclusion:
    """That a package, or what of it is under `license` (in canonical form), is no part of what is delivered."""

    source: Source
    target: Target
    license: str | None


@dataclass(frozen=True, slots=True, eq=False)
class StatedUse:
    """How people say that a release, or components of it, are used; `said` has only what they have said."""

    source: Source
    target: Target
    version: str | None
    context: str | None
    scope: str | None
    said: Mapping[str, Any]

    def holds_in(self, version: str, context: str) -> bool:
        """Whether it is about a release of this version in the usage context."""
        return self.version in (None, version) and self.context in (None, context)

    @property
    def precedence(self) -> tuple[bool, bool, bool, str]:
        """Orders what is said: of a package after that of a scope, that after that of the release; the newest last."""
        return (self.target.purl is not None, self.scope is not None, self.version is not None, self.source.id)


@dataclass(frozen=True, slots=True, eq=False)
class Classification:
    """The category that an organisation puts a licence in; `license` is in canonical form."""

    source: Source
    license: str
    category: str


@dataclass(frozen=True, slots=True, eq=False)
class LicenseChoice:
    """The branch to take wherever `license`, in canonical form, or a part of an expression that equals it, is met."""

    source: Source
    target: Target
    license: str
    chosen: str
    is_of_project: bool

    @property
    def precedence(self) -> tuple[bool, bool, bool]:
        """Orders choices: what is said of a package goes before what is said of a project, that before all else."""
        purl = self.target.purl
        return (purl is not None, purl is not None and purl.version is not None, self.is_of_project)


@dataclass(frozen=True, slots=True, eq=False)
class Waiver:
    """Findings that are accepted until `expires_at`. A field that is None matches everything.

    `license` is in canonical form where it is an expression; `routes` are those whose questions its approver may answer.
    `version` is that of a release; `scope` and `linkage` are those of a component.
    """

    source: Source
    target: Target
    routes: frozenset[str]
    expires_at: str
    approved_by: str
    rule: str | None = None
    license: str | None = None
    context: str | None = None
    version: str | None = None
    scope: str | None = None
    linkage: str | None = None

    def holds_in(self, version: str, context: str) -> bool:
        """Whether it is about a release of this version in the usage context."""
        return self.version in (None, version) and self.context in (None, context)


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions that hold in one project now, each kind in the order in which they were made.

    `preferred`: the licences that the organisation prefers, the most wanted first. `today`: the day on which they hold.
    """

    curations: tuple[Curation, ...] = ()
    mappings: tuple[NameMapping, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    uses: tuple[StatedUse, ...] = ()
    classifications: Mapping[str, Classification] = field(default_factory=dict)
    """By licence; of several on one licence the one that was made last."""
    choices: tuple[LicenseChoice, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    preferred: tuple[str, ...] = ()
    today: date | None = None
    organization: OrganizationFacts | None = None


NO_DECISIONS: Final = Decisions()


def decisions_of(records: Sequence[DecisionRecord], read_range: ReadRange) -> Decisions:
    """The decisions of these records; ranges of versions are read when first asked about."""
    read = cache(read_range)
    curations = [(each, each.content()) for each in records if each.kind == "curation"]
    classified = [_classification(each) for each in records if each.kind == "license-classification"]
    return Decisions(
        curations=tuple(_curation(each, body, read) for each, body in curations if body.mapping is None),
        mappings=tuple(_mapping(each, body, read) for each, body in curations if body.mapping is not None),
        confirmations=tuple(_confirmation(each, read) for each in records if each.kind == "confirmation"),
        exclusions=tuple(_exclusion(each, read) for each in records if each.kind == "exclusion"),
        uses=tuple(_stated_use(each, read) for each in records if each.kind == "context"),
        classifications={each.license: each for each in classified},
        choices=tuple(_choice(each, read) for each in records if each.kind == "license-choice"),
        waivers=tuple(_waiver(each, read) for each in records if each.kind == "waiver"),
    )


def source_of(record: DecisionRecord, reason: str) -> Source:
    """The record as the source of a step."""
    return Source(record.kind, record.id, record.created_by, record.created_at, reason)


def target_of(purl: str | None, versions: str | None, read_range: ReadRange) -> Target:
    """What a purl and a range of versions, both checked before, are about."""
    read = read_purl(purl) if purl else None
    if read is None or versions is None:
        return Target(read)

    def is_in_range(version: str) -> bool:
        return read_range(versions, read.type)(version)

    return Target(read, is_in_range)


def _curation(record: DecisionRecord, body: CurationBody, read_range: ReadRange) -> Curation:
    declared = None if body.declared is None else statement_of_values(declared_list(body))
    target = target_of(body.purl, body.versions, read_range)
    return Curation(source_of(record, body.reason), target, body.license or "", declared)


def _mapping(record: DecisionRecord, body: CurationBody, read_range: ReadRange) -> NameMapping:
    target = target_of(body.purl, body.versions, read_range)
    meanings = {" ".join(name.split()): meaning for name, meaning in (body.mapping or {}).items()}
    return NameMapping(source_of(record, body.reason), target, meanings)


def _confirmation(record: DecisionRecord, read_range: ReadRange) -> Confirmation:
    body: ConfirmationBody = record.content()
    target = target_of(body.purl, body.versions, read_range)
    return Confirmation(source_of(record, body.reason), target, canonical(parse(body.license)))


def _stated_use(record: DecisionRecord, read_range: ReadRange) -> StatedUse:
    body: ContextBody = record.content()
    said = {name: getattr(body, name) for name in (*OF_DELIVERY, *OF_USAGE) if getattr(body, name) is not None}
    target = target_of(body.purl, body.versions, read_range)
    return StatedUse(source_of(record, body.reason), target, body.version, body.context, body.scope, said)


def _exclusion(record: DecisionRecord, read_range: ReadRange) -> Exclusion:
    body: ExclusionBody = record.content()
    reason = f"{body.reason}: {body.comment}" if body.comment else body.reason
    target = target_of(body.purl, body.versions, read_range)
    return Exclusion(source_of(record, reason), target, canonical_text(body.license))


def _classification(record: DecisionRecord) -> Classification:
    body: ClassificationBody = record.content()
    return Classification(source_of(record, body.reason), canonical(parse(body.license)), body.category)


def declared_list(body: CurationBody) -> list[str]:
    """The declared strings that a curation was made for; one may be given without a list."""
    return [body.declared] if isinstance(body.declared, str) else body.declared or []


def _choice(record: DecisionRecord, read_range: ReadRange) -> LicenseChoice:
    body: ChoiceBody = record.content()
    target = target_of(body.purl, None, read_range)
    license_ = canonical(parse(body.license))
    return LicenseChoice(source_of(record, body.reason), target, license_, body.chosen, body.project is not None)


def _waiver(record: DecisionRecord, read_range: ReadRange) -> Waiver:
    body: WaiverBody = record.content()
    return Waiver(
        source_of(record, body.reason),
        target_of(body.purl, body.versions, read_range),
        routes_of(record.approved_roles),
        expires_at=body.expires_at or "",
        approved_by=record.approved_by or "",
        rule=body.rule,
        license=canonical_text(body.license),
        context=body.context,
        version=body.version,
        scope=body.scope,
        linkage=body.linkage,
    )
