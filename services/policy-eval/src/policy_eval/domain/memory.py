"""What evaluations have found out and the next ones need again: what statements come to, what a policy says of them, and
what was chosen in expressions.

All depend on nothing of a release, and are forgotten at a size, so that documents of strangers cannot fill it.
"""

from collections.abc import Callable, Hashable
from typing import Final

from policy_eval.domain.choice import MadeChoices
from policy_eval.domain.effective_license import Decider
from policy_eval.domain.mapping import MappedLicense, Stated
from policy_eval.domain.policy import ChoiceRule, Policy
from policy_eval.domain.weight import Weight

MOST_REMEMBERED: Final = 20_000
MOST_DECIDERS: Final = 8


class Memory:
    """Shared by evaluations, also by those that run at the same time: nothing that is in it is ever changed."""

    def __init__(self) -> None:
        self._mapped: dict[Stated, MappedLicense] = {}
        self._weight = Weight[Stated](_text_of)
        self._deciders: tuple[tuple[Policy, Hashable, Decider], ...] = ()
        self._choices: tuple[MadeChoices, ...] = ()

    def mapped(self) -> dict[Stated, MappedLicense]:
        """What statements without a text or definition of their own come to; to be read and added to."""
        if self._weight.of(self._mapped.keys()) > MOST_REMEMBERED:
            self._mapped, self._weight = {}, Weight(_text_of)
        return self._mapped

    def decider(self, policy: Policy, use: Hashable, new: Callable[[], Decider]) -> Decider:
        """The decider of just this policy (the object itself) in this use, the newest eight being kept."""
        kept = [
            (known, its_use, decider)
            for known, its_use, decider in self._deciders
            if (known is policy and its_use == use) and decider.weight <= MOST_REMEMBERED
        ]
        others = [each for each in self._deciders if not (each[0] is policy and each[1] == use)]
        found = kept[0] if kept else (policy, use, new())
        self._deciders = (found, *others)[:MOST_DECIDERS]
        return found[2]

    def choices(self, rule: ChoiceRule) -> MadeChoices:
        """The choices made by an equal rule, whatever the policy; those by the newest eight rules being kept."""
        kept = [each for each in self._choices if each.rule == rule and each.weight <= MOST_REMEMBERED]
        found = kept[0] if kept else MadeChoices(rule)
        self._choices = (found, *(each for each in self._choices if each.rule != rule))[:MOST_DECIDERS]
        return found


def _text_of(stated: Stated) -> str:
    return "".join([value for value, *_ in stated])
