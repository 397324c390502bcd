"""What remains of an expression after the choices that the machine may make among OR branches."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import attrgetter, is_
from typing import Final

from msgspec import Struct, structs

from policy_eval.domain.expression_fold import canonical, fold_nodes, joined
from policy_eval.domain.judgement import Judge, Judgement, worst
from policy_eval.domain.policy import ChoiceRule
from policy_eval.domain.trace import TraceStep
from policy_eval.domain.usage import Usage
from policy_eval.domain.weight import Weight
from shared.contracts.decisions import Verdict
from shared.licensing import And, Expression, License, Or, With, all_of, any_of, leaves

OPEN_CHOICE_RULE: Final = "license/open-choice"
_OPEN: Final = "; the choice is for people"
_remaining = attrgetter("remaining")


class Choosing(Struct, frozen=True):
    """A choice among the branches of an OR, or the versions of "or later"; `taken` is None where it was left to people, for
    the verdict at best."""

    among: Expression
    taken: Expression | None
    verdict: Verdict

    def step(self) -> TraceStep:
        """The choice as a step of a trace."""
        if self.taken is None:
            return TraceStep("chosen", f"none of {self.among}: {self.verdict} at best", "policy")
        return TraceStep("chosen", f"{self.taken} of {self.among}", "policy")


class Choice(Struct, frozen=True):
    """An expression after the choices: what remains, how it is judged, its active duties, and the choices made.

    `text` settles a draw: what remains with its operands in alphabetical order. Of a whole expression there are `identity`,
    which is what remains as `canonical` writes it, and `steps`, the choices as steps of a trace.
    """

    remaining: Expression
    text: str
    judgement: Judgement
    duties: int
    choosings: tuple[Choosing, ...] = ()
    identity: str = ""
    steps: tuple[TraceStep, ...] = ()

    @property
    def made(self) -> bool:
        """Whether a branch was taken anywhere."""
        return any(choosing.taken is not None for choosing in self.choosings)


class Shape(Struct, frozen=True):
    """What a choice in an expression needs of it, whatever the policy says: its distinct licences and, where there is no OR
    to choose in, its text as `canonical` writes it."""

    licenses: tuple[License | With, ...]
    settled: str | None


class MadeChoices(dict[tuple[str, tuple[Judgement, ...]], Choice]):
    """What remained of expressions, by their text and the judgements on their licences: by all that a choice depends on
    beside the `rule` of the policy, so that another policy makes anew only those whose licences it judges otherwise."""

    def __init__(self, rule: ChoiceRule) -> None:
        super().__init__()
        self.rule = rule
        self._shapes: dict[str, Shape] = {}
        self._weight = Weight[str](str)

    @property
    def weight(self) -> int:
        """How much is remembered, in expressions of the usual length."""
        return max(len(self), self._weight.of(self._shapes.keys()))

    def shape(self, text: str, expression: Expression) -> Shape:
        """The shape of the expression that has this text."""
        known = self._shapes.get(text)
        return self._shapes.setdefault(text, _shape_of(expression)) if known is None else known


class Chooser:
    """Chooses by the policy's order: mildest verdict, preferred list, fewest active duties, alphabet.

    `preferred` is the organisation's own list, which goes before the policy's.

    A branch is taken only where its verdict is one that the policy records by itself; else all branches stay, under
    the mildest verdict, as a question for people.
    """

    def __init__(
        self,
        judge: Judge,
        duties: Callable[[License | With], int],
        preferred: tuple[str, ...] = (),
        made: Callable[[ChoiceRule], MadeChoices] = MadeChoices,
    ) -> None:
        self._judge = judge
        self._duties = duties
        self._judged: dict[Usage, dict[bytes, Judgement]] = {}  # by the key, which is quicker to hash than its licence
        self._leaves: dict[Usage, dict[str, Choice]] = {}
        rule = judge.policy.choice
        self._rule = replace(rule, preferred=(*preferred, *rule.preferred))
        self._made = made(self._rule)

    @property
    def licenses(self) -> int:
        """How many licences it remembers its judgements on, in each usage."""
        return sum(map(len, list(self._judged.values())))

    def choose(self, expression: Expression, usage: Usage) -> Choice:
        """What remains of the expression in this usage; looks at each of its operands once."""
        judged, text = self._judged.setdefault(usage, {}), str(expression)
        shape = self._made.shape(text, expression)
        judgements = tuple(
            [
                judged.get(each.key) or judged.setdefault(each.key, self._judge.leaf(each, usage))
                for each in shape.licenses
            ]
        )
        known = self._made.get((text, judgements))
        if known is not None:
            return known
        if shape.settled is None or any(each.version is not None for each in judgements):
            chosen = self._chosen(expression, judged, self._leaves.setdefault(usage, {}))
        else:
            chosen = _all_of(expression, shape.settled, judgements)
        return self._made.setdefault((text, judgements), chosen)

    def _chosen(self, expression: Expression, judged: Mapping[bytes, Judgement], known: dict[str, Choice]) -> Choice:
        def of_leaf(leaf: License | With) -> Choice:
            # The leaf as it is written here: equal ones may be spelt otherwise.
            written = str(leaf)
            return known.get(written) or known.setdefault(written, self._leaf(leaf, judged[leaf.key]))

        choice = fold_nodes(expression, of_leaf, _all_chosen, self._one_chosen)
        identity = canonical(choice.remaining) if choice.made else choice.text
        return structs.replace(choice, identity=identity, steps=tuple([each.step() for each in choice.choosings]))

    def _leaf(self, leaf: License | With, judgement: Judgement) -> Choice:
        taken = judgement.version
        if taken is None:
            return Choice(leaf, str(leaf), judgement, self._duties(leaf))
        chosen = Choosing(leaf, taken, judgement.verdict)
        # The judgement is on the version now, and like that of anybody who names it.
        return Choice(taken, str(taken), structs.replace(judgement, version=None), self._duties(taken), (chosen,))

    def _one_chosen(self, node: Or, branches: list[Choice]) -> Choice:
        winner = min(branches, key=self._order)
        among = node if _is_unchanged(node, branches) else any_of(branch.remaining for branch in branches)
        if winner.judgement.verdict not in self._rule.auto_record:
            return _left_open(branches, winner, among)
        choosing = Choosing(among, winner.remaining, winner.judgement.verdict)
        return structs.replace(winner, choosings=(*winner.choosings, choosing))

    def _order(self, branch: Choice) -> tuple[int, int, int, str]:
        return (branch.judgement.rank, self._rule.preference(branch.text), branch.duties, branch.text)


def _shape_of(expression: Expression) -> Shape:
    operands = expression.operands if isinstance(expression, And) else (expression,)
    has_choice = any(isinstance(each, Or) for each in operands)
    return Shape(leaves(expression), None if has_choice else canonical(expression))


def _all_of(expression: Expression, text: str, judgements: tuple[Judgement, ...]) -> Choice:
    """What remains of an expression in which there is nothing to choose: all of it, with no duties to compare."""
    return Choice(expression, text, worst(list(judgements)), 0, identity=text)


def _is_unchanged(node: And | Or, operands: list[Choice]) -> bool:
    return all(map(is_, map(_remaining, operands), node.operands))


def _all_chosen(node: And, operands: list[Choice]) -> Choice:
    return Choice(
        node if _is_unchanged(node, operands) else all_of(operand.remaining for operand in operands),
        joined("AND", {operand.text for operand in operands}),
        worst([operand.judgement for operand in operands]),
        sum([operand.duties for operand in operands]),
        tuple([choosing for operand in operands for choosing in operand.choosings]),
    )


def _left_open(branches: list[Choice], winner: Choice, among: Expression) -> Choice:
    because = winner.judgement.because.removesuffix(_OPEN) + _OPEN
    made = [choosing for branch in branches for choosing in branch.choosings if choosing.taken is not None]
    return Choice(
        among,
        joined("OR", {branch.text for branch in branches}),
        structs.replace(winner.judgement, rule=OPEN_CHOICE_RULE, because=because),
        winner.duties,
        (*made, Choosing(among, None, winner.judgement.verdict)),
    )
