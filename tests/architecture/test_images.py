"""The Dockerfile, as far as it can be looked at without an engine, and what it installs."""

import re
import tomllib
from pathlib import Path

import pytest

_SERVICES = ("gateway", "obligations", "policy-eval", "sbom-ingest")
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


@pytest.fixture(scope="module")
def dockerfile(repository_root: Path) -> list[str]:
    """The instructions, one a line."""
    text = (repository_root / "deploy/docker/Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("service", _SERVICES)
def test_the_lock_of_an_image_is_a_part_of_the_runtime_lock(repository_root: Path, service: str) -> None:
    assert _pins(repository_root, f"service-{service}") <= _pins(repository_root, "runtime")


def test_all_images_together_hold_the_whole_runtime(repository_root: Path) -> None:
    together = set[tuple[str, str]]().union(*(_pins(repository_root, f"service-{each}") for each in _SERVICES))

    assert together == _pins(repository_root, "runtime")


@pytest.mark.parametrize("service", _SERVICES)
def test_the_lock_of_an_image_holds_what_its_service_declares(repository_root: Path, service: str) -> None:
    declared = _declared(repository_root / "shared") | _declared(repository_root / "services" / service)

    assert declared <= {name for name, _ in _pins(repository_root, f"service-{service}")}


def test_an_image_is_built_in_two_stages_from_one_base(dockerfile: list[str]) -> None:
    stages = [line for line in dockerfile if line.startswith("FROM ")]

    assert stages == ["FROM ${PYTHON_IMAGE} AS build", "FROM ${PYTHON_IMAGE}"]


def test_an_image_runs_as_nobody_in_particular(dockerfile: list[str]) -> None:
    last = dockerfile[dockerfile.index("FROM ${PYTHON_IMAGE}") :]

    assert "USER 10001:10001" in last
    assert 'ENTRYPOINT ["python", "-m"]' in last


def test_every_package_in_an_image_is_checked_by_its_digest(dockerfile: list[str]) -> None:
    installs = [line for line in dockerfile if "install" in line and line.startswith("RUN")]

    assert len(installs) == 3
    for each in installs:
        assert "--require-hashes" in each or ("--no-deps" in each and "--build-constraints" in each), each


def test_all_that_is_copied_exists_and_is_let_through(repository_root: Path, dockerfile: list[str]) -> None:
    let_through = {
        line[1:] for line in (repository_root / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    copied = [
        source.replace("${SERVICE}", service)
        for line in dockerfile
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
        for service in _SERVICES
    ]

    for each in copied:
        assert (repository_root / each).exists(), each
        assert each.split("/")[0] in let_through, each


def _pins(root: Path, lock: str) -> set[tuple[str, str]]:
    return set(_PIN.findall((root / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")))


def _declared(member: Path) -> set[str]:
    project = tomllib.loads((member / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = (re.split(r"[\[<>=;~! ]", each, maxsplit=1)[0] for each in project["dependencies"])
    return {each for each in names if not each.startswith("licet-")}
