"""Archive what was handed in by the digest of the files that it is about, and find it again for other releases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from obligations.application.decoded_release import decoded_release
from obligations.application.ports import DecisionSource
from obligations.domain.archived_texts import by_digest, digests_of, for_components, without_texts
from obligations.domain.attributions import Attribution
from shared.computation import compute
from shared.contracts.decisions import DecidedRelease
from shared.persistence.blobs import Blobs


class ArchivedTexts(Protocol):
    """The index of the archive."""

    async def add(self, rows: Mapping[str, str]) -> None:
        """Store digest of a file → SHA-256 of the attribution, in place of what was there."""
        ...

    async def is_empty(self) -> bool: ...

    async def known(self, digests: Sequence[str]) -> dict[str, str]:
        """Return what is stored for the digests."""
        ...


@dataclass(frozen=True, slots=True)
class ArchiveTexts:
    """The use case, with what it needs."""

    archived: ArchivedTexts
    decisions: DecisionSource
    blobs: Blobs

    async def keep(self, decisions_sha256: str, attributions: Iterable[Attribution]) -> int:
        """Archive the attributions of the components of a release; return of how many files. Raises Unavailable."""
        body = await self.decisions.fetch(decisions_sha256)
        found = await compute(lambda: by_digest(msgspec.json.decode(body, type=DecidedRelease), attributions))
        stored = {each: await self.blobs.put(msgspec.json.encode(each)) for each in dict.fromkeys(found.values())}
        await self.archived.add({digest: stored[each] for digest, each in found.items()})
        return len(found)

    async def bundle(self, body: bytes, given: list[bytes]) -> str | None:
        """The SHA-256 of a bundle with what the archive adds to a release, stored; None where it adds nothing."""
        if await self.archived.is_empty():
            return None
        lacking = await compute(lambda: without_texts(decoded_release(body, given)))
        known = await self.archived.known(sorted({digest for each in lacking for digest in digests_of(each)}))
        contents = {sha256: await self.blobs.get(sha256) for sha256 in sorted(set(known.values()))}
        read = {sha256: msgspec.json.decode(content, type=Attribution) for sha256, content in contents.items()}
        found = for_components(lacking, {digest: read[sha256] for digest, sha256 in known.items()})
        return await self.blobs.put(msgspec.json.encode(found)) if found else None
