"""Licet's own NOTICE is what Licet makes of its own SBOM, and that is of what is installed."""

import json
import re
from pathlib import Path

from obligations.adapters.renderers.text_notice import render_text
from tools.own_notice import NOTICE, SCAN, own_notice

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)( ; (.*?))? ", re.MULTILINE)
_ELSEWHERE = ("win32", "cygwin", "pypy", "implementation_name == 'PyPy'")


def test_the_notice_of_this_project_is_up_to_date_and_final() -> None:
    notice = own_notice()

    assert notice.status == "final"
    assert NOTICE.read_bytes() == render_text(notice), "run: make notice"


def test_it_names_every_pinned_package_of_the_runtime_environment(repository_root: Path) -> None:
    pinned = {
        _normal(name): version
        for name, version, _, marker in _PINNED.findall((repository_root / "requirements/runtime.txt").read_text())
        if not any(each in marker for each in _ELSEWHERE)
    }
    scanned = {_normal(each["name"]): each["version"] for each in json.loads(SCAN.read_bytes())["components"]}

    assert {name: version for name, version in pinned.items() if scanned.get(name) != version} == {}, "run: make notice"
    assert scanned.keys() <= pinned.keys()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
