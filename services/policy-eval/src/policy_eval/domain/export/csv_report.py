"""Reports to authorities as comma separated values that no spreadsheet takes for formulas."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

_BREAKING: Final = re.compile(r"[,;\"\x00-\x1f]+")
_FORMULA: Final = "=+-@\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet may begin a formula with, the full-width forms too."""


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str | None]]) -> str:
    """The rows, sorted, below their columns: no cell is blank, none has a comma or begins like a formula."""
    lines = [tuple(columns), *sorted(tuple(map(_cell, row)) for row in rows)]
    return "".join(",".join(line) + "\r\n" for line in lines)


def _cell(text: str | None) -> str:
    """The text without what separates cells; where it begins like a formula, an apostrophe makes it text."""
    plain = " ".join(_BREAKING.sub(" ", text or "").split())
    if not plain:
        return "N/A"
    return f"'{plain}" if plain[0] in _FORMULA else plain
