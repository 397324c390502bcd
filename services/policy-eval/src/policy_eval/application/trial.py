"""What a policy would say of a release."""

from dataclasses import dataclass

from shared.contracts.events import Gate


@dataclass(frozen=True, slots=True)
class Trial:
    """What an evaluation would say; `components` is how many it looked at."""

    gate: Gate
    fingerprints: frozenset[str]
    components: int
