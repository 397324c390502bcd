"""What is known of the compatibility of licences, and the values that questions about it are asked and answered in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from shared.contracts.inventory import Linkage

CompatibilityVerdict = Literal["compatible", "not-applicable", "conditional", "unknown", "incompatible"]
GnuVersions = Literal["every-version", "version-3", "none"]
MatrixValue = Literal["Yes", "No", "Unknown", "Same", "Check dependency"]

_ORDER: Final[dict[CompatibilityVerdict, int]] = {
    "compatible": 0,
    "not-applicable": 1,
    "conditional": 2,
    "unknown": 3,
    "incompatible": 4,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer on one pair. `source` names the clause, list or matrix that `why` rests on; `branch`: which licence
    of the inbound expression was taken; `alternatives`: what else could be done."""

    verdict: CompatibilityVerdict
    why: str
    source: str
    branch: str | None = None
    alternatives: tuple[str, ...] = ()

    @property
    def order(self) -> int:
        """The place from the best, 0, to the worst."""
        return _ORDER[self.verdict]


@dataclass(frozen=True, slots=True)
class Permission:
    """Work under a licence may go out under these licences, by its own text or its steward's word.

    `or_later`: under their later versions too, those still to come among them.
    """

    under: frozenset[str]
    source: str
    verdict: CompatibilityVerdict = "compatible"
    why: str = ""
    or_later: bool = False


@dataclass(frozen=True, slots=True)
class LaterVersions:
    """Later versions that a licence's text lets everybody take; `through`: those whose own permissions count too."""

    under: frozenset[str]
    source: str
    through: tuple[str, ...] = ()
    condition: str = ""


@dataclass(frozen=True, slots=True)
class GnuFacts:
    """How other licences go with the GNU licences, by the FSF's list; `why` and `disputed` by licence."""

    source: str
    versions: Mapping[str, GnuVersions]
    why: Mapping[str, str]
    disputed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CompatibilityFacts:
    """Permissions by inbound licence, later versions, the effect of exceptions, and OSADL's matrix.

    `later`: what a text itself lets everybody take. `successors`: what a plus sign adds. `exceptions`: effect by
    exception. `matrix`: outbound licence → inbound licence → value, about copied code. `sha256`: of all of it as shipped.
    """

    permissions: Mapping[str, tuple[Permission, ...]]
    later: Mapping[str, LaterVersions]
    successors: Mapping[str, tuple[str, ...]]
    gnu: GnuFacts
    exceptions: Mapping[str, str]
    matrix: Mapping[str, Mapping[str, MatrixValue]]
    matrix_source: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Combination:
    """How the inbound work is combined with the outbound one. `delivery`: ways of delivery, empty for none at all."""

    linkage: Linkage = "package"
    modified: bool = False
    delivery: frozenset[str] = field(default_factory=lambda: frozenset({"binary"}))

    @property
    def is_copied(self) -> bool:
        """Whether code of the two is mingled in the same files."""
        return self.linkage == "copied"

    @property
    def is_conveyed(self) -> bool:
        """Whether copies reach others."""
        return bool(self.delivery & {"source", "binary"})
