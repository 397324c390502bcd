"""Tell by which versions of policies and facts releases are judged now, in the words of an evaluation's `inputs`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from policy_eval.application.policy_ports import PolicyVersions

_MOST_POLICIES: Final = 100


@dataclass(frozen=True, slots=True)
class VersionsInForce:
    """The use case, with what it needs; `facts` are the versions of what comes with the installation."""

    policies: PolicyVersions
    facts: Mapping[str, str]

    async def __call__(self) -> dict[str, Any]:
        """Return the active versions of up to 100 policies, by name, and those of the facts."""
        heads = [head for head, _ in await self.policies.page("", _MOST_POLICIES)]
        active = {each.name: {"version": each.version, "sha256": each.sha256} for each in heads}
        return {"policies": active, **self.facts}
