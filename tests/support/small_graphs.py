"""Small SPDX 3 graphs for the readers, with sensible defaults."""

import json
from typing import Any

BASE = "https://example.org/d#"
CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"


def spdx3(*elements: dict[str, Any], root: str = "root", **members: Any) -> bytes:
    """An SPDX 3 document of these elements, which is about the element `root`."""
    creation = {"type": "CreationInfo", "@id": "_:creation", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z"}
    document = {"type": "SpdxDocument", "spdxId": f"{BASE}document", "rootElement": [BASE + root]}
    graph = [creation, *({"creationInfo": "_:creation"} | each for each in (document, *elements))]
    return json.dumps({"@context": CONTEXT, "@graph": graph} | members).encode()


def package(name: str, /, **members: Any) -> dict[str, Any]:
    """A package, known by its name."""
    return {"type": "software_Package", "spdxId": BASE + name, "name": name} | members


def license_info(kind: str, identifier: str, /, **members: Any) -> dict[str, Any]:
    """A licence of a kind, known by its identifier."""
    return {"type": kind, "spdxId": BASE + identifier} | members


def expression(name: str, written: str, **members: Any) -> dict[str, Any]:
    """A licence expression, known by its name."""
    kind = "simplelicensing_LicenseExpression"
    return license_info(kind, name, simplelicensing_licenseExpression=written, **members)


def relationship(source: str, kind: str, *targets: str, **members: Any) -> dict[str, Any]:
    """A relationship between elements known by names, or by addresses."""
    ids = [target if "://" in target else BASE + target for target in targets]
    head = {"type": "Relationship", "spdxId": f"{BASE}{source}-{kind}", "from": BASE + source}
    return head | {"relationshipType": kind, "to": ids} | members
