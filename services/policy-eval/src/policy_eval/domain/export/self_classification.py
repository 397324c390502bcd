"""The annual self-classification report: Supplement 8 to 15 CFR part 742, as comma separated values.

Since 29 March 2021 items of the mass market are not reported (86 FR 16482; 15 CFR §740.17(e)(3)), but for the components,
toolkits and executable software that were classified under (b)(3)(i) before: these are told by their basis.
"""

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
_STILL_REPORTED: Final = re.compile(r"\(b\)\(3\)\(i\)")
_LAST_YEAR_OF_MASS_MARKET: Final = "2020"
_REPORTED: Final = re.compile(r"5[ABD]002|5[AD]992", re.IGNORECASE)


def is_self_classified(classification: Classification) -> bool:
    """Whether the whole product was self-classified under (b)(1) and belongs into the report of its year."""
    is_own = classification.method == "self" and classification.jurisdiction in (None, "US")
    is_listed = classification.purl is None and bool(_REPORTED.match(classification.code))
    return is_own and is_listed and not _is_freed(classification)


def is_reported(classification: Classification, year: int) -> bool:
    """Whether it belongs into the report of that year: self-classified in it."""
    return is_self_classified(classification) and _year_of(classification) == str(year)


def _is_freed(classification: Classification) -> bool:
    """Whether it is of the mass market and need not be reported any more; so is one without a day."""
    if not _MASS_MARKET.match(classification.code) or _STILL_REPORTED.search(_basis_of(classification)):
        return False
    return (_year_of(classification) or "9999") > _LAST_YEAR_OF_MASS_MARKET


def _basis_of(classification: Classification) -> str:
    return (classification.basis or "").replace(" ", "")


def _year_of(classification: Classification) -> str:
    return (classification.date or classification.valid_from or "")[:4]


def report(rows: Iterable[tuple[str, Classification, ReportRow]]) -> str:
    """The report, a row for each product; the first item is the project."""
    return as_csv(COLUMNS, (report_row(*row) for row in rows))


def report_row(project: str, classification: Classification, row: ReportRow) -> tuple[str, ...]:
    """What the report tells of a product, in the order of the columns; what is not known is N/A."""
    authorization = "MMKT" if _MASS_MARKET.match(classification.code) else "ENC"
    told = (row.submitter, row.telephone, row.email, row.address, row.non_us_components, row.non_us_locations)
    item = (row.product or project, row.model, row.manufacturer, classification.code, authorization, row.item_type)
    return tuple(each or "N/A" for each in (*item, *told))
