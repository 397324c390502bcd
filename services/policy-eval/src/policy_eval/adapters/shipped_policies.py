"""The policies that Licet ships, by name."""

import hashlib
from importlib.resources import files

from policy_eval.adapters.policy_files import parse_policy
from policy_eval.application.ports import LoadedPolicy
from shared.contracts.contexts import DEFAULT_POLICY
from shared.contracts.events import PolicyVersion
from shared.errors import NotFound


class ShippedPolicies:
    """`application.ports.Policies`; raises InvalidPolicy when a shipped file is broken."""

    def __init__(self) -> None:
        text = files("policy_eval.policies").joinpath("default.yaml").read_text(encoding="utf-8")
        policy = parse_policy(text)
        identity = PolicyVersion(policy.name, policy.version)
        self._loaded = {policy.name: LoadedPolicy(policy, identity, hashlib.sha256(text.encode()).hexdigest())}

    def active(self, name: str | None) -> LoadedPolicy:
        loaded = self._loaded.get(name or DEFAULT_POLICY)
        if loaded is None:
            raise NotFound(f"There is no policy {name!r}; there are {', '.join(sorted(self._loaded))}.")
        return loaded
