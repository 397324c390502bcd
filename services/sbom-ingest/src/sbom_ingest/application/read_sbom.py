"""Read a document without keeping it: another service asks what is in it."""

import asyncio
from dataclasses import dataclass

from sbom_ingest.application.ingest_sbom import Spooled, error_of
from sbom_ingest.application.ports import DocumentReader
from sbom_ingest.domain.outcome import Refusal


@dataclass(frozen=True, slots=True)
class ReadSbom:
    """The use case, with what it needs."""

    reader: DocumentReader

    async def __call__(self, spooled: Spooled) -> bytes:
        """Return the encoded inventory; raises Unreadable, OverLimit, UnsupportedEncoding, InvalidInput, Saturated."""
        async with self.reader.read(spooled.path, spooled.size) as outcome:
            if isinstance(outcome, Refusal):
                raise error_of(outcome)
            return await asyncio.to_thread(outcome.inventory.read_bytes)
