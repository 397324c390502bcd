"""What has changed of the components and licences between two releases."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from policy_eval.domain.component_search import license_operands
from policy_eval.domain.findings import identity_of


@dataclass(frozen=True, slots=True)
class ComparedComponent:
    """What is compared of a decided component."""

    name: str
    version: str | None = None
    purl: str | None = None
    group: str | None = None
    effective_license: str | None = None


@dataclass(frozen=True, slots=True)
class ComponentDiff:
    """Components that only the release has, that only the base has, and pairs (base, release) that are not alike.

    All are in the order of their identities.
    """

    added: Sequence[ComparedComponent]
    removed: Sequence[ComparedComponent]
    changed: Sequence[tuple[ComparedComponent, ComparedComponent]]


@dataclass(frozen=True, slots=True)
class LicenseDiff:
    """Licences, as operands of effective ones, that no component of the other release has; sorted."""

    added: Sequence[str]
    removed: Sequence[str]


def compare_components(base: Iterable[ComparedComponent], release: Iterable[ComparedComponent]) -> ComponentDiff:
    """The difference of two lists of components, whatever their order.

    Components are matched by their identity without version. Of several with one identity those alike are matched first,
    then those of one version, then the rest in the order of their versions as text.
    """
    before, after = _by_identity(base), _by_identity(release)
    identities = sorted(before.keys() | after.keys())
    pairs = [pair for each in identities for pair in _unlike(before.get(each, []), after.get(each, []))]
    return ComponentDiff(
        added=[new for old, new in pairs if old is None and new is not None],
        removed=[old for old, new in pairs if new is None and old is not None],
        changed=[(old, new) for old, new in pairs if old is not None and new is not None],
    )


def compare_licenses(base: Iterable[ComparedComponent], release: Iterable[ComparedComponent]) -> LicenseDiff:
    """The difference of the licences of two lists of components."""
    before, after = _licenses(base), _licenses(release)
    return LicenseDiff(sorted(after - before), sorted(before - after))


def _by_identity(components: Iterable[ComparedComponent]) -> dict[str, list[ComparedComponent]]:
    found: dict[str, list[ComparedComponent]] = defaultdict(list)
    for each in components:
        found[identity_of(each)].append(each)
    return found


def _unlike(
    old: list[ComparedComponent], new: list[ComparedComponent]
) -> list[tuple[ComparedComponent | None, ComparedComponent | None]]:
    """Pairs of what is not alike under one identity; None stands where a component has no partner."""
    if len(old) == len(new) == 1:
        return [] if _facts(old[0]) == _facts(new[0]) else [(old[0], new[0])]
    gone, come = _without(old, new), _without(new, old)
    pairs = _of_one_version(gone, come)
    rest = zip_longest(_rest(gone, (pair[0] for pair in pairs)), _rest(come, (pair[1] for pair in pairs)))
    return [*pairs, *rest]


def _facts(component: ComparedComponent) -> tuple[str, str]:
    return component.version or "", component.effective_license or ""


def _order(component: ComparedComponent) -> tuple[str, ...]:
    return *_facts(component), component.purl or "", component.name, component.group or ""


def _without(components: list[ComparedComponent], others: list[ComparedComponent]) -> list[ComparedComponent]:
    """The components, in order, that remain when each of the others has taken one that is like it."""
    likes, remaining = Counter(map(_facts, others)), []
    for each in sorted(components, key=_order):
        if likes[_facts(each)]:
            likes[_facts(each)] -= 1
        else:
            remaining.append(each)
    return remaining


def _of_one_version(
    gone: Iterable[ComparedComponent], come: Iterable[ComparedComponent]
) -> list[tuple[ComparedComponent, ComparedComponent]]:
    waiting: dict[str | None, list[ComparedComponent]] = defaultdict(list)
    for each in reversed(list(come)):
        waiting[each.version].append(each)
    return [(each, waiting[each.version].pop()) for each in gone if waiting[each.version]]


def _rest(components: Iterable[ComparedComponent], taken: Iterable[ComparedComponent]) -> list[ComparedComponent]:
    left, remaining = Counter(taken), []
    for each in components:
        if left[each]:
            left[each] -= 1
        else:
            remaining.append(each)
    return remaining


def _licenses(components: Iterable[ComparedComponent]) -> set[str]:
    expressions = {each.effective_license for each in components if each.effective_license}
    return {name for each in expressions for name in license_operands(each)}
