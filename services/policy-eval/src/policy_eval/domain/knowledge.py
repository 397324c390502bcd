"""What the decisions take from outside the release and the policy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from policy_eval.domain.memory import Memory
from shared.licensing import Catalogue, License, With
from shared.licensing.normalise import Normalised


def _no_duties(_: License | With) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class LicenseKnowledge:
    """The licence catalogue, what strings of the wild mean, how many active duties a licence brings, and the versions that
    come after another, by licence."""

    catalogue: Catalogue
    normalise: Callable[[str], Normalised]
    duties: Callable[[License | With], int] = _no_duties
    successors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory, compare=False)
