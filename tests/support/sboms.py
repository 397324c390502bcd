"""Hand-made SBOM documents: everything has a sensible default, a test names only what it is about."""

import json
from collections.abc import Mapping
from typing import Any

LICENSES = {"left-pad": "MIT", "requests": "Apache-2.0"}
"""What a made SBOM contains unless told: name → SPDX expression."""


def a_cyclonedx(
    components: Mapping[str, str] = LICENSES, /, root: str | None = "shop", version: str | None = "1.0", **document: Any
) -> bytes:
    """CycloneDX 1.6 JSON whose root depends on these components (name → licence expression), each in version 1.0.0.

    `document` are fields of the document that stand in place of those made here, or beside them.
    """
    about = {"type": "application", "bom-ref": "root", "name": root or "unnamed"} | _present(version=version)
    return _encoded(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "metadata": {"component": about} if root else {},
            "components": [_component(name, license_) for name, license_ in components.items()],
            "dependencies": [{"ref": "root", "dependsOn": [_purl(name) for name in components]}] if root else [],
        }
        | document
    )


def a_component(name: str, license_: str, **facts: Any) -> dict[str, Any]:
    """One component of `components[]`, for documents that are put together by hand."""
    return _component(name, license_) | facts


def an_spdx(components: Mapping[str, str] = LICENSES, root: str = "shop", version: str = "1.0") -> bytes:
    """SPDX 2.3 JSON whose root package depends on these packages (name → licence expression)."""
    return _encoded(
        {
            "spdxVersion": "SPDX-2.3",
            "dataLicense": "CC0-1.0",
            "SPDXID": "SPDXRef-DOCUMENT",
            "name": root,
            "documentNamespace": f"https://example.org/spdx/{root}-{version}",
            "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: by-hand-1.0"]},
            "packages": [
                _package(root, version, "NOASSERTION"),
                *(_package(name, "1.0.0", each) for name, each in components.items()),
            ],
            "relationships": [
                _relationship("SPDXRef-DOCUMENT", "DESCRIBES", f"SPDXRef-{root}"),
                *(_relationship(f"SPDXRef-{root}", "DEPENDS_ON", f"SPDXRef-{name}") for name in components),
            ],
        }
    )


def _component(name: str, license_: str) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": _purl(name),
        "name": name,
        "version": "1.0.0",
        "purl": _purl(name),
        "licenses": [{"expression": license_}],
        "copyright": f"Copyright 2020 the authors of {name}",
    }


def _purl(name: str) -> str:
    return f"pkg:npm/{name}@1.0.0"


def _package(name: str, version: str, license_: str) -> dict[str, Any]:
    return {
        "SPDXID": f"SPDXRef-{name}",
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": license_,
        "copyrightText": f"Copyright 2020 the authors of {name}",
        "externalRefs": [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": f"pkg:npm/{name}@{version}",
            }
        ],
    }


def _relationship(from_: str, type_: str, to: str) -> dict[str, str]:
    return {"spdxElementId": from_, "relationshipType": type_, "relatedSpdxElement": to}


def _present(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def _encoded(document: dict[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
