"""What an evaluation looks at: a release with the inventories of its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from msgspec import structs

from shared.contracts.decisions import UsageContext
from shared.contracts.inventory import Inventory

_PHYSICAL: Final = frozenset({"device", "firmware"})


@dataclass(frozen=True, slots=True)
class PartInventory:
    """The inventory of a part's current document; `document_sha256` is that of the document itself.

    `quality` is the document's score from 0 to 1, None where it is not known.
    """

    inventory: Inventory
    document_sha256: str
    quality: float | None = None


@dataclass(frozen=True, slots=True)
class ReleaseInventory:
    """A release, by part name, in the usage context of this name."""

    project: str
    version: str
    context: str
    parts: Mapping[str, PartInventory]

    def sorted_parts(self) -> list[tuple[str, PartInventory]]:
        """The parts in the order of their names."""
        return sorted(self.parts.items())


def context_of(release: ReleaseInventory, context: UsageContext) -> UsageContext:
    """The context of this release: on a physical product where a part's root is a device or a firmware."""
    if any(part.inventory.root.type in _PHYSICAL for part in release.parts.values()):
        return structs.replace(context, medium="physical")
    return context
