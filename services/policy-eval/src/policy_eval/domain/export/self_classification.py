"""The annual self-classification report: Supplement 8 to 15 CFR part 742, as comma separated values."""

import re
from collections.abc import Iterable
from typing import Final

from policy_eval.domain.export.records import ReportRow
from policy_eval.domain.export.situation import Classification

COLUMNS: Final = (
    "PRODUCT NAME", "MODEL NUMBER", "MANUFACTURER", "ECCN", "AUTHORIZATION TYPE", "ITEM TYPE", "SUBMITTER NAME",
    "TELEPHONE NUMBER", "E-MAIL ADDRESS", "MAILING ADDRESS", "NON-U.S. COMPONENTS", "NON-U.S. MANUFACTURING LOCATIONS",
)  # fmt: skip
_MASS_MARKET: Final = re.compile(r"5[AD]992", re.IGNORECASE)
_REPORTED: Final = re.compile(r"5[ABD]002|5[AD]992", re.IGNORECASE)


def is_reported(classification: Classification, year: int) -> bool:
    """Whether it belongs into the report of that year: self-classified in it, under (b)(1), for the whole product."""
    made = classification.date or classification.valid_from or ""
    is_own = classification.method == "self" and classification.jurisdiction in (None, "US")
    return (
        is_own and classification.purl is None and made[:4] == str(year) and bool(_REPORTED.match(classification.code))
    )


def report(rows: Iterable[tuple[str, Classification, ReportRow]]) -> str:
    """The report: no cell is blank, none has a comma, none can be taken for a formula by a spreadsheet."""
    lines = [COLUMNS, *sorted(_cells(*row) for row in rows)]
    return "".join(",".join(line) + "\r\n" for line in lines)


def _cells(project: str, classification: Classification, row: ReportRow) -> tuple[str, ...]:
    authorization = "MMKT" if _MASS_MARKET.match(classification.code) else "ENC"
    told = (row.submitter, row.telephone, row.email, row.address, row.non_us_components, row.non_us_locations)
    item = (row.product or project, row.model, row.manufacturer, classification.code, authorization, row.item_type)
    return tuple(map(_cell, (*item, *told)))


def _cell(text: str | None) -> str:
    """The text without what separates cells; where it begins like a formula, an apostrophe makes it text."""
    plain = " ".join(re.sub(r"[,;\"\x00-\x1f]+", " ", text or "").split())
    if not plain:
        return "N/A"
    return f"'{plain}" if plain[0] in "=+-@" else plain
