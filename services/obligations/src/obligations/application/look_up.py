"""Look at what was derived: the obligations of a release, and its NOTICE."""

from dataclasses import dataclass
from typing import Any

from obligations.application.ports import DerivationReader, DerivationRecord, ObligationFilter
from shared.errors import Conflict, ErrorAt, NotFound
from shared.persistence.blobs import Blobs, StoredBytes


@dataclass(frozen=True, slots=True)
class LookUp:
    """The questions about derivations; each raises NotFound."""

    reader: DerivationReader
    blobs: Blobs

    async def obligations(
        self, release_id: str, evaluation_id: str | None, wanted: ObligationFilter, after: int, limit: int
    ) -> list[dict[str, Any]]:
        """Return obligations after the position `after`."""
        record = await self.reader.record(release_id, evaluation_id)
        return await self.reader.obligations(record.evaluation_id, wanted, after, limit)

    async def obligation(self, release_id: str, obligation_id: str) -> dict[str, Any]:
        """Return one obligation of the current derivation."""
        wanted = ObligationFilter(id=obligation_id)
        found = await self.obligations(release_id, None, wanted, -1, 1)
        if not found:
            raise NotFound(f"The release {release_id!r} has no obligation {obligation_id!r} now.")
        return found[0]

    async def attached(self, release_id: str, evaluation_id: str | None, name: str) -> tuple[DerivationRecord, bytes]:
        """Return what is attached to a derivation under this name (`checks`, `sources`)."""
        record = await self.reader.record(release_id, evaluation_id)
        if name not in record.attached:
            raise NotFound(f"This derivation has no {name}; POST …/evaluations makes it again.")
        return record, await self.blobs.get(record.attached[name])

    async def content(self, sha256: str) -> bytes:
        """Return the bytes of a NOTICE by its digest."""
        return await self.blobs.get(sha256)

    async def stream(self, sha256: str) -> StoredBytes:
        """Return the bytes of a NOTICE by its digest, to be read in pieces."""
        return await self.blobs.stream(sha256)


def check_final(record: DerivationRecord) -> None:
    """Raise Conflict, listing what is open, unless the NOTICE is final."""
    if record.notice_status == "final":
        return
    errors = tuple(ErrorAt("/open_points", message) for message in record.open_points)
    raise Conflict(f"The NOTICE is a draft: {len(errors)} points are open.", errors=errors)
