"""The examples of a document: the commands of its console blocks, run as a reader would, and the lines that it shows.

`…` stands for whatever is left out.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

_EXAMPLES = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_GAP = "…"


def examples(page: Path) -> tuple[list[str], list[str]]:
    """The commands of all examples, and the lines that they show."""
    lines = [line for block in _EXAMPLES.findall(page.read_text(encoding="utf-8")) for line in block.splitlines()]
    commands = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    return commands, [line for line in lines if not line.startswith("$ ")]


def run(script: str, folder: Path) -> str:
    """Run the commands in a shell that finds `licet`; return what they print. Fails where one of them does."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    environment = {"PATH": path, "HOME": str(folder), "NO_PROXY": "127.0.0.1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def first_missing(shown: list[str], printed: list[str]) -> str | None:
    """The first shown line that is not printed after those before it."""
    position = 0
    for line in shown:
        if line == _GAP:
            continue
        pattern = re.compile(".*".join(map(re.escape, line.rstrip().split(_GAP))))
        found = next((at for at in range(position, len(printed)) if pattern.fullmatch(printed[at].rstrip())), None)
        if found is None:
            return line
        position = found + 1
    return None
