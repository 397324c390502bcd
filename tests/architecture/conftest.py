"""What the tests over the tree itself look at: the files that belong to the project, whether committed yet or not."""

import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def project_files(repository_root: Path) -> list[Path]:
    """All files of the project, in the order of their names; what git ignores is none of it."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=repository_root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (repository_root / name for name in sorted(set(listed.split("\0"))) if name)
    return [path for path in paths if path.is_file()]


@pytest.fixture(scope="session")
def python_files(project_files: list[Path]) -> list[Path]:
    return [path for path in project_files if path.suffix == ".py"]


@pytest.fixture(scope="session")
def pages(project_files: list[Path]) -> list[Path]:
    """The documents for people."""
    return [path for path in project_files if path.suffix == ".md"]
