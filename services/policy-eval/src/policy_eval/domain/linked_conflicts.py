"""Whether two licences can be those of parts of one linked work: the one demands its terms for the whole, and the
other does not go under them, nor the other way round (domain model §3.5, rule 7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from policy_eval.domain.compatibility import MAX_PAIRS, Compatibility
from policy_eval.domain.compatibility_facts import Combination, Outcome
from policy_eval.domain.expression_fold import canonical, fold
from shared.contracts.inventory import Linkage
from shared.licensing import Expression, License, With, leaves

Leaf = License | With
Single = tuple[Leaf, Combination]


@dataclass(frozen=True, slots=True)
class LinkedLicense:
    """The effective licence of components, and how they are linked and delivered."""

    expression: Expression
    linkage: Linkage
    modified: bool
    delivery: frozenset[str] = frozenset({"binary"})

    @property
    def order(self) -> tuple[str, str, bool, list[str]]:
        """Sorts them, whatever the order in which they were met."""
        return canonical(self.expression), self.linkage, self.modified, sorted(self.delivery)


@dataclass(frozen=True, slots=True)
class Conflict:
    """`demanding` wants the whole work under its terms, under which `other` cannot go: `outcome` says why."""

    demanding: Leaf
    other: Leaf
    outcome: Outcome


class LinkedConflicts:
    """Compares licences in one usage context; every two single licences once."""

    def __init__(self, compatibility: Compatibility) -> None:
        self._compatibility = compatibility
        self._compared: dict[tuple[Leaf, Combination, Leaf, Combination], Conflict | None] = {}

    def demands_all(self, one: LinkedLicense) -> bool:
        """Whether any licence in it demands its terms for the whole work."""
        return any(self._compatibility.demands_all(leaf) for leaf in leaves(one.expression))

    def singles(self, one: LinkedLicense) -> frozenset[Single]:
        """The single licences of the expression, with how they are combined."""
        return frozenset((leaf, self._combination(one)) for leaf in leaves(one.expression))

    def contradictions(self, singles: Iterable[Single], most: int) -> tuple[Mapping[Single, frozenset[Single]], bool]:
        """By each single licence that demands the whole work those that contradict it, and whether all were compared.

        At most `most` pairs are: only expressions with two such licences are worth comparing as a whole.
        """
        ordered = sorted(singles, key=_order)
        demanding = [each for each in ordered if self._compatibility.demands_all(each[0])]
        pairs = [(one, other) for one in demanding for other in ordered]
        found: dict[Single, set[Single]] = {each: set() for each in demanding}
        for one, other in pairs[:most]:
            if self._compare(*one, *other) is not None:
                found[one].add(other)
        return {one: frozenset(others) for one, others in found.items()}, len(pairs) <= most

    def between(self, one: LinkedLicense, other: LinkedLicense) -> Conflict | None:
        """A conflict in which a licence of `one` is the demanding one; an OR conflicts where every branch does.

        Where both demand the whole, the first by the alphabet is said to.
        """
        if one == other or len(leaves(one.expression)) * len(leaves(other.expression)) > MAX_PAIRS:
            return None
        return fold(one.expression, lambda leaf: self._with(leaf, one, other), _first, _of_all)

    def _with(self, leaf: Leaf, one: LinkedLicense, other: LinkedLicense) -> Conflict | None:
        if not self._compatibility.demands_all(leaf):
            return None
        mine, its = self._combination(one), self._combination(other)
        return fold(other.expression, lambda met: self._compare(leaf, mine, met, its), _first, _of_all)

    def _compare(self, leaf: Leaf, mine: Combination, met: Leaf, its: Combination) -> Conflict | None:
        key = (leaf, mine, met, its)
        if key not in self._compared:
            self._compared[key] = self._conflict(leaf, mine, met, its)
        return self._compared[key]

    def _conflict(self, leaf: Leaf, mine: Combination, met: Leaf, its: Combination) -> Conflict | None:
        if self._compatibility.demands_all(met) and str(met) < str(leaf):
            return None
        under_mine = self._compatibility.decide(met, leaf, its)
        if under_mine.verdict != "incompatible" or self._compatibility.is_by_matrix(under_mine):
            return None
        under_its = self._compatibility.decide(leaf, met, mine)
        return Conflict(leaf, met, under_mine) if under_its.verdict == "incompatible" else None

    def _combination(self, linked: LinkedLicense) -> Combination:
        return Combination(linked.linkage, linked.modified, linked.delivery)


def _order(single: Single) -> tuple[str, str, bool, list[str]]:
    leaf, combination = single
    return str(leaf), combination.linkage, combination.modified, sorted(combination.delivery)


_Operands = Sequence[Conflict | None]


def _first(operands: _Operands) -> Conflict | None:
    return next((each for each in operands if each is not None), None)


def _of_all(operands: _Operands) -> Conflict | None:
    return operands[0] if all(each is not None for each in operands) else None
