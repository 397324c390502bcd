"""`docs/clauses.md` names modules and tests that are there."""

import re
from pathlib import Path

import pytest

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "clauses.md"
_ROOT = _PAGE.parents[1]
_ROWS = [
    line.split("|")[1:4]
    for line in _PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and "`" in line
]
_FOLDERS = (
    "services/policy-eval/src/policy_eval/domain",
    "services/policy-eval/src",
    "services/obligations/src",
    "shared/src",
)


@pytest.mark.parametrize(("clause", "modules", "tests"), _ROWS, ids=lambda cell: cell.strip()[:40])
def test_a_clause_is_decided_in_modules_and_proven_by_tests_that_are_there(
    clause: str, modules: str, tests: str
) -> None:
    named = re.findall(r"`([\w/]+\.py)`", modules)
    proofs = re.findall(r"`([\w/]+\.py)::(\w+)`", tests)

    assert named, clause
    assert proofs, clause
    assert [name for name in named if not any((_ROOT / folder / name).is_file() for folder in _FOLDERS)] == []
    assert [test for file, test in proofs if f"def {test}(" not in _text(file)] == []


def _text(file: str) -> str:
    path = _ROOT / "tests" / file
    return path.read_text(encoding="utf-8") if path.is_file() else ""
