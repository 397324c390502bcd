"""Who made a CycloneDX component, by which names others know it, and where more of it is."""

from collections.abc import Sequence

from sbom_ingest.adapters.readers.cyclonedx_structs import CycloneDxComponent, ExternalReference
from shared.contracts.inventory import Identifier, Party, Reference

_KEPT = frozenset({"vcs", "source-distribution", "license"})


def identifiers(written: CycloneDxComponent) -> tuple[Identifier, ...]:
    """The CPE and SWID tag of a component."""
    found = (("cpe", written.cpe), ("swid", written.swid.tag_id if written.swid else ""))
    return tuple(Identifier(kind, value) for kind, value in found if value)


def parties(written: CycloneDxComponent) -> tuple[Party, ...]:
    """Author, publisher and manufacturer, each role with each name once."""
    named = [("author", written.author), *(("author", each.name) for each in written.authors)]
    named += [("publisher", written.publisher)]
    named += [("manufacturer", written.manufacturer.name)] if written.manufacturer else []
    return tuple(Party(role, name) for role, name in dict.fromkeys(named) if name)


def source_url(references: Sequence[ExternalReference]) -> str | None:
    """Where the source is: the first distribution of it, or else the first repository."""
    repository = None
    for each in references:
        if each.type == "source-distribution" and each.url:
            return each.url
        if repository is None and each.type == "vcs" and each.url:
            repository = each.url
    return repository


def other_references(references: Sequence[ExternalReference], source: str | None) -> tuple[Reference, ...]:
    """The references that licence work needs beside the one to the source."""
    kept = [each for each in references if each.type in _KEPT and each.url and each.url != source]
    return tuple(Reference(each.type, each.url) for each in kept) if kept else ()
