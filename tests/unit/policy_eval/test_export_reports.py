"""The reports to the United States: who gets into them, and that no cell is a formula."""

import csv
import io

import pytest

from policy_eval.domain.export import self_classification, semi_annual
from policy_eval.domain.export.csv_report import as_csv
from policy_eval.domain.export.records import ProjectExport, Shipment, Statement
from policy_eval.domain.export.semi_annual import Half, due_on
from policy_eval.domain.export.situation import Classification

_B2 = Classification(
    "5D002", "US", basis="740.17(b)(2)(i)", method="ccats", date="2026-01-10", evidence=["CCATS G123456"]
)
_SOLD = Shipment("2026-03-01", "BR", "Acme Ltda", address="Rua 1; Rio", quantity="12")


def _rows(
    *shipments: Shipment, classification: Classification = _B2, year: int = 2026, half: Half = 1
) -> list[dict[str, str]]:
    facts = ProjectExport(Statement(), (classification,), (), shipments)
    return list(csv.DictReader(io.StringIO(semi_annual.report([("gateway", facts)], year, half))))


def test_a_delivery_under_b2_is_reported_with_its_recipient_and_number() -> None:
    (row,) = _rows(_SOLD)

    assert (row["ITEM"], row["ECCN"], row["CCATS"], row["PARAGRAPH"]) == ("gateway", "5D002", "G123456", "(b)(2)")
    assert (row["SHIPPED ON"], row["QUANTITY"], row["COUNTRY"]) == ("2026-03-01", "12", "BR")
    assert (row["RECIPIENT"], row["RECIPIENT TYPE"], row["RECIPIENT ADDRESS"]) == ("Acme Ltda", "end-user", "Rua 1 Rio")
    assert row["END USER"] == "N/A"


@pytest.mark.parametrize(
    ("shipment", "classification"),
    [
        (Shipment("2026-07-01", "BR", "Acme"), _B2),
        (Shipment("2026-03-01", "CA", "Acme"), _B2),
        (Shipment("2026-01-09", "BR", "Acme"), _B2),
        (_SOLD, Classification("5D002", "US", basis="740.17(b)(1)", date="2026-01-10")),
        (_SOLD, Classification("5D002", "US", basis="740.17(b)(3)(i)", date="2026-01-10")),
        (_SOLD, Classification("5D002", "EU", basis="740.17(b)(2)", date="2026-01-10")),
    ],
)
def test_what_the_law_does_not_ask_for_is_not_reported(shipment: Shipment, classification: Classification) -> None:
    assert _rows(shipment, classification=classification) == []


def test_forensic_items_of_b3_iii_are_reported_too() -> None:
    assert (
        len(_rows(_SOLD, classification=Classification("5D002", "US", basis="(b) (3) (iii)", date="2026-01-10"))) == 1
    )


def test_the_reports_are_due_in_august_and_february() -> None:
    assert [due_on(2026, half).isoformat() for half in (1, 2)] == ["2026-08-01", "2027-02-01"]


@pytest.mark.parametrize(
    ("code", "day", "basis", "is_reported"),
    [
        ("5D992.c", "2020-06-01", "740.17(b)(1)", True),
        ("5D992.c", "2021-06-01", "740.17(b)(1)", False),
        ("5A992.c", "2026-06-01", None, False),
        ("5D992.c", "2026-06-01", "740.17(b)(3)(i)", True),
        ("5D992.c", "2026-06-01", "a toolkit of (b) (3) (i)", True),
        ("5D992.c", "2026-06-01", "740.17(b)(3)(iii)", False),
        ("5D002", "2026-06-01", "740.17(b)(1)", True),
    ],
)
def test_the_mass_market_is_reported_until_2020_and_then_only_components(
    code: str, day: str, basis: str | None, is_reported: bool
) -> None:
    made = Classification(code, "US", basis=basis, method="self", date=day)

    assert self_classification.is_self_classified(made) is is_reported
    assert self_classification.is_reported(made, int(day[:4])) is is_reported
    assert self_classification.is_reported(made, 2022) is False


@pytest.mark.parametrize(
    "first", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"]
)
def test_no_cell_begins_like_a_formula(first: str) -> None:
    cell = as_csv(["A"], [[first]]).splitlines()[1]

    assert cell.startswith("'")
    assert as_csv(["A", "B"], [['a,"b\nc', None]]).splitlines()[1] == "a b c,N/A"
