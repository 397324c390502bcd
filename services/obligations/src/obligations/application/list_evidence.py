"""List what was given as evidence in a release, each item with the obligations that it is for."""

from dataclasses import dataclass

from obligations.application.ports import DerivationReader
from obligations.domain.evidence import Item, collected


@dataclass(frozen=True, slots=True)
class ListEvidence:
    """The use case, with what it needs."""

    reader: DerivationReader

    async def __call__(self, release_id: str) -> list[Item]:
        """Return all of it, the oldest first; raises NotFound."""
        await self.reader.record(release_id, None)
        lives = await self.reader.present(release_id)
        return collected({id_: each.life.evidence for id_, each in lives.items()})
