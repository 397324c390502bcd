"""A product as SPDX 3; it says what the form in SPDX 2 says."""

import json
from collections.abc import Iterator
from typing import Any

from tools.bench.documents import spdx
from tools.bench.sboms import Product

_NO_ASSERTION = "https://spdx.org/rdf/3.0.1/terms/Licensing/NoAssertion"


def spdx3(product: Product) -> bytes:
    """The product as SPDX 3.0.1 JSON-LD."""
    document = json.loads(spdx(product))
    base = f"{document['documentNamespace']}#"
    making = {
        "type": "CreationInfo",
        "@id": "_:making",
        "specVersion": "3.0.1",
        "created": document["creationInfo"]["created"],
    }
    making["createdBy"] = [f"{base}maker"]
    graph: list[dict[str, Any]] = [
        making,
        {"type": "Organization", "spdxId": f"{base}maker", "name": "Example", "creationInfo": "_:making"},
        {
            "type": "SpdxDocument",
            "spdxId": f"{base}document",
            "rootElement": [f"{base}SPDXRef-root"],
            "creationInfo": "_:making",
        },
    ]
    licenses: dict[str, str] = {}
    for package in document["packages"]:
        graph += _package(package, base, licenses)
    for expression, identifier in licenses.items():
        graph.append(
            {"type": "simplelicensing_LicenseExpression", "spdxId": identifier, "creationInfo": "_:making"}
            | {"simplelicensing_licenseExpression": expression}
        )
    for number, each in enumerate(document["relationships"]):
        if each["relationshipType"] == "DEPENDS_ON":
            ends = base + each["spdxElementId"], [base + each["relatedSpdxElement"]]
            graph.append(_relationship(f"{base}relationship-{number}", "dependsOn", *ends))
    context = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    return json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=1).encode()


def _package(package: dict[str, Any], base: str, licenses: dict[str, str]) -> Iterator[dict[str, Any]]:
    identifier = base + package["SPDXID"]
    element = {"type": "software_Package", "spdxId": identifier, "creationInfo": "_:making", "name": package["name"]}
    element |= {
        "software_packageVersion": package["versionInfo"],
        "software_copyrightText": package.get("copyrightText", ""),
    }
    for each in package.get("externalRefs", ()):
        element["software_packageUrl"] = each["referenceLocator"]
    element["verifiedUsing"] = [
        {"type": "Hash", "algorithm": each["algorithm"].lower(), "hashValue": each["checksumValue"]}
        for each in package.get("checksums", ())
    ]
    yield element
    for kind in ("Concluded", "Declared"):
        if expression := package.get(f"license{kind}"):
            own = f"{base}license-{len(licenses)}"
            target = _NO_ASSERTION if expression == "NOASSERTION" else licenses.setdefault(expression, own)
            yield _relationship(f"{identifier}-{kind}", f"has{kind}License", identifier, [target])


def _relationship(identifier: str, kind: str, source: str, targets: list[str]) -> dict[str, Any]:
    about = {"type": "Relationship", "spdxId": identifier, "creationInfo": "_:making"}
    return about | {"relationshipType": kind, "from": source, "to": targets}
