"""Small SBOMs for the readers, with sensible defaults, and what came of reading them."""

import json
from typing import Any

import msgspec

from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refusal
from shared.contracts.inventory import Component, Inventory
from tests.support.reading import Read, read

DOCUMENT = "SPDXRef-DOCUMENT"


def cyclonedx(*components: dict[str, Any], **members: Any) -> bytes:
    """A CycloneDX document of these components; a component needs no type."""
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}
    return json.dumps(head | {"components": [{"type": "library"} | each for each in components]} | members).encode()


def spdx(*packages: dict[str, Any], **members: Any) -> bytes:
    """An SPDX document of these packages, each known by `SPDXRef-` and its name."""
    head = {
        "spdxVersion": "SPDX-2.3",
        "SPDXID": DOCUMENT,
        "dataLicense": "CC0-1.0",
        "name": "document",
        "documentNamespace": "https://example.org/document",
        "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: example-1.0"]},
    }
    named = [{"SPDXID": f"SPDXRef-{each.get('name')}", "downloadLocation": "NOASSERTION"} | each for each in packages]
    return json.dumps(head | {"packages": named} | members).encode()


def related(source: str, kind: str, target: str) -> dict[str, str]:
    """A relationship between packages of `spdx`, or the document."""
    ids = [name if name == DOCUMENT else f"SPDXRef-{name}" for name in (source, target)]
    return {"spdxElementId": ids[0], "relationshipType": kind, "relatedSpdxElement": ids[1]}


def result_of(document: bytes, limits: Limits | None = None) -> Read:
    """The result of reading; fails with the refusal's words."""
    outcome = read(document, limits or Limits())
    assert isinstance(outcome, Read), outcome
    return outcome


def refusal_of(document: bytes, limits: Limits | None = None) -> Refusal:
    """The refusal of a document that must not be taken."""
    outcome = read(document, limits or Limits())
    assert isinstance(outcome, Refusal), "the document was taken"
    return outcome


def inventory_of(document: bytes | Read) -> Inventory:
    """The inventory, as another service decodes it."""
    result = document if isinstance(document, Read) else result_of(document)
    return msgspec.json.decode(result.inventory, type=Inventory)


def only_component(document: bytes) -> Component:
    """The one component of the document."""
    [component] = inventory_of(document).components
    return component


def edges_by_name(inventory: Inventory) -> list[tuple[str, str]]:
    """The edges as names, `ROOT` for the root."""
    names = {-1: "ROOT"} | {index: component.name for index, component in enumerate(inventory.components)}
    return [(names[source], names[target]) for source, target in inventory.edges]


def warnings_of(document: bytes) -> list[tuple[str, str]]:
    """The (code, pointer) of each warning."""
    return [(warning.code, warning.pointer) for warning in result_of(document).warnings]
