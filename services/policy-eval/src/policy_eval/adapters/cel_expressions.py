"""Free rules in the Common Expression Language (https://cel.dev), by Google's implementation.

An expression cannot run for long or grow: it has 1,000 characters at most, no macros, which are CEL's only loops, and
regular expressions are RE2's, whose cost is linear.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from cel_expr_python import cel

from policy_eval.adapters.free_rule_words import masked, patterns, unknown_words
from policy_eval.domain.free_rules import FACTS, Facts

MOST_CHARACTERS: Final = 1000
_TYPES: Final = {str: cel.Type.STRING, bool: cel.Type.BOOL, int: cel.Type.INT, list: cel.Type.List(cel.Type.STRING)}
_MACRO = re.compile(r"\.\s*(all|exists|exists_one|existsOne|filter|map|transformList|transformMap)\s*\(")
_FAULT = re.compile(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)")


class NoExpression(ValueError):
    """The text is no expression that is taken; `line` and `column` in it count from 1."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"line {line}, column {column} of the expression: {message}")


class CelExpression:
    """`domain.free_rules.When`."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def holds(self, facts: Facts) -> bool | None:
        try:
            value = self._compiled.eval(data=facts)
            return value.value() if value.type() == cel.Type.BOOL else None
        except (
            RuntimeError,
            TypeError,
            ValueError,
        ):  # the library raises these for limits and for values it cannot take
            return None


def compiled(text: str) -> CelExpression:
    """The expression of a text, which must give true or false; raises NoExpression."""
    if len(text) > MOST_CHARACTERS:
        raise NoExpression(f"at most {MOST_CHARACTERS:,} characters, not {len(text):,}")
    macro = _MACRO.search(masked(text))
    if macro is not None:
        raise NoExpression(f"{macro[1]}() is not taken: no loops", *_place(text, macro.start(1)))
    try:
        expression = _environment().compile(text)
    except RuntimeError as error:
        raise _refusal(str(error)) from error
    if expression.return_type() != cel.Type.BOOL:
        raise NoExpression(f"true or false must come of it, and not {expression.return_type()}")
    return CelExpression(expression)


def check_texts(text: str) -> None:
    """Raise NoExpression for an expression with a text in it that would have it hold nowhere, or nowhere be told."""
    for message, index in (*_wrong_patterns(text), *unknown_words(text)):
        raise NoExpression(message, *_place(text, index))


def _wrong_patterns(text: str) -> Iterator[tuple[str, int]]:
    """Why each regular expression that is written out is none, and its index."""
    for written, index in patterns(text):
        value = _environment().compile(f'"".matches({written})').eval(data={})
        if value.type() != cel.Type.BOOL:
            yield str(value).partition(": ")[2][:200], index


@cache
def _environment() -> Any:
    return cel.NewEnv(variables={name: _TYPES[kind] for name, kind in FACTS.items()})


def _refusal(written: str) -> NoExpression:
    fault = _FAULT.search(written)
    if fault is None:
        return NoExpression(written.partition("\n")[0][:200])
    message = fault[3].removesuffix(" (in container '')")
    known = f"; known: {', '.join(FACTS)}" if "undeclared reference" in message else ""
    return NoExpression(message[:200] + known, int(fault[1]), int(fault[2]))


def _place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
