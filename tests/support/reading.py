"""Reads documents that are in memory, as the reader processes read files."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from sbom_ingest.adapters.readers import registry
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import DocumentFacts, Ignored, ReadResult, Refusal
from shared.contracts.documents import DocumentWarning


@dataclass(frozen=True, slots=True)
class Read:
    """A document that was read, with its encoded inventory."""

    facts: DocumentFacts
    inventory: bytes
    inventory_sha256: str
    warnings: list[DocumentWarning]
    ignored: list[Ignored]


def read(document: bytes, limits: Limits, new_stream: Callable[[], BinaryIO] = BytesIO) -> Read | Refusal:
    """Read a document, or say why it is refused."""
    inventory = BytesIO()
    outcome = registry.read(BytesIO(document), inventory, limits, new_stream)
    return with_inventory(outcome, inventory.getvalue()) if isinstance(outcome, ReadResult) else outcome


def with_inventory(result: ReadResult, inventory: bytes) -> Read:
    """A result with the inventory that was written beside it."""
    return Read(result.facts, inventory, result.inventory_sha256, result.warnings, result.ignored)
