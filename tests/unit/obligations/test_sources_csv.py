"""The list of sources as CSV: names of strangers are no formulas."""

import csv
import io

import pytest

from obligations.adapters.renderers.sources_csv import render_csv


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@x", " =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "\u3000=1"]
)
def test_no_cell_begins_like_a_formula(name: str) -> None:
    written = render_csv([{"name": name, "urls": [name, "b"]}], ["name", "urls"])

    [_, cells] = list(csv.reader(io.StringIO(written)))
    assert all(cell.startswith("'") for cell in cells)


def test_what_is_no_formula_stays_as_it_is() -> None:
    assert render_csv([{"a": "left-pad", "b": None}], ["a", "b"]) == '"a","b"\r\n"left-pad",""\r\n'
