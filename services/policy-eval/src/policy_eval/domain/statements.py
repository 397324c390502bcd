"""Which of a component's licence claims count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.inventory import LicenseClaim

Origin = Literal["concluded", "declared", "observed"]
ORIGINS: Final[tuple[Origin, ...]] = ("concluded", "declared", "observed")
"""From the most to the least trusted (domain model §3.3)."""

_NO_ASSERTION: Final = frozenset({"", "noassertion"})
_NONE: Final = "NONE"


@dataclass(frozen=True, slots=True)
class Statement:
    """The claims that count, all of one origin. `says_none`: SPDX NONE is among them, which outdoes the others.

    Without any claim but NOASSERTION there is no origin and no claim.
    """

    origin: Origin | None = None
    claims: tuple[LicenseClaim, ...] = ()
    says_none: bool = False


def statement_of(claims: Sequence[LicenseClaim]) -> Statement:
    """The claims of the most trusted origin that asserts anything: NOASSERTION never overrides, NONE does."""
    if len(claims) == 1:  # nearly all
        [claim] = claims
        return Statement(claim.origin, (claim,), _is_none(claim)) if asserts(claim) else Statement()
    for origin in ORIGINS:
        asserted = tuple(claim for claim in claims if claim.origin == origin and asserts(claim))
        if asserted:
            return Statement(origin, asserted, any(_is_none(claim) for claim in asserted))
    return Statement()


def found_in_files(claims: Sequence[LicenseClaim], statement: Statement) -> tuple[LicenseClaim, ...]:
    """The claims that were found in files and may contradict what counts: nobody has concluded anything from them."""
    if statement.origin != "declared" or statement.says_none:
        return ()
    return tuple(claim for claim in claims if claim.origin == "observed" and asserts(claim) and not _is_none(claim))


def asserts(claim: LicenseClaim) -> bool:
    """Whether the claim says anything: it is not NOASSERTION, and not empty, or it has a text."""
    return claim.value.strip().lower() not in _NO_ASSERTION or claim.text is not None


def _is_none(claim: LicenseClaim) -> bool:
    return claim.kind != "name" and claim.value.strip() == _NONE


def declared_statement(claims: Sequence[LicenseClaim]) -> tuple[str, ...]:
    """What is declared, as curations recognise it."""
    return statement_of_values(claim.value for claim in claims if claim.origin == "declared")


def statement_of_values(values: Iterable[str]) -> tuple[str, ...]:
    """The values that assert anything, on one line each, each once, sorted."""
    lines = {" ".join(value.split()) for value in values}
    return tuple(sorted(line for line in lines if line.lower() not in _NO_ASSERTION))
