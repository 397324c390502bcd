"""The annual self-classification report: Supplement 8 to 15 CFR part 742, as comma separated values."""

import re
from collections.abc import Iterable
from typing import Final

from policy_eval.domain.export.csv_report import as_csv
from policy_eval.domain.export.records import ReportRow
from policy_eval.domain.export.situation import Classification

COLUMNS: Final = (
    "PRODUCT NAME", "MODEL NUMBER", "MANUFACTURER", "ECCN", "AUTHORIZATION TYPE", "ITEM TYPE", "SUBMITTER NAME",
    "TELEPHONE NUMBER", "E-MAIL ADDRESS", "MAILING ADDRESS", "NON-U.S. COMPONENTS", "NON-U.S. MANUFACTURING LOCATIONS",
)  # fmt: skip
_MASS_MARKET: Final = re.compile(r"5[AD]992", re.IGNORECASE)
_REPORTED: Final = re.compile(r"5[ABD]002|5[AD]992", re.IGNORECASE)


def is_self_classified(classification: Classification) -> bool:
    """Whether the whole product was self-classified under (b)(1), so that it belongs into annual reports."""
    is_own = classification.method == "self" and classification.jurisdiction in (None, "US")
    return is_own and classification.purl is None and bool(_REPORTED.match(classification.code))


def is_reported(classification: Classification, year: int) -> bool:
    """Whether it belongs into the report of that year: self-classified in it."""
    made = classification.date or classification.valid_from or ""
    return is_self_classified(classification) and made[:4] == str(year)


def report(rows: Iterable[tuple[str, Classification, ReportRow]]) -> str:
    """The report, a row for each product; the first item is the project."""
    return as_csv(COLUMNS, (report_row(*row) for row in rows))


def report_row(project: str, classification: Classification, row: ReportRow) -> tuple[str, ...]:
    """What the report tells of a product, in the order of the columns; what is not known is N/A."""
    authorization = "MMKT" if _MASS_MARKET.match(classification.code) else "ENC"
    told = (row.submitter, row.telephone, row.email, row.address, row.non_us_components, row.non_us_locations)
    item = (row.product or project, row.model, row.manufacturer, classification.code, authorization, row.item_type)
    return tuple(each or "N/A" for each in (*item, *told))
