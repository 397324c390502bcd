"""A service's README lists its settings exactly as the code has them."""

from pathlib import Path

import pytest
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

import gateway.settings
import obligations.settings
import policy_eval.settings
import sbom_ingest.settings
import standalone.settings

SETTINGS: dict[str, type[BaseSettings]] = {
    "services/sbom-ingest": sbom_ingest.settings.Settings,
    "services/policy-eval": policy_eval.settings.Settings,
    "services/obligations": obligations.settings.Settings,
    "services/gateway": gateway.settings.Settings,
    "deploy/standalone": standalone.settings.Settings,
}


@pytest.mark.parametrize("member", SETTINGS)
def test_a_readme_lists_every_setting_with_its_default_and_its_sentence(repository_root: Path, member: str) -> None:
    page = (repository_root / member / "README.md").read_text(encoding="utf-8")

    documented = [line for line in page.splitlines() if line.startswith("| `LICET_")]

    assert documented == [_row(name, field) for name, field in SETTINGS[member].model_fields.items()]


def test_every_member_with_settings_is_looked_at(repository_root: Path, project_files: list[Path]) -> None:
    with_settings = {path.parents[2] for path in project_files if path.name == "settings.py"}

    assert with_settings == {repository_root / member for member in SETTINGS}


@pytest.mark.parametrize("member", SETTINGS)
def test_every_setting_has_a_sentence(member: str) -> None:
    silent = [name for name, field in SETTINGS[member].model_fields.items() if not (field.description or "").strip()]

    assert silent == []


def _row(name: str, field: FieldInfo) -> str:
    return f"| `LICET_{name.upper()}` | {_default(field)} | {field.description} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default is None:
        return "unset"
    return f"`{field.default}`" if str(field.default) else "empty"
