"""Computes something over a licence expression from its leaves upwards, without recursion."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from shared.licensing import And, Expression, ExpressionError, License, Or, With, parse

Result = TypeVar("Result")
_Operator: Final = (And, Or)  # a tuple: a union would be made anew at each look


def fold(
    expression: Expression,
    of_leaf: Callable[[License | With], Result],
    of_and: Callable[[list[Result]], Result],
    of_or: Callable[[list[Result]], Result],
) -> Result:
    """The result for the whole expression; every node is visited once, operands in their order."""
    return fold_nodes(expression, of_leaf, lambda _, operands: of_and(operands), lambda _, operands: of_or(operands))


def fold_nodes(
    expression: Expression,
    of_leaf: Callable[[License | With], Result],
    of_and: Callable[[And, list[Result]], Result],
    of_or: Callable[[Or, list[Result]], Result],
) -> Result:
    """As `fold`, where what combines the results is given the operator with its operands too."""
    if not isinstance(expression, _Operator):
        return of_leaf(expression)
    nodes = [expression]
    for node in nodes:
        nodes += [each for each in node.operands if isinstance(each, _Operator)]
    results: dict[int, Result] = {}
    for node in reversed(nodes):  # each after its operands
        operands = [results[id(each)] if isinstance(each, _Operator) else of_leaf(each) for each in node.operands]
        results[id(node)] = of_and(node, operands) if isinstance(node, And) else of_or(node, operands)
    return results[id(expression)]


def canonical(expression: Expression) -> str:
    """The expression with the operands of AND and OR in alphabetical order: equal text for equal expressions."""
    if not isinstance(expression, _Operator):
        return str(expression)
    return fold_nodes(expression, str, lambda _, texts: joined("AND", texts), lambda _, texts: joined("OR", texts))


def joined(operator: str, operands: Iterable[str]) -> str:
    """The canonical text of an operator over operands in canonical text; a single operand stays as it is."""
    listed = sorted(operands)
    return listed[0] if len(listed) == 1 else f"({f' {operator} '.join(listed)})"


def canonical_text(license_: str | None) -> str | None:
    """The expression in canonical form; another text, which findings show where no licence could be read, as it is."""
    try:
        return None if license_ is None else canonical(parse(license_))
    except ExpressionError:
        return license_
