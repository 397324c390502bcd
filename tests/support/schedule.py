"""In which order the tests run, and which of them share a worker of `pytest -n`."""

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

_FOLDERS = ("e2e", "chaos", "contract", "integration", "architecture", "unit")
"""From the files that take minutes to those that take milliseconds, so that no worker is left with a long one."""

_ON_ONE_WORKER = ("tests/e2e", "tests/chaos")
"""Their files share running systems, which take half a minute of CPU to start and some of it as long as they run."""


class LongestFirst(LoadScopeScheduling):  # type: ignore[misc]  # xdist publishes no types
    """Hands out whole files, in the order in which they were collected; some folders as if each were one file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.rpartition("/")[0]
        return folder if folder in _ON_ONE_WORKER else file


def sort_longest_first(items: list[pytest.Item]) -> None:
    """Sort the tests by the folder that they are in; those of a folder keep their order."""
    ranks = {f"tests/{name}": rank for rank, name in enumerate(_FOLDERS)}
    items.sort(key=lambda item: ranks.get("/".join(item.nodeid.split("/", 2)[:2]), len(ranks)))
