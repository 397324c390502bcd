"""A product as an SBOM document: CycloneDX 1.6 JSON or SPDX 2.3 JSON."""

import json
import re
from collections.abc import Callable
from typing import Any

from tools.bench.sboms import License, Package, Product

_CREATED = "2026-01-15T08:00:00Z"
_HASHES = {"sha256": ("SHA-256", "SHA256"), "sha1": ("SHA-1", "SHA1")}


def cyclonedx(product: Product) -> bytes:
    """The product as CycloneDX 1.6 JSON (ECMA-424)."""
    depends_on: dict[str, list[str]] = {ref: [] for ref in ("root", *map(_ref, range(len(product.packages))))}
    for source, target in product.edges:
        depends_on["root" if source < 0 else _ref(source)].append(_ref(target))
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": _CREATED,
            "component": {"type": "application", "bom-ref": "root", "name": product.name, "version": "1.0"},
        },
        "components": [_component(number, each) for number, each in enumerate(product.packages)],
        "dependencies": [{"ref": ref, "dependsOn": others} for ref, others in depends_on.items()],
    }
    return _encoded(document)


def _component(number: int, package: Package) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": _ref(number),
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
        "description": package.description,
        "supplier": {"name": package.supplier},
        "hashes": [{"alg": _HASHES[name][0], "content": digest} for name, digest in package.hashes.items()],
        "licenses": _choice(package.license),
        "copyright": "\n".join(package.copyright),
        "externalReferences": [{"type": "vcs", "url": f"https://example.org/{package.name}.git"}],
    }


def _choice(license_: License) -> list[dict[str, Any]]:
    if license_.expression:
        single = " " not in license_.expression
        return [{"license": {"id": license_.expression}} if single else {"expression": license_.expression}]
    if not license_.name:
        return []
    text = {"text": {"content": license_.text}} if license_.text else {}
    return [{"license": {"name": license_.name} | text}]


def spdx(product: Product) -> bytes:
    """The product as SPDX 2.3 JSON."""
    root = {"SPDXID": "SPDXRef-root", "name": product.name, "versionInfo": "1.0", "downloadLocation": "NOASSERTION"}
    named = {each.license for each in product.packages if each.license.name}
    related = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-root")]
    related += [(_id(source), "DEPENDS_ON", _id(target)) for source, target in product.edges]
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": product.name,
        "documentNamespace": f"https://example.org/spdx/{product.name}",
        "creationInfo": {"created": _CREATED, "creators": ["Tool: bench-1"]},
        "packages": [root, *(_spdx_package(number, each) for number, each in enumerate(product.packages))],
        "relationships": [
            {"spdxElementId": source, "relationshipType": kind, "relatedSpdxElement": target}
            for source, kind, target in related
        ],
        "hasExtractedLicensingInfos": [
            {"licenseId": _license_ref(each), "name": each.name, "extractedText": each.text or each.name}
            for each in sorted(named, key=lambda each: each.name)
        ],
    }
    return _encoded(document)


def _spdx_package(number: int, package: Package) -> dict[str, Any]:
    declared = package.license.expression or (_license_ref(package.license) if package.license.name else "NOASSERTION")
    locator = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": package.purl}
    return {
        "SPDXID": _id(number),
        "name": package.name,
        "versionInfo": package.version,
        "downloadLocation": f"https://example.org/{package.name}.tar.gz",
        "filesAnalyzed": False,
        "supplier": f"Organization: {package.supplier}",
        "description": package.description,
        "licenseConcluded": "NOASSERTION" if number % 3 else declared,
        "licenseDeclared": declared,
        "copyrightText": "\n".join(package.copyright) or "NOASSERTION",
        "checksums": [
            {"algorithm": _HASHES[name][1], "checksumValue": digest} for name, digest in package.hashes.items()
        ],
        "externalRefs": [locator],
    }


def _ref(number: int) -> str:
    return f"package-{number}"


def _id(number: int) -> str:
    return "SPDXRef-root" if number < 0 else f"SPDXRef-package-{number}"


def _license_ref(license_: License) -> str:
    return "LicenseRef-" + re.sub(r"[^A-Za-z0-9.-]+", "-", license_.name)


def _encoded(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


FORMATS: dict[str, Callable[[Product], bytes]] = {"cyclonedx": cyclonedx, "spdx": spdx}
"""Format → how a product is written in it."""
