"""The list of sources as CSV (RFC 4180) that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from obligations.adapters.renderers.visible import one_line

_FORMULA_STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20\t\r")
"""What a spreadsheet may begin a formula with, the full-width forms too (CWE-1236)."""


def render_csv(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> str:
    """The rows below a line of column names; lists are joined by a space, None is empty."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return written.getvalue()


def _cell(value: Any) -> str:
    text = "" if value is None else " ".join(value) if isinstance(value, list) else str(value)
    shown = one_line(text)
    # An apostrophe in front makes a spreadsheet take the cell as text.
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA_STARTS) else shown
