"""The semi-annual report of what was delivered under License Exception ENC, (b)(2) and (b)(3)(iii): 15 CFR §740.17(e)(1).

It tells to which distributor or recipient how much of which item went, with names and addresses, for all destinations but
Canada; due on 1 August for the first half of a year, on 1 February for the second. The law asks for no layout.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Literal

from policy_eval.domain.export.checks import day_of
from policy_eval.domain.export.classification import is_current
from policy_eval.domain.export.csv_report import as_csv
from policy_eval.domain.export.records import ProjectExport, Shipment
from policy_eval.domain.export.situation import Classification

Half = Literal[1, 2]
COLUMNS: Final = (
    "ITEM", "ECCN", "CCATS", "PARAGRAPH", "SHIPPED ON", "QUANTITY", "COUNTRY", "RECIPIENT", "RECIPIENT TYPE",
    "RECIPIENT ADDRESS", "END USER", "END USER ADDRESS",
)  # fmt: skip
_REPORTED: Final = re.compile(r"\(b\)(?:\(2\)|\(3\)\(iii\))")
_CCATS: Final = re.compile(r"\bG\d{4,10}\b")
_NOT_REPORTED: Final = frozenset({"CA"})


def due_on(year: int, half: Half) -> date:
    """The day by which the report of that half has to be sent."""
    return date(year, 8, 1) if half == 1 else date(year + 1, 2, 1)


def report(projects: Iterable[tuple[str, ProjectExport]], year: int, half: Half) -> str:
    """The report over these projects, by name, as CSV."""
    first, last = _days(year, half)
    rows: list[Sequence[str | None]] = []
    for project, facts in projects:
        for shipment in facts.shipments:
            day = day_of(shipment.shipped_at)
            if day is None or not first <= day <= last or shipment.destination.upper() in _NOT_REPORTED:
                continue
            known = next((each for each in facts.classifications if _is_reported(each, day)), None)
            if known is not None:
                rows.append(_cells(project, shipment, known, day))
    return as_csv(COLUMNS, rows)


def _days(year: int, half: Half) -> tuple[date, date]:
    return (date(year, 1, 1), date(year, 6, 30)) if half == 1 else (date(year, 7, 1), date(year, 12, 31))


def _is_reported(each: Classification, day: date) -> bool:
    of_product = each.jurisdiction in (None, "US") and each.purl is None and is_current(each, day)
    return of_product and _REPORTED.search((each.basis or "").replace(" ", "")) is not None


def _cells(project: str, shipment: Shipment, known: Classification, day: date) -> tuple[str | None, ...]:
    ccats = _CCATS.search(f"{known.evidence or ''} {known.basis or ''}")
    paragraph = _REPORTED.search((known.basis or "").replace(" ", ""))
    item = (shipment.item or project, known.code, ccats and ccats[0], paragraph and paragraph[0], day.isoformat())
    recipient = (shipment.destination.upper(), shipment.recipient, shipment.recipient_type, shipment.address)
    return (*item, shipment.quantity, *recipient, shipment.end_user, shipment.end_user_address)
