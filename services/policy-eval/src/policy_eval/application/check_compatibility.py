"""Say whether work under one licence may go into work under another, without a stored release."""

from collections.abc import Callable
from dataclasses import dataclass

from policy_eval.domain.compatibility import Compatibility
from policy_eval.domain.compatibility_facts import Combination, Outcome
from shared.computation import compute
from shared.licensing import Normalised


@dataclass(frozen=True, slots=True)
class CheckCompatibility:
    """The use case, with what it needs."""

    compatibility: Compatibility
    normalise: Callable[[str], Normalised]

    async def __call__(self, inbound: str, outbound: str, combination: Combination) -> Outcome:
        """Return the answer; a string that names no licence, on either side, gives `unknown` and never an error."""
        return await compute(self._decide, inbound, outbound, combination)

    def _decide(self, inbound: str, outbound: str, combination: Combination) -> Outcome:
        into, out = self.normalise(inbound), self.normalise(outbound)
        if into.expression is None:
            return _unread("inbound", into)
        if out.expression is None:
            return _unread("outbound", out)
        return self.compatibility.decide(into.expression, out.expression, combination)


def _unread(side: str, found: Normalised) -> Outcome:
    named = tuple(f"state which licence is meant, such as {each}" for each in found.candidates)
    return Outcome("unknown", f"the {side} licence is {found.status}: {found.why}", "Licet", alternatives=named)
