"""The tree as a whole: small functions and files, nothing of the machine it was written on, complete wheels."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

MOST_LINES_OF_A_FUNCTION = 50
MOST_LINES_OF_A_FILE = 300

# Written so that they do not match themselves.
_MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:home|root|Users|work|farm|tmp)/[\w.]")
_REGISTRY = re.compile(
    r"(?:pypi|pythonhosted|npmjs|crates|conda)\.(?:org|io)\b|index[-_]url\s*=|/simpl[e]/", re.IGNORECASE
)
_MEMBERS = (
    "shared",
    "services/sbom-ingest",
    "services/policy-eval",
    "services/obligations",
    "services/gateway",
    "deploy/standalone",
    "deploy/ci",
)


def test_no_function_is_longer_than_fifty_lines(repository_root: Path, python_files: list[Path]) -> None:
    too_long = [
        f"{path.relative_to(repository_root)}:{function.lineno} {function.name}: {lines} lines"
        for path in python_files
        for function, lines in _functions(path)
        if lines > MOST_LINES_OF_A_FUNCTION
    ]

    assert too_long == []


def test_nine_functions_in_ten_have_at_most_twenty_five_lines(repository_root: Path, python_files: list[Path]) -> None:
    shipped = [path for path in python_files if "src" in path.relative_to(repository_root).parts]

    lengths = sorted(lines for path in shipped for _, lines in _functions(path))

    assert lengths[len(lengths) * 9 // 10] <= 25
    assert lengths[len(lengths) // 2] <= 8


def test_no_file_of_the_product_is_longer_than_three_hundred_lines(
    repository_root: Path, python_files: list[Path]
) -> None:
    lengths = {
        str(path.relative_to(repository_root)): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files
        if "tests" not in path.relative_to(repository_root).parts
    }

    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_no_file_names_a_path_of_one_machine(repository_root: Path, project_files: list[Path]) -> None:
    assert list(_lines_with(_MACHINE_PATH, repository_root, project_files)) == []


def test_no_file_names_the_host_of_a_package_registry(repository_root: Path, project_files: list[Path]) -> None:
    # Documents of the wild name where their packages came from.
    own = [path for path in project_files if "tests/data" not in path.as_posix()]

    assert list(_lines_with(_REGISTRY, repository_root, own)) == []


@pytest.mark.parametrize("member", _MEMBERS)
def test_a_wheel_holds_all_of_its_package(repository_root: Path, project_files: list[Path], member: str) -> None:
    (package,) = (path for path in (repository_root / member / "src").iterdir() if (path / "__init__.py").exists())
    build = tomllib.loads((repository_root / member / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]

    on_disk = {path for path in package.rglob("*") if path.is_file() and not _is_cache(path)}

    # hatchling takes the whole folder but for what git ignores; an `include` would have to name every data file.
    assert build == {"build": {"targets": {"wheel": {"packages": [f"src/{package.name}"]}}}}
    assert on_disk - set(project_files) == set()
    assert package / "py.typed" in on_disk


@pytest.mark.parametrize("member", [each for each in _MEMBERS if each.startswith("services/")])
def test_a_service_ships_its_migrations(repository_root: Path, project_files: list[Path], member: str) -> None:
    folder = repository_root / member
    alembic = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["alembic"]
    migrations = Path(alembic["script_location"].replace("%(here)s", str(folder)))

    assert migrations.parent.parent == folder / "src"
    assert {migrations / "env.py", migrations / "script.py.mako"} <= set(project_files)
    assert [path for path in project_files if path.parent == migrations / "versions"] != []


def _is_cache(path: Path) -> bool:
    return any(part == "__pycache__" or (part.startswith(".") and part.endswith("_cache")) for part in path.parts)


def _functions(path: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node, node.end_lineno - node.lineno + 1


def _lines_with(pattern: re.Pattern[str], root: Path, files: list[Path]) -> Iterator[str]:
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # an archive
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.search(line):
                yield f"{path.relative_to(root)}:{number}: {line.strip()[:120]}"
