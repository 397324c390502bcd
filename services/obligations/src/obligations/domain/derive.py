"""From the decided components of a release to its obligations, each told once with the components that cause it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal, get_args

import msgspec
from msgspec import UNSET, Struct, UnsetType, structs

from obligations.domain.catalogue import ObligationCatalogue
from obligations.domain.duties import Duty, duties_of, offers_choice, resolve_license
from obligations.domain.triggers import Cause, Usage
from shared.contracts.decisions import DecidedComponent, DecidedRelease, UsageContext
from shared.licensing import parse

_NO_SOFTWARE = frozenset(("file", "operating-system", "device", "platform", "cryptographic-asset", "data"))
"""Types of elements that are no software package, so that saying nothing of a licence is no gap."""


class AffectedComponent(Struct, frozen=True):
    """A component that causes an obligation. `modified`: it is known to be, and the obligation depends on it."""

    name: str
    version: str | None
    purl: str | None
    part: str
    modified: Literal[True] | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that must be done, or must not be done, for a release.

    `key` is stable: the same obligation of another release has the same one. `alternative_to` names the obligation that
    this one may replace. `license`, `clause`: None where no licence is known.
    """

    key: str
    obligation: str
    title: str
    what_to_do: str
    kind: Literal["active", "passive"]
    license: str | None
    clause: str | None
    trigger: str
    scope: str | None
    alternative_to: str | None
    components: tuple[AffectedComponent, ...]

    @property
    def facts(self) -> str:
        """The hex digest of all that a decision about it rests on: while it stays, so does the decision."""
        facts = (self.key, self.clause, self.scope, self.alternative_to, self.components)
        return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


@dataclass(frozen=True, slots=True)
class Group:
    """Components of one effective licence used in one way, and the duties they share."""

    effective_license: str | None
    usage: Usage
    duties: tuple[Duty, ...]
    components: tuple[DecidedComponent, ...]


def derive(release: DecidedRelease, catalogue: ObligationCatalogue) -> list[Obligation]:
    """The obligations of the release, ordered by licence, obligation and clause; the order of components is no matter.

    A component without a known licence brings `resolve-license`, a licence without an analysis `analyse-license`.
    """
    groups = grouped(release, catalogue)
    named = [[_affected(each) for each in group.components] for group in groups]
    listed = sorted(set(chain.from_iterable(named)), key=_place)
    numbers = {component: number for number, component in enumerate(listed)}
    affected: dict[str, _Affected] = {}  # a component is in many duties: sorted and compared once, above
    for group, components in zip(groups, named, strict=True):
        of_group = [numbers[each] for each in components]
        for duty in group.duties:
            affected.setdefault(duty.key, _Affected(duty)).add(duty, of_group, group.usage)
    found = [_obligation(each, listed, catalogue) for each in affected.values()]
    return sorted(
        found, key=lambda each: ((each.license or "").casefold(), each.obligation, each.clause or "", each.key)
    )


@dataclass(slots=True)
class _Affected:
    """A duty with the numbers of the components that it is due for, and of those that are known to be modified."""

    duty: Duty
    components: set[int] = field(default_factory=set)
    modified: set[int] = field(default_factory=set)

    def add(self, duty: Duty, components: list[int], usage: Usage) -> None:
        """Takes in the components of a usage, in which other causes may bring the same duty about."""
        self.components.update(components)
        if duty.when and duty.when.modified_only and usage.modified:
            self.modified.update(components)
        if duty.causes != self.duty.causes:
            causes = tuple(each for each in get_args(Cause) if each in (*self.duty.causes, *duty.causes))
            self.duty = replace(self.duty, causes=causes)

    def named(self, listed: list[AffectedComponent]) -> tuple[AffectedComponent, ...]:
        """The components in the order of the list."""
        return tuple(
            structs.replace(listed[each], modified=True) if each in self.modified else listed[each]
            for each in sorted(self.components)
        )


def grouped(release: DecidedRelease, catalogue: ObligationCatalogue) -> list[Group]:
    """The components by effective licence and usage, so that duties are told once for each distinct pair."""
    members: dict[tuple[object, ...], list[DecidedComponent]] = defaultdict(list)
    for each in release.components:
        usage_facts = (each.linkage, each.modified, each.shipped, each.kind, each.own_context, has_notice_file(each))
        members[each.effective_license, *usage_facts].append(each)
    return [group for alike in members.values() for group in _groups(alike, release.context, catalogue)]


def usage_of(component: DecidedComponent, context: UsageContext) -> Usage:
    """How the component is used and delivered in a release of this context, or in one of its own."""
    context = context.of(component.own_context)
    return Usage(
        delivery=frozenset(context.delivery),
        modified=component.modified,
        linkage=component.linkage,
        shipped=component.shipped,
        user_product=context.user_product,
        medium=context.medium,
        kind=component.kind,
        commercial=context.commercial,
        has_notice_file=has_notice_file(component),
        advertising=context.advertising,
        interactive_ui=context.interactive_ui,
    )


def has_notice_file(component: DecidedComponent) -> bool | None:
    """Whether upstream ships a NOTICE file, None where nobody said."""
    if component.notices or component.notice_status == "present":
        return True
    return False if component.notice_status == "absent" else None


def _groups(
    components: list[DecidedComponent], context: UsageContext, catalogue: ObligationCatalogue
) -> Iterator[Group]:
    """The groups of components that have effective licence and usage in common."""
    effective, usage = components[0].effective_license, usage_of(components[0], context)
    expression = parse(effective) if effective is not None else None
    if expression is not None and not offers_choice(expression):
        yield Group(effective, usage, duties_of(expression, usage, catalogue), tuple(components))
        return
    unresolved = tuple(each for each in components if effective or _should_have_license(each))
    if unresolved:
        yield Group(effective, usage, (resolve_license(),), unresolved)
    if len(unresolved) < len(components):
        yield Group(None, usage, (), tuple(each for each in components if not _should_have_license(each)))


def _should_have_license(component: DecidedComponent) -> bool:
    """Elements that are no software and claim no licence leave no gap without one."""
    return bool(component.declared) or component.type not in _NO_SOFTWARE


def _affected(component: DecidedComponent) -> AffectedComponent:
    return AffectedComponent(component.name, component.version, component.purl, component.part)


def _obligation(affected: _Affected, listed: list[AffectedComponent], catalogue: ObligationCatalogue) -> Obligation:
    duty, generic = affected.duty, catalogue.generic[affected.duty.obligation]
    return Obligation(
        key=duty.key,
        obligation=duty.obligation,
        title=generic.title,
        what_to_do=generic.what_to_do,
        kind=generic.kind,
        license=duty.license,
        clause=duty.clause,
        trigger=duty.trigger,
        scope=duty.scope,
        alternative_to=duty.alternative_to,
        components=affected.named(listed),
    )


def _place(component: AffectedComponent) -> tuple[str, str, str, str, str]:
    name = component.name
    return name.casefold(), name, component.version or "", component.purl or "", component.part
