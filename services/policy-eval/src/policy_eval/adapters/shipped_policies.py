"""The policies that Licet ships, by name: version 1 of these names."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from policy_eval.adapters.policy_files import parse_policy
from policy_eval.application.policy_ports import PolicyHead
from policy_eval.application.ports import LoadedPolicy
from shared.contracts.contexts import DEFAULT_POLICY
from shared.contracts.events import PolicyVersion

_NAMES: Final = ("default", "procurement")


@dataclass(frozen=True, slots=True)
class ShippedPolicy:
    """One of them, with its file."""

    head: PolicyHead
    body: bytes
    loaded: LoadedPolicy


@lru_cache(maxsize=1)
def shipped_policies() -> Mapping[str, ShippedPolicy]:
    """All of them; raises InvalidPolicy when a shipped file is broken."""
    return {name: _shipped(files("policy_eval.policies").joinpath(f"{name}.yaml").read_bytes()) for name in _NAMES}


def shipped_schema() -> bytes:
    """The JSON Schema of policy files; tools/make_policy_schema.py makes it."""
    return files("policy_eval.policies").joinpath("policy.schema.json").read_bytes()


def default_loaded() -> LoadedPolicy:
    """The default policy as it is shipped."""
    return shipped_policies()[DEFAULT_POLICY].loaded


def _shipped(body: bytes) -> ShippedPolicy:
    policy, sha256 = parse_policy(body.decode()), hashlib.sha256(body).hexdigest()
    loaded = LoadedPolicy(policy, PolicyVersion(policy.name, policy.version), sha256)
    return ShippedPolicy(PolicyHead(policy.name, policy.version, sha256, None, None), body, loaded)
