"""What the use cases need of the outside."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sbom_ingest.domain.outcome import ReadResult, Refusal
from shared.contracts.documents import Document
from shared.contracts.events import CurrentDocument, ReleaseState
from shared.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with where its bulk lies: digests of the inventory, all warnings, and the ignored elements."""

    release_id: str
    document: Document
    inventory_sha256: str
    warnings_sha256: str
    ignored_sha256: str


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document that was read; `inventory` is the file of its encoded inventory until the reading's context ends."""

    result: ReadResult
    inventory: Path


class DocumentReader(Protocol):
    """Reads documents, each within its limits."""

    def read(self, path: Path, size: int) -> AbstractAsyncContextManager[ReadDocument | Refusal]:
        """Read the file of `size` bytes at `path`; raises Saturated when there is no capacity for 10 s."""
        ...


class Releases(Protocol):
    """The releases and their documents, inside one transaction."""

    async def lock_or_create(self, release: ReleaseState) -> ReleaseState:
        """Return the release of that project and version, made of `release` if it is new, locked until the end."""
        ...

    async def change(self, release: ReleaseState) -> None:
        """Store the release's new revision, context and policy."""
        ...

    async def document_of(self, release_id: str, part: str, sha256: str) -> StoredDocument | None:
        """Return the document with these bytes in this part."""
        ...

    async def add_document(self, stored: StoredDocument) -> None:
        """Store a new document."""
        ...

    async def make_current(self, release_id: str, part: str, document_id: str) -> None:
        """Make the document the current one of its part."""
        ...

    async def current(self, release_id: str) -> list[CurrentDocument]:
        """Return the current document of each part, in the order of the parts' names."""
        ...


class UnitOfWork(Transaction, Protocol):
    """One transaction over releases, documents and events."""

    @property
    def releases(self) -> Releases: ...


class Library(Protocol):
    """Stored documents, for reading."""

    async def document(self, document_id: str) -> StoredDocument:
        """Return the document; raises NotFound."""
        ...
