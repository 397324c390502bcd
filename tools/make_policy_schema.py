"""Makes policy.schema.json, the JSON Schema of policy files, which policy-eval serves.

    python tools/make_policy_schema.py

Run it when a policy file can say something new, and commit the result; a test fails when it is not up to date.
"""

import json
from pathlib import Path

from policy_eval.adapters.policy_schema import policy_schema

TARGET = Path(__file__).parents[1] / "services/policy-eval/src/policy_eval/policies/policy.schema.json"


def text() -> str:
    """Return the schema as it is committed."""
    return json.dumps(policy_schema(), indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
