"""Commands, links and files that the documents name are there."""

import re
from collections.abc import Iterator
from pathlib import Path

_TARGET = re.compile(r"^([a-z][a-z-]*):.*?(## .*)?$", re.MULTILINE)
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_SOURCE_FILE = re.compile(r"`([\w./-]+\.py)`")


def test_every_make_target_that_a_document_names_exists(repository_root: Path, pages: list[Path]) -> None:
    targets = {name for name, _ in _targets(repository_root)}

    named = {(page.name, name) for page in pages for code in _code_of(page) for name in _MAKE.findall(code)}

    assert {(page, name) for page, name in named if name not in targets} == set()


def test_every_command_of_the_makefile_is_explained(repository_root: Path) -> None:
    explained = "".join(
        (repository_root / page).read_text(encoding="utf-8") for page in ("README.md", "CONTRIBUTING.md")
    )

    missing = [name for name, told in _targets(repository_root) if told and f"`make {name}`" not in explained]

    assert missing == []


def test_every_link_of_a_document_leads_somewhere(pages: list[Path]) -> None:
    broken = [(page.name, link) for page in pages for link in _links_of(page) if not _leads_somewhere(page, link)]

    assert broken == []


def test_every_source_file_that_a_document_names_exists(project_files: list[Path], pages: list[Path]) -> None:
    known = [f"/{path.as_posix()}" for path in project_files]

    named = {(page.name, name) for page in pages for name in _SOURCE_FILE.findall(page.read_text(encoding="utf-8"))}

    assert {(page, name) for page, name in named if not any(path.endswith(f"/{name}") for path in known)} == set()


def _targets(repository_root: Path) -> list[tuple[str, str]]:
    return _TARGET.findall((repository_root / "Makefile").read_text(encoding="utf-8"))


def _code_of(page: Path) -> Iterator[str]:
    return (found.group() for found in _CODE.finditer(page.read_text(encoding="utf-8")))


def _links_of(page: Path) -> list[str]:
    prose = _CODE.sub("", page.read_text(encoding="utf-8"))
    return [link for link in _LINK.findall(prose) if not link.startswith(("http://", "https://"))]


def _leads_somewhere(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    if not target.exists():
        return False
    return not anchor or anchor in {_anchor(each) for each in _HEADING.findall(target.read_text(encoding="utf-8"))}


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
