"""From a draft to the inventory and the facts of a document: every element ends in a counted bucket."""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

import msgspec

from sbom_ingest.domain.completeness import moved_choices, moved_completeness
from sbom_ingest.domain.component_store import Merged
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.edges import Edges
from sbom_ingest.domain.graph import combined_edges, count_in_cycles, linked
from sbom_ingest.domain.outcome import DocumentFacts
from sbom_ingest.domain.quality import quality
from shared.contracts.documents import Buckets
from shared.contracts.inventory import Inventory

_EDGES_AT_A_TIME = 1 << 14
# No string holds these bytes: quotes in strings are escaped.
_BULK = b'"components":[],"edges":[]'


def assemble(draft: Draft, output: BinaryIO) -> tuple[DocumentFacts, str]:
    """Merge duplicates, settle the graph, count the buckets; adds its own warnings to the draft's.

    Writes the JSON encoding of the inventory to `output`. Returns the facts that the API tells, and the SHA-256 of the
    inventory in hex.
    """
    _check_head(draft)
    merged = draft.components.merge_duplicates()
    edges = combined_edges(draft.dependencies, draft.containments, merged.position, merged.components)
    if circling := count_in_cycles(edges, merged.components):
        draft.warn("dependency-cycle", f"{circling} components depend on themselves through others", "")
    inventory = _without_bulk(draft, merged)
    digest = sha256()
    for piece in _encoded(inventory, draft, merged, edges):
        output.write(piece)
        digest.update(piece)
    return _facts(inventory, draft, edges), digest.hexdigest()


def _check_head(draft: Draft) -> None:
    for value in (*draft.tool, *draft.authors, *draft.generation_context, draft.created or ""):
        draft.check_field(value, "")


def _without_bulk(draft: Draft, merged: Merged) -> Inventory:
    """The inventory without components, edges and texts."""
    position = draft.root_position
    return Inventory(
        format=draft.format,
        serialization=draft.serialization,
        spec_version=draft.spec_version,
        root=draft.root,
        buckets=Buckets(
            elements=len(draft.components) + len(draft.ignored),
            components=merged.components,
            duplicates=merged.duplicates,
            ignored=len(draft.ignored),
        ),
        components=[],
        edges=[],
        extracted_licenses=draft.extracted_licenses,
        tool=draft.tool,
        services=draft.services,
        files=draft.files,
        root_position=position if position is None or merged.position is None else merged.position[position],
        authors=draft.authors,
        created=draft.created,
        generation_context=draft.generation_context,
        provides=list(draft.provides.moved(merged.position).settled()),
        completeness=moved_completeness(draft.completeness, merged.position),
        choices=moved_choices(draft.choices, merged.position),
    )


def _encoded(inventory: Inventory, draft: Draft, merged: Merged, edges: Edges) -> Iterator[bytes]:
    """The JSON encoding of the inventory with its bulk."""
    before, _, after = msgspec.json.encode(inventory).partition(_BULK)
    yield before + b'"components":['
    yield from draft.components.pieces(merged.occurrences)
    yield b'],"edges":['
    yield from _encoded_edges(edges)
    yield b"]"
    yield after.removesuffix(b"}")
    if len(draft.texts):
        yield b',"texts":{'
        yield from draft.texts.pieces()
        yield b"}"
    yield b"}"


def _encoded_edges(edges: Edges) -> Iterator[bytes]:
    separator = b""
    for start in range(0, len(edges), _EDGES_AT_A_TIME):
        part = Edges.of_numbers(edges.numbers[start : start + _EDGES_AT_A_TIME])
        yield separator + msgspec.json.encode(list(part))[1:-1]
        separator = b","


def _facts(inventory: Inventory, draft: Draft, edges: Edges) -> DocumentFacts:
    in_graph = linked(edges, inventory.buckets.components)
    return DocumentFacts(
        format=inventory.format,
        spec_version=inventory.spec_version,
        serialization=inventory.serialization,
        tool=inventory.tool,
        root=inventory.root,
        buckets=inventory.buckets,
        services=inventory.services,
        files=inventory.files,
        quality=quality(inventory, draft.components.tally, in_graph),
    )
