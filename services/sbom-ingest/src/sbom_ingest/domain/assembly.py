"""From a draft to the inventory and the facts of a document: every element ends in a counted bucket."""

from dataclasses import dataclass

from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.duplicates import Merged, merge_duplicates
from sbom_ingest.domain.graph import combined_edges, count_in_cycles
from sbom_ingest.domain.outcome import DocumentFacts
from sbom_ingest.domain.quality import quality
from shared.contracts.documents import Buckets
from shared.contracts.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Assembled:
    """The inventory of a document with the facts that the API tells of it."""

    inventory: Inventory
    facts: DocumentFacts


def assemble(draft: Draft) -> Assembled:
    """Merge duplicates, settle the graph, count the buckets; adds its own warnings to the draft's."""
    _check_head(draft)
    merged = merge_duplicates(draft.components)
    edges = combined_edges(draft.dependencies, draft.containments, merged.position)
    circling = count_in_cycles(edges)
    if circling:
        draft.warn("dependency-cycle", f"{circling} components depend on themselves through others", "")
    inventory = Inventory(
        format=draft.format,
        serialization=draft.serialization,
        spec_version=draft.spec_version,
        root=draft.root,
        buckets=_buckets(draft, merged),
        components=merged.components,
        edges=edges,
        texts=draft.texts.by_key,
        extracted_licenses=draft.extracted_licenses,
        tool=draft.tool,
        services=draft.services,
        files=draft.files,
        root_position=None if draft.root_position is None else merged.position[draft.root_position],
        authors=draft.authors,
        created=draft.created,
        generation_context=draft.generation_context,
    )
    return Assembled(inventory, _facts(inventory))


def _check_head(draft: Draft) -> None:
    for value in (*draft.tool, *draft.authors, *draft.generation_context, draft.created or ""):
        draft.check_field(value, "")


def _buckets(draft: Draft, merged: Merged) -> Buckets:
    return Buckets(
        elements=len(draft.components) + len(draft.ignored),
        components=len(merged.components),
        duplicates=merged.duplicates,
        ignored=len(draft.ignored),
    )


def _facts(inventory: Inventory) -> DocumentFacts:
    return DocumentFacts(
        format=inventory.format,
        spec_version=inventory.spec_version,
        serialization=inventory.serialization,
        tool=inventory.tool,
        root=inventory.root,
        buckets=inventory.buckets,
        services=inventory.services,
        files=inventory.files,
        quality=quality(inventory),
    )
