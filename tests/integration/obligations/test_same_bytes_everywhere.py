"""The documents of all licence families are the same bytes whatever runs the code: seeds, locales, time zones, Pythons."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "data" / "notices"
PYTHONS = {"this": Path(sys.executable)} | {
    each.name: each / "bin" / "python" for each in sorted(ROOT.glob(".venv-pythons/*"))
}
PLACES = [
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "TZ": "America/Caracas"},
]
"""In Turkish an `I` has another small letter."""


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES, ids=["C", "Turkish"])
@pytest.mark.parametrize("python", PYTHONS)
def test_every_document_is_the_golden_one_under_every_python(python: str, place: dict[str, str]) -> None:
    command = [str(PYTHONS[python]), "-m", "tests.support.license_families", "--reversed"]
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "shared" / "src", *sorted(ROOT.glob("services/*/src")))))

    run = subprocess.run(command, cwd=ROOT, env=place | {"PYTHONPATH": paths}, capture_output=True, check=True)

    golden = (each for each in GOLDEN.iterdir() if each.name != "README.md")
    assert set(run.stdout.decode().splitlines()) == {
        f"{hashlib.sha256(each.read_bytes()).hexdigest()} {each.name}" for each in golden
    }
