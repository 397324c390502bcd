"""What the readings of a licence string hand to each other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from shared.licensing.alias_file import Alias
from shared.licensing.expression import Expression, License, With, parse

Status = Literal["exact", "alias", "text", "ambiguous", "unknown"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """`expression` for the statuses exact, alias and text, else None; `candidates` are SPDX expressions to choose
    from, for the status ambiguous; `why` is a sentence for the reader."""

    status: Status
    expression: Expression | None
    candidates: tuple[str, ...]
    why: str

    @property
    def options(self) -> tuple[str, ...]:
        """The expressions that the string may mean: one, if it is resolved."""
        return self.candidates if self.expression is None else (str(self.expression),)

    @property
    def single(self) -> License | With | None:
        """The one licence that the string means, if it is one."""
        return self.expression if isinstance(self.expression, License | With) else None

    def as_alias(self) -> "Meaning":
        """The same, of a string that is not literally an SPDX expression."""
        return replace(self, status="alias") if self.status == "exact" else self


def resolved(expression: Expression, why: str) -> Meaning:
    """The string means this expression."""
    return Meaning("alias", expression, (), why)


def ambiguous(candidates: Iterable[str], why: str) -> Meaning:
    """The string leaves these candidates open."""
    return Meaning("ambiguous", None, tuple(dict.fromkeys(candidates)), why)


def unknown(why: str) -> Meaning:
    """The string says nothing that is known."""
    return Meaning("unknown", None, (), why)


def of_alias(found: Alias) -> Meaning:
    """What a row of the table, or a name read by its rules, means."""
    if found.expression is None:
        return ambiguous(found.candidates, f"names no single licence ({found.source})")
    return resolved(parse(found.expression), f"a known name ({found.source})")
