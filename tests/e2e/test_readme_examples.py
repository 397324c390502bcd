"""The examples of the README and of the page on the client are run as a reader would, and print what the pages show."""

import shutil
from pathlib import Path

import pytest

from tests.support.licet import StandaloneLicet
from tests.support.shown_examples import examples, first_missing, run

_README_URL = "http://127.0.0.1:8000"


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


@pytest.mark.parametrize("page", ["README.md", "docs/client.md"])
def test_the_examples_of_a_page_print_what_they_show(repository_root: Path, reader_folder: Path, page: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not on this machine")
    commands, shown = examples(repository_root / page)
    with LicetAsReadersStartIt(reader_folder) as licet:
        script = "\n".join(["set -euo pipefail", *commands]).replace(_README_URL, licet.url)

        printed = run(script, reader_folder)

    assert first_missing([line.replace(_README_URL, licet.url) for line in shown], printed.splitlines()) is None, (
        printed
    )
    assert "GPL-2.0-or-later" in (reader_folder / "NOTICE.txt").read_text(encoding="utf-8")


def test_lines_that_were_not_printed_are_noticed() -> None:
    printed = ["{", '    "id": "1",', '    "verdict": "fail"', "}"]

    assert first_missing(["{", '    "id": "…",', "…", "}"], printed) is None
    assert first_missing(["{", '    "verdict": "pass"'], printed) == '    "verdict": "pass"'
    assert first_missing(["}", "{"], printed) == "{"
