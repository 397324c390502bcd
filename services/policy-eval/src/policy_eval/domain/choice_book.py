"""The licence choices that people recorded, by the expression that they are about."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from policy_eval.domain.branches import alternatives, taken
from policy_eval.domain.decisions import LicenseChoice
from policy_eval.domain.recorded import Recorded, with_choice
from shared.licensing import parse


class ChoiceBook:
    """The choices that hold for every component of a project."""

    def __init__(self, choices: Iterable[LicenseChoice]) -> None:
        self._by_expression = _foremost(each for each in choices if each.target.purl is None)

    def applied(self, recorded: Recorded, specific: Sequence[LicenseChoice]) -> Recorded:
        """The licence after the recorded choices: those on the package, else those on the project, else on all."""
        if recorded.expression is None or not (specific or self._by_expression):
            return recorded
        own = _foremost(specific)
        for given in alternatives(recorded.expression):
            choice = own.get(given) or self._by_expression.get(given)
            if choice is not None:
                recorded = _after(recorded, given, choice)
        return recorded


def _foremost(choices: Iterable[LicenseChoice]) -> Mapping[str, LicenseChoice]:
    """By canonical expression the most specific choice, and of several the one that was made last."""
    return {each.license: each for each in sorted(choices, key=lambda each: (each.precedence, each.source.id))}


def _after(recorded: Recorded, given: str, choice: LicenseChoice) -> Recorded:
    assert recorded.expression is not None
    result = taken(recorded.expression, given, parse(choice.chosen))
    return recorded if result is None else with_choice(recorded, result, choice)


NO_CHOICES: Final = ChoiceBook(())
