"""What the use cases need of the outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.domain.stages import ReleaseProgress, Stage
from gateway.domain.tokens import Issuer
from gateway.domain.webhooks import Delivery, Webhook
from shared.contracts.documents import Document
from shared.contracts.events import ReleaseState
from shared.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StoredKey:
    """An API key as it is kept: never the key itself, only its SHA-256 and the characters that tell it from others.

    The secret before a rotation is good until `previous_until`. `installed_sha256` is that of the environment's key.
    """

    id: str
    name: str
    sha256: str
    roles: tuple[str, ...]
    projects: tuple[str, ...]
    created_at: str
    expires_at: str | None = None
    revoked_at: str | None = None
    prefix: str | None = None
    last_used_at: str | None = None
    previous_sha256: str | None = None
    previous_until: str | None = None
    installed_sha256: str | None = None


class Keys(Protocol):
    """The stored API keys."""

    async def by_hash(self, sha256: str) -> StoredKey | None:
        """Return the key with this digest, be it of its secret or of the one before."""
        ...

    async def by_id(self, key_id: str) -> StoredKey | None: ...

    async def add(self, key: StoredKey) -> None: ...

    async def replace(self, key: StoredKey) -> None:
        """Store the key in place of the one with its id."""
        ...

    async def all(self) -> list[StoredKey]: ...

    async def note_use(self, used: dict[str, str]) -> None:
        """Store when each key was last used: id → moment."""
        ...

    async def revoke(self, key_id: str, now: str) -> bool:
        """Revoke the key from `now` on; False when there is none with this id."""
        ...


class Tokens(Protocol):
    """The tokens of other identity providers."""

    async def claims(self, token: str) -> tuple[Issuer, Mapping[str, Any]] | None:
        """Return the issuer and the claims of a token that holds now, else None; raises Unavailable."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class ReleaseFilter:
    """Which releases are asked for; `ids` None means any. `patterns` are those of which the caller's projects match one.

    `first_open_step` is the name of a step, or `none` for releases of which all are done.
    """

    project: str | None = None
    version: str | None = None
    verdict: str | None = None
    first_open_step: str | None = None
    ids: tuple[str, ...] | None = None
    patterns: tuple[str, ...] = ("*",)

    @property
    def is_narrow(self) -> bool:
        """Whether it names projects, so that it leaves few of all releases."""
        return self.project is not None or not any(set(each) <= {"*"} for each in self.patterns)


class Releases(Protocol):
    """The projection of all releases, for reading. One that is archived is found by `archived` only."""

    async def by_id(self, release_id: str) -> ReleaseProgress | None: ...

    async def archived(self, release_id: str) -> ReleaseProgress | None: ...

    async def by_name(self, project: str, version: str) -> ReleaseProgress | None: ...

    async def of_document(self, document_id: str) -> ReleaseProgress | None:
        """Return the release that the document belongs to."""
        ...

    async def documents(self, release_ids: list[str]) -> dict[str, Document]:
        """Return the documents of these releases by document id."""
        ...

    async def page(
        self, wanted: ReleaseFilter, visible: Callable[[str], bool], after: str | None, limit: int
    ) -> list[ReleaseProgress]:
        """Return up to `limit` visible releases, the newest first, older than the one with the id `after`."""
        ...

    async def projects(self) -> list[dict[str, Any]]:
        """Return all projects with the number of their releases, in the order of their names."""
        ...


class ComponentSearch(Protocol):
    """A question for releases by their components, which policy-eval answers."""

    async def newest(self, before: str | None, limit: int) -> list[str]:
        """Return up to `limit` ids of releases found, the newest first, older than `before`; fewer are all."""
        ...

    async def among(self, release_ids: list[str]) -> list[str]:
        """Return those of the ids whose releases are found."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending a message: the status of the answer, if there was one, and what was wrong."""

    status: int | None
    error: str | None


class Sender(Protocol):
    """Sends the messages of webhooks."""

    async def check(self, url: str) -> None:
        """Raise InvalidInput for a URL that messages are not sent to."""
        ...

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Sent: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Times:
    """Of a look for deliveries that are due: the lease of what is taken ends at `until`.

    Due is what should have been tried by `now`; and what was tried n times and is to be tried again after `latest[n]`,
    since that was set under a clock that has been set back.
    """

    now: str
    until: str
    latest: tuple[str, ...]


class Webhooks(Protocol):
    """The stored webhooks and their deliveries."""

    async def all(self) -> list[Webhook]: ...

    async def by_id(self, webhook_id: str) -> Webhook | None: ...

    async def add(self, webhook: Webhook) -> None: ...

    async def replace(self, webhook: Webhook) -> None: ...

    async def remove(self, webhook_id: str) -> None:
        """Remove the webhook with its deliveries."""
        ...

    async def note_end(self, webhook_id: str, failure: str | None, now: str) -> None:
        """Count a delivery that failed for good, or begin to count anew after one that arrived; disable what is hopeless."""
        ...

    async def add_delivery(self, delivery: Delivery) -> None: ...

    async def delivery(self, webhook_id: str, delivery_id: str) -> Delivery | None: ...

    async def deliveries(self, webhook_id: str, after: str, limit: int) -> list[Delivery]:
        """Return up to `limit`, the newest first, older than `after` ("" for none)."""
        ...

    async def replace_delivery(self, delivery: Delivery) -> None: ...

    async def claim(self, times: Times, busy: Sequence[str], limit: int) -> list[tuple[Webhook, Delivery]]:
        """Return up to `limit` deliveries that are due, two of each webhook at most and none of a `busy` or disabled one.

        Nobody else gets them before the end of the lease.
        """
        ...

    async def sweep(self, before: str) -> None:
        """Remove the deliveries that ended before that moment."""
        ...


class Mailbox(Protocol):
    """The webhooks inside one transaction."""

    async def webhooks(self) -> list[Webhook]:
        """Return those that are not disabled."""
        ...

    async def add(self, deliveries: list[Delivery]) -> None: ...


class Projection(Protocol):
    """The projection inside one transaction."""

    async def load_or_create(self, release: ReleaseState) -> ReleaseProgress:
        """Return what is known of the release, nothing yet if it is new; locked until the end of the transaction."""
        ...

    async def save(self, progress: ReleaseProgress, awaited_from: str | None) -> None:
        """Store the progress. Somebody waits for its next stage from this moment on, unless they do so already; with None
        nobody begins to.
        """
        ...

    async def archive(self, release_id: str, now: str | None) -> bool:
        """Archive the release, or bring it back with None; False if it is so already."""
        ...

    async def add_document(self, release_id: str, document: Document) -> None:
        """Store the document unless it is there."""
        ...


@dataclass(frozen=True, slots=True)
class Awaited:
    """Of how many releases somebody waits for a stage, and since when for the first of them."""

    releases: int
    since: str


class AwaitedReleases(Protocol):
    """Which releases are waited for."""

    async def by_stage(self) -> dict[Stage, Awaited]:
        """Return the stages that are waited for."""
        ...


class UnitOfWork(Transaction, Protocol):
    """One transaction over the projection."""

    @property
    def projection(self) -> Projection: ...

    @property
    def mailbox(self) -> Mailbox: ...
