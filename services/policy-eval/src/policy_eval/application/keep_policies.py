"""Publish versions of policies, activate one of them, and show them."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from policy_eval.application.change_ports import ReevaluationRequests
from policy_eval.application.check_policy import CheckPolicy
from policy_eval.application.policy_ports import Activation, MadeActive, PolicyHead, PolicyVersions
from shared.clock import Clock, NewId, timestamp
from shared.computation import compute
from shared.contracts.contexts import POLICY_NAME
from shared.errors import Conflict, ErrorAt, InvalidInput

_RESERVED: Final = ("schema", "validate")


@dataclass(frozen=True, slots=True)
class KeepPolicies:
    """The use case, with what it needs. `two_people`: one asks for an activation, and another makes it."""

    versions: PolicyVersions
    check: CheckPolicy
    reevaluations: ReevaluationRequests
    clock: Clock
    new_id: NewId
    two_people: bool = False

    async def publish(self, name: str, body: bytes, by: str, is_active: bool) -> dict[str, Any]:
        """Store the file as the next version, active at once if wanted, or asked for where that takes two people.

        Raises InvalidInput with the places of all that is wrong, OverLimit, and Conflict when somebody else published at
        the same moment.
        """
        _check_name(name)
        number = await self.versions.newest_number(name) + 1
        text = await self.check.publishable(body, name, number)
        head = PolicyHead(name, number, hashlib.sha256(text).hexdigest(), by, timestamp(self.clock.now()))
        made_active = self._made_active(name, number, by) if is_active else None
        if not await self.versions.add(head, text, None if self.two_people else made_active):
            raise Conflict(f"Somebody else published version {number} of {name!r} at the same moment: send it again.")
        if made_active is not None and self.two_people:
            await self.versions.propose(made_active.activation)
        elif is_active:
            self.reevaluations.wake()
        return await self._shown(head)

    async def activate(self, name: str, version: int, by: str) -> dict[str, Any]:
        """Make the version the active one, or ask for it where that takes two people and nobody else has.

        Raises NotFound, and Conflict if it is active already, or if the same person has asked for it.
        """
        head, _ = await self.versions.body(name, version)
        if await self.versions.active_number(name) == version:
            raise Conflict(f"Version {version} of {name!r} is active already.")
        made_active = self._made_active(name, version, by)
        if not self.two_people or await self._has_another_asked(name, version, by):
            await self.versions.activate(made_active)
            self.reevaluations.wake()
        else:
            await self.versions.propose(made_active.activation)
        return await self._shown(head)

    async def _has_another_asked(self, name: str, version: int, by: str) -> bool:
        asked = await self.versions.proposed(name, version)
        if asked == [by]:
            raise Conflict(
                f"You have asked for version {version} of {name!r} to be active: somebody else has to agree."
            )
        return bool(asked)

    async def before(self, name: str) -> dict[str, Any]:
        """Return what of a policy a publication or an activation changes."""
        return {"active_version": await self.versions.active_number(name)}

    async def page(self, after: str, limit: int) -> list[dict[str, Any]]:
        """Return the policies by name, each with its active and its newest version."""
        return [_head(head) | {"newest_version": newest} for head, newest in await self.versions.page(after, limit)]

    async def history(self, name: str, before: int | None, limit: int) -> list[dict[str, Any]]:
        """Return the versions of the policy, the newest first; raises NotFound."""
        heads = await self.versions.versions(name, before, limit)
        active = await self.versions.active_number(name)
        return [_head(head) | {"active": head.version == active} for head in heads]

    async def file(self, name: str, version: int | None) -> tuple[PolicyHead, bytes]:
        """Return a version with its file, the active one for None; raises NotFound."""
        return await self.versions.body(name, version)

    async def as_json(self, body: bytes) -> bytes:
        """Return a stored file as JSON."""
        return await compute(lambda: msgspec.json.encode(self.check.read(body).document))

    async def _shown(self, head: PolicyHead) -> dict[str, Any]:
        active = await self.versions.active_number(head.name) == head.version
        asked = [] if active else sorted(await self.versions.proposed(head.name, head.version))
        return _head(head) | {"active": active, "activation_asked_by": asked}

    def _made_active(self, name: str, version: int, by: str) -> MadeActive:
        activation = Activation(self.new_id(), name, version, by, timestamp(self.clock.now()))
        ask = self.reevaluations.drafted(f"policy {name} version {version} is active", policy=name)
        return MadeActive(activation, ask)


def _check_name(name: str) -> None:
    if POLICY_NAME.fullmatch(name) and name not in _RESERVED:
        return
    message = f"lower-case letters, digits, '.', '_' and '-', at most 64, and none of {', '.join(_RESERVED)}"
    raise InvalidInput(f"name: {message}", errors=(ErrorAt("name", message),))


def _head(head: PolicyHead) -> dict[str, Any]:
    return {each: getattr(head, each) for each in head.__struct_fields__}
