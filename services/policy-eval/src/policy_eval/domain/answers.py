"""Which decisions of people are about a component."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Generic, Protocol, TypeVar

from policy_eval.domain.decisions import Curation, Decisions, LicenseChoice, NameMapping, Target
from policy_eval.domain.purls import Purl, read_purl
from policy_eval.domain.statements import declared_statement
from shared.contracts.inventory import Component


class _Aimed(Protocol):
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

    def about(self, component: Component) -> Answers:
        """The decisions about the component; the same empty object for nearly all."""
        if not component.purl or not (self._curations or self._choices or self._mappings):
            return NO_ANSWERS
        purl = read_purl(component.purl)
        if purl is None:
            return NO_ANSWERS
        found = replace(purl, version=purl.version or component.version)
        curations, choices = self._curations.about(found), self._choices.about(found)
        mappings = sorted(self._mappings.about(found), key=lambda each: each.source.id)
        if not (curations or choices or mappings):
            return NO_ANSWERS
        return replace(_answers(curations, choices, component), mappings=tuple(mappings))


def _answers(curations: list[Curation], choices: list[LicenseChoice], component: Component) -> Answers:
    listed = sorted(curations, key=lambda each: each.source.id)
    declared = declared_statement(component.licenses)
    fits = [each.declared is None or each.declared == declared for each in listed]
    return Answers(
        tuple(each for each, does in zip(listed, fits, strict=True) if does),
        tuple(each for each, does in zip(listed, fits, strict=True) if not does),
        tuple(sorted(choices, key=lambda each: each.source.id)),
    )
