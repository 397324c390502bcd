"""A package imports nothing but what it declares, itself or through what it declares."""

import ast
import sys
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

MEMBERS = (
    "shared",
    "services/sbom-ingest",
    "services/policy-eval",
    "services/obligations",
    "services/gateway",
    "deploy/standalone",
    "deploy/ci",
)
_ROOT = Path(__file__).resolve().parents[2]


def test_every_member_of_the_workspace_is_looked_at(project_files: list[Path]) -> None:
    members = {path.parent for path in project_files if path.name == "pyproject.toml"} - {_ROOT}

    assert members == {_ROOT / member for member in MEMBERS}


@pytest.mark.parametrize("member", MEMBERS)
def test_a_package_imports_only_what_it_declares(member: str) -> None:
    available = _closure(f"licet-{Path(member).name}")

    undeclared = {name for name in _imported(_ROOT / member / "src") if not _distributions(name) & available}

    assert undeclared == set()


@cache
def _closure(distribution: str, extras: frozenset[str] = frozenset()) -> frozenset[str]:
    """The distribution and all that comes with it, on this platform."""
    found: set[str] = {canonicalize_name(distribution)}
    for requirement in map(Requirement, _requirements(distribution)):
        if _is_wanted(requirement, extras):
            found |= _closure(canonicalize_name(requirement.name), frozenset(requirement.extras))
    return frozenset(found)


def _is_wanted(requirement: Requirement, extras: frozenset[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in (*extras, ""))


def _requirements(distribution: str) -> list[str]:
    # Members are read from the tree: what an editable install recorded may be older.
    member = next((each for each in MEMBERS if distribution == f"licet-{Path(each).name}"), None)
    if member is not None:
        return list(_pyproject(member)["project"]["dependencies"])
    try:
        return requires(distribution) or []
    except PackageNotFoundError:
        return []


def _pyproject(member: str) -> dict[str, Any]:
    return tomllib.loads((_ROOT / member / "pyproject.toml").read_text(encoding="utf-8"))


def _imported(source: Path) -> set[str]:
    """Top-level names of all modules that are imported below `source`, without the standard library."""
    names: set[str] = set()
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names


def _distributions(module: str) -> set[str]:
    member = next((each for each in MEMBERS if (_ROOT / each / "src" / module).is_dir()), None)
    if member is not None:
        return {f"licet-{Path(member).name}"}
    return {canonicalize_name(name) for name in _modules().get(module, [])}


@cache
def _modules() -> dict[str, list[str]]:
    return dict(packages_distributions())
