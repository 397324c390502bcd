"""The README's examples are run as a reader would, and print what it shows."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.licet import StandaloneLicet

_EXAMPLES = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_README_URL = "http://127.0.0.1:8000"
_GAP = "…"


class LicetAsReadersStartIt(StandaloneLicet):
    """As `make run` does it: the key is made by the program and kept in its data folder."""

    def _environment(self, service: str) -> dict[str, str]:
        environment = super()._environment(service)
        return {name: value for name, value in environment.items() if name != "LICET_ADMIN_KEY"}


@pytest.fixture
def reader_folder(repository_root: Path, tmp_path: Path) -> Path:
    """A folder that looks like the repository to the examples, and is the test's own to write to."""
    folder = tmp_path / "reader"
    folder.mkdir()
    (folder / "docs").symlink_to(repository_root / "docs")
    return folder


def test_the_examples_of_the_readme_print_what_they_show(repository_root: Path, reader_folder: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not on this machine")
    commands, shown = _examples(repository_root / "README.md")
    with LicetAsReadersStartIt(reader_folder) as licet:
        script = "\n".join(["set -euo pipefail", *commands]).replace(_README_URL, licet.url)

        printed = _run(script, reader_folder)

    assert _first_missing(shown, printed.splitlines()) is None, printed
    assert "GPL-2.0-or-later" in (reader_folder / "NOTICE.txt").read_text(encoding="utf-8")


def test_lines_that_were_not_printed_are_noticed() -> None:
    printed = ["{", '    "id": "1",', '    "verdict": "fail"', "}"]

    assert _first_missing(["{", '    "id": "…",', _GAP, "}"], printed) is None
    assert _first_missing(["{", '    "verdict": "pass"'], printed) == '    "verdict": "pass"'
    assert _first_missing(["}", "{"], printed) == "{"


def _examples(page: Path) -> tuple[list[str], list[str]]:
    """The commands of all examples, and the lines that they show."""
    lines = [line for block in _EXAMPLES.findall(page.read_text(encoding="utf-8")) for line in block.splitlines()]
    commands = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    return commands, [line for line in lines if not line.startswith("$ ")]


def _run(script: str, folder: Path) -> str:
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _first_missing(shown: list[str], printed: list[str]) -> str | None:
    """The first shown line that is not printed after those before it; `…` stands for whatever is left out."""
    position = 0
    for line in shown:
        if line == _GAP:
            continue
        pattern = re.compile(".*".join(map(re.escape, line.split(_GAP))))
        found = next((at for at in range(position, len(printed)) if pattern.fullmatch(printed[at])), None)
        if found is None:
            return line
        position = found + 1
    return None
