"""Which decisions of people are about a component."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Generic, Protocol, TypeVar

from policy_eval.domain.decisions import (
    Confirmation,
    Curation,
    Decisions,
    Exclusion,
    LicenseChoice,
    NameMapping,
    Source,
    StatedUse,
    Target,
)
from policy_eval.domain.purls import Purl, read_purl
from policy_eval.domain.statements import declared_statement
from shared.contracts.inventory import Component


class _Aimed(Protocol):
    @property
    def source(self) -> Source: ...

    @property
    def target(self) -> Target: ...


_Decision = TypeVar("_Decision", bound=_Aimed)


@dataclass(frozen=True, slots=True)
class Answers:
    """The decisions about one component; `outdated` are curations made for other statements than the document's."""

    curations: tuple[Curation, ...] = ()
    outdated: tuple[Curation, ...] = ()
    choices: tuple[LicenseChoice, ...] = ()
    mappings: tuple[NameMapping, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    uses: tuple[StatedUse, ...] = ()

    @property
    def excludes_all(self) -> bool:
        """Whether the component as a whole is no part of what is delivered."""
        return any(each.license is None for each in self.exclusions)


NO_ANSWERS: Final = Answers()


class ByPackage(Generic[_Decision]):
    """Decisions on packages, found by purl: one look for those on a version, and one for those on several."""

    def __init__(self, decisions: Iterable[_Decision]) -> None:
        self._found: dict[tuple[str, str | None], list[_Decision]] = defaultdict(list)
        for each in decisions:
            purl = each.target.purl
            if purl is not None:
                self._found[purl.name, purl.version].append(each)

    def __bool__(self) -> bool:
        return bool(self._found)

    def about(self, purl: Purl | None) -> list[_Decision]:
        """Those that cover the purl, which has its component's version."""
        if purl is None:
            return []
        keys = {(purl.name, purl.version), (purl.name, None)}
        return [each for key in keys for each in self._found.get(key, ()) if each.target.covers(purl, None)]


class AnswerBook:
    """Finds the decisions about each component of a project's release."""

    def __init__(self, decisions: Decisions) -> None:
        self._curations = ByPackage(decisions.curations)
        self._choices = ByPackage(decisions.choices)
        self._mappings = ByPackage(decisions.mappings)
        self._confirmations = ByPackage(decisions.confirmations)
        self._exclusions = ByPackage(decisions.exclusions)
        self._uses = ByPackage(decisions.uses)
        self._wide_uses = [each for each in decisions.uses if each.target.purl is None]
        self._of_scope: dict[str, Answers] = {}
        books = (self._curations, self._choices, self._mappings, self._confirmations, self._exclusions, self._uses)
        self._no_package = not any(books)
        self.is_empty = self._no_package and not self._wide_uses
        """Whether it has an answer about no component at all."""

    def about(self, component: Component) -> Answers:
        """The decisions about the component; the same empty object for nearly all."""
        wide = self._wide(component.scope) if self._wide_uses else NO_ANSWERS
        purl = read_purl(component.purl) if component.purl and not self._no_package else None
        if purl is None:
            return wide
        found = replace(purl, version=purl.version or component.version)
        given = Answers(
            curations=_in_order(self._curations.about(found)),
            choices=_in_order(self._choices.about(found)),
            mappings=_in_order(self._mappings.about(found)),
            confirmations=_in_order(self._confirmations.about(found)),
            exclusions=_in_order(self._exclusions.about(found)),
            uses=self._used(found, component, wide),
        )
        return wide if given == wide else _fitting(given, component)

    def _wide(self, scope: str) -> Answers:
        """What is said of all components of the scope; the same object each time."""
        if scope not in self._of_scope:
            uses = [each for each in self._wide_uses if each.scope in (None, scope)]
            self._of_scope[scope] = Answers(uses=_by_precedence(uses)) if uses else NO_ANSWERS
        return self._of_scope[scope]

    def _used(self, purl: Purl, component: Component, wide: Answers) -> tuple[StatedUse, ...]:
        own = [each for each in self._uses.about(purl) if each.scope in (None, component.scope)]
        return _by_precedence([*wide.uses, *own]) if own else wide.uses


def _by_precedence(uses: Iterable[StatedUse]) -> tuple[StatedUse, ...]:
    return tuple(sorted(uses, key=lambda each: each.precedence))


def _in_order(found: list[_Decision]) -> tuple[_Decision, ...]:
    return tuple(sorted(found, key=lambda each: each.source.id))


def _fitting(given: Answers, component: Component) -> Answers:
    declared = declared_statement(component.licenses)
    fitting = tuple(each for each in given.curations if each.declared in (None, declared))
    outdated = tuple(each for each in given.curations if each.declared not in (None, declared))
    return replace(given, curations=fitting, outdated=outdated)
