"""The JSON Schema of policy files takes what the reader takes, and knows all its words."""

import copy
from typing import Any

import jsonschema_rs
import pytest
import yaml

from policy_eval.adapters.policy_drafts import read_draft
from policy_eval.adapters.policy_rules import CONDITIONS
from policy_eval.adapters.policy_schema import policy_schema
from policy_eval.adapters.shipped_policies import shipped_policies
from tools.make_policy_schema import TARGET, text

SCHEMA = policy_schema()
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)
DOCUMENT = read_draft(shipped_policies()["default"].body).document


def test_the_committed_schema_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == text()


@pytest.mark.parametrize("name", sorted(shipped_policies()))
def test_shipped_policies_keep_to_the_schema(name: str) -> None:
    document = read_draft(shipped_policies()[name].body).document

    assert [str(error) for error in VALIDATOR.iter_errors(document)] == []


def test_the_schema_knows_every_condition_of_the_reader() -> None:
    rule = SCHEMA["$defs"]["rules"]["anyOf"][1]["items"]

    assert rule["properties"]["if"]["properties"].keys() == CONDITIONS.keys()


@pytest.mark.parametrize("field", DOCUMENT)
def test_the_schema_and_the_reader_need_the_same_fields(field: str) -> None:
    document: dict[str, Any] = {key: value for key, value in DOCUMENT.items() if key != field}

    assert VALIDATOR.is_valid(document) == (read_draft(yaml.safe_dump(document).encode()).policy is not None)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["rules", "permissive", "internal-saas"], "alow"),
        (["rules", "permissive", "internal-saas"], []),
        (["rules", "permissive", "internal-saas"], [{"if": {"linkage": []}, "then": "deny"}, {"then": "deny"}]),
        (["rules", "permissive", "internal-saas"], [{"if": {"moon": "full"}, "then": "deny"}, {"then": "deny"}]),
        (["contexts"], {}),
        (["contexts", "internal-saas", "delivery"], ["mail"]),
        (["verdict_order"], ["allow"]),
        (["require", "at_least"], True),
        (["release_gate", "block"], ["warning"]),
        (["version"], 0),
        (["tests"], [{"license": "MIT"}]),
        (["tests"], [{"license": "MIT", "context": "internal-saas", "verdict": "allow", "moon": "full"}]),
        (["moon"], "full"),
    ],
)
def test_what_the_reader_refuses_for_its_shape_the_schema_refuses_too(path: list[str], value: Any) -> None:
    document = copy.deepcopy(DOCUMENT)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value

    assert not VALIDATOR.is_valid(document)
    assert read_draft(yaml.safe_dump(document).encode()).problems
