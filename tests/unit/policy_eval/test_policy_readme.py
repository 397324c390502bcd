"""The example in the README about writing a policy is true."""

import re
from pathlib import Path
from typing import Any

import yaml

from policy_eval.adapters.active_duties import load_active_duties
from policy_eval.adapters.policy_drafts import read_draft
from policy_eval.adapters.shipped_policies import shipped_policies
from policy_eval.application.check_policy import CheckPolicy
from policy_eval.domain.knowledge import LicenseKnowledge
from shared.licensing import load_catalogue, normalise


def _example(repository_root: Path) -> dict[str, Any]:
    page = (repository_root / "services/policy-eval/README.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(rules:.*?)```", page, re.DOTALL)
    assert found
    example: dict[str, Any] = yaml.safe_load(found[1])
    return example


async def test_the_example_of_the_readme_is_valid_and_its_tests_pass(repository_root: Path) -> None:
    document, example = read_draft(shipped_policies()["default"].body).document, _example(repository_root)
    document["rules"] = document["rules"] | example["rules"]
    check = CheckPolicy(read_draft, LicenseKnowledge(load_catalogue(), normalise, load_active_duties()))

    with_rules = await check(yaml.safe_dump(document | {"tests": example["tests"]}).encode())
    shipped = await check(shipped_policies()["default"].body + yaml.safe_dump({"tests": example["tests"]}).encode())

    assert with_rules["problems"] == []
    assert [each["passed"] for each in with_rules["tests"]] == [True, True, True]
    assert [each["passed"] for each in shipped["tests"]] == [False, True, True]
