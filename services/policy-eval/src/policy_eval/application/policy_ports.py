"""What the use cases over policies need of the outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import msgspec

from policy_eval.application.change_ports import Reevaluation
from policy_eval.domain.policy import Policy
from policy_eval.domain.policy_problems import PolicyProblem
from shared.contracts.events import CurrentDocument, ReleaseState


class PolicyDraft(Protocol):
    """A document that somebody sent as a policy, valid or not; `policy` is None where there are `problems`."""

    @property
    def document(self) -> Any: ...

    @property
    def policy(self) -> Policy | None: ...

    @property
    def problems(self) -> Sequence[PolicyProblem]: ...

    def problem(self, path: tuple[str | int, ...], message: str) -> PolicyProblem:
        """Return the fault at the value that the path leads to."""
        ...

    def numbered(self, name: str, version: int) -> str:
        """Return the file with this name and version in it."""
        ...


class ReadPolicy(Protocol):
    """How a policy file is read."""

    def __call__(self, body: bytes) -> PolicyDraft:
        """Return what the file says; raises InvalidInput for what is no policy document at all."""
        ...


class PolicyHead(msgspec.Struct, frozen=True):
    """One version of a policy, which never changes. `created_by` is None for what Licet ships."""

    name: str
    version: int
    sha256: str
    created_by: str | None
    created_at: str | None


class Activation(msgspec.Struct, frozen=True):
    """Somebody made a version the active one."""

    id: str
    name: str
    version: int
    activated_by: str
    activated_at: str


class MadeActive(NamedTuple):
    """An activation, and the request to evaluate again that follows from it."""

    activation: Activation
    ask: Reevaluation


class PolicyVersions(Protocol):
    """All versions of all policies, and which one is active."""

    async def page(self, after: str, limit: int) -> list[tuple[PolicyHead, int]]:
        """Return the active version of each policy with the number of the newest, by name, from after `after` on."""
        ...

    async def versions(self, name: str, before: int | None, limit: int) -> list[PolicyHead]:
        """Return versions of the policy, the newest first, older than `before`; raises NotFound without any."""
        ...

    async def active_number(self, name: str) -> int | None:
        """Return the number of the active version, None for a policy that has none."""
        ...

    async def newest_number(self, name: str) -> int:
        """Return the number of the newest version, 0 without any."""
        ...

    async def body(self, name: str, version: int | None) -> tuple[PolicyHead, bytes]:
        """Return the file of the version, of the active one for None; raises NotFound."""
        ...

    async def add(self, head: PolicyHead, body: bytes, made_active: MadeActive | None) -> bool:
        """Store the version, and that it is the active one; False, and nothing, if there is one of this number."""
        ...

    async def activate(self, made_active: MadeActive) -> None:
        """Store the activation and the request that follows from it, or neither."""
        ...

    async def propose(self, activation: Activation) -> None:
        """Store that somebody wants this activation, which somebody else has to make."""
        ...

    async def proposed(self, name: str, version: int) -> list[str]:
        """Return who has wanted this version to be active since the policy's last activation."""
        ...


@dataclass(frozen=True, slots=True)
class CurrentRelease:
    """A release with what it consists of, and the evaluation that counts."""

    state: ReleaseState
    documents: list[CurrentDocument]
    evaluation: str


@dataclass(frozen=True, slots=True)
class FoundReleases:
    """Releases by id. `scanned_to` is the id after which the next page begins, None at the end."""

    releases: list[CurrentRelease]
    scanned_to: str | None


class ReleasesOfPolicy(Protocol):
    """The releases that use a policy, as they stand."""

    async def current(self, policy: str, after: str, limit: int) -> FoundReleases:
        """Return up to `limit` releases with an id above `after`; fewer are not always the last."""
        ...

    async def fingerprints(self, evaluation_id: str) -> frozenset[str]:
        """Return the fingerprints of the evaluation's findings."""
        ...
