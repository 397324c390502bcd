"""The GitHub action and the GitLab job: sound in their structure, and their shell run against a real Licet."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.licet import Licet
from tests.support.sboms import a_cyclonedx

_FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "ci"
_ACTION: dict[str, Any] = yaml.safe_load((_FOLDER / "action.yml").read_text(encoding="utf-8"))
_JOB: dict[str, Any] = yaml.safe_load((_FOLDER / "gitlab.yml").read_text(encoding="utf-8"))["licet"]
_STEPS: list[dict[str, Any]] = _ACTION["runs"]["steps"]
_INPUT = re.compile(r"inputs\.([a-z-]+)")
_DENIED = {"left-pad": "MIT", "readline": "GPL-3.0-only"}


def test_the_action_uses_each_of_its_inputs_and_no_other() -> None:
    used = {name for step in _STEPS for name in _INPUT.findall(json.dumps(step))}

    assert used == set(_ACTION["inputs"])
    assert all(each["description"] for each in _ACTION["inputs"].values())


def test_no_input_becomes_part_of_a_script() -> None:
    scripts = [step["run"] for step in _STEPS if "run" in step]

    assert len(scripts) == 3
    assert [script for script in scripts if "${{" in script] == []
    assert [step["name"] for step in _STEPS if "run" in step and step["shell"] != "bash"] == []


def test_every_output_is_one_of_the_gate_step() -> None:
    told = set(re.findall(r'echo "([a-z]+)=', (_FOLDER / "steps" / "gate.sh").read_text()))
    asked = {name for each in [_ACTION["outputs"], *_STEPS] for name in re.findall(r"gate\.outputs\.(\w+)", str(each))}

    assert asked == told


def test_what_annotates_and_keeps_runs_after_findings_too() -> None:
    foreign = {step["uses"].partition("@")[0]: step["if"] for step in _STEPS if "uses" in step}

    assert set(foreign) == {"github/codeql-action/upload-sarif", "actions/upload-artifact"}
    assert all(condition.startswith("${{ always()") for condition in foreign.values())
    assert _STEPS[-1]["run"] == 'exit "$CODE"'


class Runner:
    """What a GitHub runner gives to the steps of an action."""

    def __init__(self, folder: Path, licet: Licet, inputs: Mapping[str, str]) -> None:
        self.folder = folder
        self.files = {name: folder / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        defaults = {name: str(each.get("default", "")) for name, each in _ACTION["inputs"].items()}
        self._inputs = defaults | {"url": licet.url, "api-key": licet.admin_key} | dict(inputs)
        for path in self.files.values():
            path.touch()

    def run(self, step: Mapping[str, Any], code: str = "") -> subprocess.CompletedProcess[str]:
        said = {name: self._said(text, code) for name, text in step.get("env", {}).items()}
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
        given = {"PATH": path, "RUNNER_TEMP": str(self.folder / "temp"), "GITHUB_ACTION_PATH": str(_FOLDER)}
        given |= {"HOME": str(self.folder), "CI": "true", "GITHUB_ACTIONS": "true", "NO_PROXY": "127.0.0.1"}
        given |= {name: str(path) for name, path in self.files.items()} | said
        given |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env=given,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.files["GITHUB_OUTPUT"].read_text().splitlines())

    def _said(self, text: str, code: str) -> str:
        text = text.replace("${{ steps.gate.outputs.code }}", code)
        return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: self._inputs[found[1]], text)


def a_runner(folder: Path, licet: Licet, components: dict[str, str], **inputs: str) -> Runner:
    (folder / "sbom.json").write_bytes(a_cyclonedx(components))
    return Runner(folder, licet, {"sbom": "sbom.json", "version": "1"} | inputs)


def test_findings_are_told_and_kept_before_the_job_fails(standalone: Licet, tmp_path: Path, project: str) -> None:
    runner = a_runner(tmp_path, standalone, _DENIED, project=f"org/{project}")

    asked = runner.run(_STEPS[1])
    told = runner.outputs()
    ended = runner.run(_STEPS[-1], told["code"])

    assert asked.returncode == 0, asked.stderr
    assert (told["code"], told["outcome"], ended.returncode) == ("1", "findings", 1)
    assert json.loads(Path(told["sarif"]).read_text())["runs"][0]["results"]
    assert "left-pad" in Path(told["notice"]).read_text()
    assert "the release fails" in runner.files["GITHUB_STEP_SUMMARY"].read_text()
    first, *_, last = asked.stdout.splitlines()
    assert first.replace("stop-commands::", "") + "::" == last


@pytest.mark.parametrize(
    ("inputs", "outcome"),
    [
        ({"sbom": "allowed.json"}, "pass"),
        ({"fail-on": "never"}, "pass"),
        ({"api-key": "wrong"}, "error"),
        ({"project": "$(touch owned)`touch owned`; touch owned", "version": "--help"}, "findings"),
    ],
)
def test_the_outcome_is_told(
    standalone: Licet, tmp_path: Path, project: str, inputs: dict[str, str], outcome: str
) -> None:
    (tmp_path / "allowed.json").write_bytes(a_cyclonedx({"left-pad": "MIT"}))
    runner = a_runner(tmp_path, standalone, _DENIED, **({"project": project} | inputs))

    asked = runner.run(_STEPS[1])

    assert asked.returncode == 0, asked.stderr
    assert runner.outputs()["outcome"] == outcome, asked.stdout + asked.stderr
    assert not (tmp_path / "owned").exists()


@pytest.mark.long
def test_the_client_is_installed_by_hash_into_a_place_of_its_own(standalone: Licet, tmp_path: Path) -> None:
    runner = a_runner(tmp_path, standalone, _DENIED)

    installed = runner.run(_STEPS[0])

    assert installed.returncode == 0, installed.stderr
    place = Path(runner.files["GITHUB_PATH"].read_text().strip())
    said = subprocess.run([place / "licet", "--version"], capture_output=True, text=True, check=True).stdout
    assert said == "licet 0.1.0\n"


def test_the_gitlab_job_leaves_its_reports(standalone: Licet, tmp_path: Path, project: str) -> None:
    (tmp_path / "sbom.json").write_bytes(a_cyclonedx(_DENIED))
    (tmp_path / ".licet").symlink_to(Path(sys.prefix))
    given = {name: str(value) for name, value in _JOB["variables"].items()}
    given |= {"LICET_URL": standalone.url, "LICET_API_KEY": standalone.admin_key, "LICET_PROJECT": f"group/{project}"}
    given |= {"LICET_VERSION": "1", "PATH": os.environ.get("PATH", os.defpath), "HOME": str(tmp_path), "CI": "true"}

    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(_JOB["script"])],
        cwd=tmp_path,
        env=given | {"NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    kept = [*_JOB["artifacts"]["paths"], *_JOB["artifacts"]["reports"].values()]
    assert [name for name in kept if not (tmp_path / name).is_file()] == []
    assert _JOB["artifacts"]["when"] == "always"
    [issue] = json.loads((tmp_path / "gl-code-quality-report.json").read_text())
    assert {"description", "check_name", "fingerprint", "severity", "location"} == set(issue)
