"""Taking a branch of the ORs of an expression, as somebody has recorded it."""

from policy_eval.domain.expression_fold import canonical, fold
from shared.licensing import Expression, License, Or, With, all_of, any_of, leaves


def narrowed(given: Expression, chosen: Expression) -> Expression | None:
    """What is left of `given` when `chosen` is taken; None if `chosen` is no branch of it.

    A branch is what is left when operands of ORs are dropped: `A AND C` of `(A OR B) AND C`; or an operand of one of its
    ORs: there `A`, which leaves `A AND C`. The whole expression is no branch of itself.
    """
    wanted = frozenset(leaves(chosen))
    left = fold(given, _itself, all_of, lambda branches: _kept(branches, wanted))
    if canonical(left) == canonical(given):
        return None
    return left if canonical(chosen) in {canonical(left), *_operands(given)} else None


def taken(expression: Expression, given: str, chosen: Expression) -> Expression | None:
    """The expression after the choice; None where `given`, in canonical form, is neither it nor a part of it."""

    def put(built: Expression) -> Expression:
        return (narrowed(built, chosen) or built) if canonical(built) == given else built

    result = fold(expression, put, lambda each: put(all_of(each)), lambda each: put(any_of(each)))
    return None if canonical(result) == canonical(expression) else result


def alternatives(expression: Expression) -> list[str]:
    """The expression itself and each OR inside it, in canonical form: what a recorded choice may name."""
    return list(dict.fromkeys([canonical(expression), *(canonical(each) for each in _ors(expression))]))


def _ors(expression: Expression) -> list[Or]:
    found: list[Or] = []

    def noted(branches: list[Expression]) -> Expression:
        built = any_of(branches)
        if isinstance(built, Or):
            found.append(built)
        return built

    fold(expression, _itself, all_of, noted)
    return found


def _operands(expression: Expression) -> set[str]:
    return {canonical(operand) for each in _ors(expression) for operand in each.operands}


def _itself(leaf: License | With) -> Expression:
    return leaf


def _kept(branches: list[Expression], wanted: frozenset[License | With]) -> Expression:
    fitting = [branch for branch in branches if wanted.issuperset(leaves(branch))]
    return any_of(fitting or branches)
