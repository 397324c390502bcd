"""Look at stored documents: what is told of one, its bytes, its warnings, what it lacks, an inventory."""

from dataclasses import dataclass

import msgspec
from msgspec import Raw

from sbom_ingest.application.ports import Library, StoredDocument
from sbom_ingest.domain.quality import Gap, gaps
from shared.computation import compute
from shared.contracts.inventory import Inventory
from shared.persistence.blobs import Blobs, StoredBytes


@dataclass(frozen=True, slots=True)
class LookUp:
    """The questions about stored documents; each raises NotFound."""

    library: Library
    blobs: Blobs

    async def document(self, document_id: str) -> StoredDocument:
        """Return what is told of the document."""
        return await self.library.document(document_id)

    async def raw(self, sha256: str) -> StoredBytes:
        """Return the bytes of a document by its digest: as they were sent, after `Content-Encoding` was undone."""
        return await self.blobs.stream(sha256)

    async def warnings(self, document_id: str) -> list[Raw]:
        """Return all warnings of the document, each as JSON."""
        stored = await self.library.document(document_id)
        return await compute(_entries, await self.blobs.get(stored.warnings_sha256))

    async def ignored(self, document_id: str) -> list[Raw]:
        """Return an item per element that was not used, each as JSON."""
        stored = await self.library.document(document_id)
        return await compute(_entries, await self.blobs.get(stored.ignored_sha256))

    async def gaps(self, document_id: str) -> list[Gap]:
        """Return the components that lack what the quality score counts."""
        stored = await self.library.document(document_id)
        return await compute(_gaps, await self.blobs.get(stored.inventory_sha256))

    async def inventory(self, sha256: str) -> bytes:
        """Return an encoded inventory by its digest."""
        return await self.blobs.get(sha256)


def _entries(body: bytes) -> list[Raw]:
    return msgspec.json.decode(body, type=list[Raw])


def _gaps(inventory: bytes) -> list[Gap]:
    return gaps(msgspec.json.decode(inventory, type=Inventory))
