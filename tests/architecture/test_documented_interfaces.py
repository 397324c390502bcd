"""Events, endpoints and problems are documented as they are in the code."""

import re
from pathlib import Path

import pytest

from gateway.domain.access import ENDPOINTS, OPEN
from shared.contracts.events import EVENT_TYPES
from shared.errors import LicetError
from shared.web.problems import _CODE_OF_STATUS, STATUS_OF_CODE
from tools.make_permission_table import PAGE, render

_INTERNAL = {"internal": 500}
_PROBLEM_ROW = re.compile(r"^\| `urn:licet:problem:([a-z-]+)` \| (\d{3}) \|", re.MULTILINE)
_PROBLEM = re.compile(r"urn:licet:problem:([a-z-]+)")


@pytest.mark.parametrize("event_type", sorted(EVENT_TYPES))
def test_an_event_is_described_and_has_a_schema(repository_root: Path, event_type: str) -> None:
    architecture = (repository_root / "docs" / "architecture.md").read_text(encoding="utf-8")
    schemas = repository_root / "shared" / "src" / "shared" / "contracts" / "schemas"

    assert f"| `{event_type}` |" in architecture
    assert (schemas / f"{event_type}.json").is_file()


@pytest.mark.parametrize("event_type", sorted(EVENT_TYPES))
def test_an_event_stands_in_the_readmes_of_its_sender_and_its_handlers(repository_root: Path, event_type: str) -> None:
    pages = {
        each.parent.name: each.read_text(encoding="utf-8") for each in repository_root.glob("services/*/README.md")
    }
    architecture = (repository_root / "docs" / "architecture.md").read_text(encoding="utf-8")
    row = next(line for line in architecture.splitlines() if line.startswith(f"| `{event_type}` |"))
    _, _, sender, handlers, _ = row.split("|", 4)

    assert re.search(rf"^\| out \|.*`{event_type}`", pages[sender.strip()], re.MULTILINE)
    for handler in handlers.split(","):
        assert re.search(rf"^\| in \|.*`{event_type}`", pages[handler.strip()], re.MULTILINE)


def test_the_table_of_permissions_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run: python tools/make_permission_table.py"


def test_every_endpoint_is_in_the_table_of_permissions() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert [each for each in ENDPOINTS if f"| `{each.method} {each.path}` |" not in page] == []
    assert [path for path in OPEN if f"`{path}`" not in page] == []


def test_every_endpoint_is_in_the_readme_of_who_answers_it(repository_root: Path) -> None:
    pages = {
        each.parent.name: each.read_text(encoding="utf-8") for each in repository_root.glob("services/*/README.md")
    }

    missing = [
        (each.answered_by, f"{each.method} {each.path}")
        for each in ENDPOINTS
        if f"`{each.method} {each.path}`" not in pages[each.answered_by]
    ]

    assert missing == []


def test_every_problem_is_documented_with_its_status(repository_root: Path) -> None:
    page = (repository_root / "docs" / "problems.md").read_text(encoding="utf-8")
    of_framework = {code: status for status, code in _CODE_OF_STATUS.items()}

    documented = {code: int(status) for code, status in _PROBLEM_ROW.findall(page)}

    assert documented == STATUS_OF_CODE | of_framework | _INTERNAL


def test_every_error_has_a_status() -> None:
    assert {each.code for each in _subclasses(LicetError)} == set(STATUS_OF_CODE)


def test_every_problem_that_the_code_names_is_documented(repository_root: Path, python_files: list[Path]) -> None:
    page = (repository_root / "docs" / "problems.md").read_text(encoding="utf-8")
    sources = [path for path in python_files if "tests" not in path.relative_to(repository_root).parts]

    named = {code for path in sources for code in _PROBLEM.findall(path.read_text(encoding="utf-8"))}

    assert named - set(_PROBLEM.findall(page)) == set()


def _subclasses(error: type[LicetError]) -> set[type[LicetError]]:
    direct = set(error.__subclasses__())
    return direct | {each for child in direct for each in _subclasses(child)}
