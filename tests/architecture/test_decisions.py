"""The records of decisions are complete, numbered and found from the first one."""

import re
from pathlib import Path

import pytest

_SECTIONS = ["Context", "Options", "Decision", "Consequences"]
_FOLDER = Path(__file__).resolve().parents[2] / "docs" / "adr"
_RECORDS = sorted(_FOLDER.glob("*.md"))


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:5] for path in _RECORDS] == [f"{number:04}-" for number in range(1, len(_RECORDS) + 1)]


@pytest.mark.parametrize("record", _RECORDS, ids=lambda path: path.stem)
def test_a_decision_has_its_number_a_status_and_all_sections(record: Path) -> None:
    text = record.read_text(encoding="utf-8")

    assert text.startswith(f"# {int(record.name[:4])}. ")
    assert re.search(r"^Status: (proposed|accepted|superseded by \[.+\]\(.+\))$", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == _SECTIONS


@pytest.mark.parametrize("record", _RECORDS, ids=lambda path: path.stem)
def test_a_decision_weighs_at_least_two_options(record: Path) -> None:
    options = re.search(r"^## Options\n(.*?)^## ", record.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

    assert options is not None
    assert len(re.findall(r"^\* \*\*", options.group(1), re.MULTILINE)) >= 2
    assert "Against:" in options.group(1)


def test_the_first_decision_lists_the_others() -> None:
    first = _RECORDS[0].read_text(encoding="utf-8")

    assert [path.name for path in _RECORDS[1:] if f"({path.name})" not in first] == []
