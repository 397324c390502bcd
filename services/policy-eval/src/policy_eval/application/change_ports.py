"""What the use cases need to notice changes of facts, and to have releases evaluated again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

State = Literal["waiting", "running", "done"]


@dataclass(frozen=True, slots=True)
class Reevaluation:
    """A request; `policy`, `project` and `release` None mean any.

    `done` counts all that were looked at but those that failed.
    `total` is None until the releases are counted; `unchanged` of those done would have depended on the same as before.
    `last` is the release up to which it is worked off, in the order of their ids.
    """

    id: str
    reason: str
    requested_at: str
    requested_by: str
    policy: str | None
    project: str | None
    state: State = "waiting"
    total: int | None = None
    done: int = 0
    unchanged: int = 0
    failed: int = 0
    last: str = ""
    release: str | None = None


class Wake(Protocol):
    """Lets the worker look for requests now."""

    def __call__(self) -> None: ...


class ReevaluationRequests(Protocol):
    """Whom to tell that something has changed on which evaluations depend."""

    async def request(self, reason: str, *, policy: str | None = None, project: str | None = None) -> None:
        """Have all current releases evaluated again, of this policy and project alone if they are given.

        Asked for once the change is stored: each release is evaluated by what counts when its turn comes.
        """
        ...

    async def has_releases(self) -> bool:
        """Return whether any release has been evaluated."""
        ...

    def drafted(self, reason: str, *, policy: str | None = None, project: str | None = None) -> Reevaluation:
        """Return such a request for the transaction of the change itself; `wake` is called after that."""
        ...

    @property
    def wake(self) -> Wake:
        """Lets the worker look for requests now."""
        ...


class Changes(Protocol):
    """How often facts have changed on which evaluations depend, and what was last known of those that Licet ships."""

    async def number(self) -> int:
        """Return the number of changes up to now."""
        ...

    async def note(self) -> None:
        """Count one more change, of something that changes by itself."""
        ...

    async def known(self, name: str) -> str | None:
        """Return the value that was remembered last."""
        ...

    async def remember(self, name: str, value: str) -> None:
        """Remember a value in place of the one before."""
        ...


class WaiverUse(NamedTuple):
    """How many findings of a release are waived by a waiver."""

    waiver_id: str
    findings: int


class WaiverUses(Protocol):
    """Which waivers the current evaluations need."""

    async def of(self, waiver_ids: Sequence[str]) -> list[tuple[str, str, int, int]]:
        """Return waiver, project, and in how many of its releases and for how many findings the waiver is used."""
        ...
