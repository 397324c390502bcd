"""The enriched SBOM as an SPDX 2.3 document, in the shape of its JSON, which all its serialisations share."""

import re
from collections.abc import Iterator
from typing import Any

from obligations.domain.enriched_sbom import ROOT, EnrichedComponent, EnrichedSbom, known_texts
from obligations.domain.statements import is_address
from shared.licensing import With, leaves, parse

_UNKNOWN = "NOASSERTION"
_ALGORITHMS = {
    **{name.lower(): name for name in ("MD2", "MD4", "MD5", "MD6", "SHA1", "SHA224", "ADLER32", "BLAKE3")},
    **{f"sha{bits}": f"SHA{bits}" for bits in (256, 384, 512)},
    **{f"sha3{bits}": f"SHA3-{bits}" for bits in (256, 384, 512)},
    **{f"blake2b{bits}": f"BLAKE2b-{bits}" for bits in (256, 384, 512)},
}
_ACTOR = re.compile(r"^(Organization|Person): ")
_PURPOSES = frozenset(
    (
        *("APPLICATION", "FRAMEWORK", "LIBRARY", "CONTAINER", "OPERATING-SYSTEM", "DEVICE", "FIRMWARE", "FILE"),
        *("SOURCE", "ARCHIVE", "INSTALL", "OTHER"),
    )
)


def spdx_document(sbom: EnrichedSbom) -> dict[str, Any]:
    """The document as JSON values."""
    root = _package("SPDXRef-Release", sbom.project, sbom.version) | {"primaryPackagePurpose": "APPLICATION"}
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{sbom.project} {sbom.version}",
        "documentNamespace": f"urn:uuid:{sbom.id}",
        "creationInfo": {"created": _whole_seconds(sbom.created), "creators": [f"Tool: {sbom.generator}"]},
        "hasExtractedLicensingInfos": list(_extracted(sbom)),
        "packages": [root, *(_component(number, each) for number, each in enumerate(sbom.components))],
        "relationships": list(_relationships(sbom)),
    }


def _package(id_: str, name: str, version: str | None) -> dict[str, Any]:
    return {
        "SPDXID": id_,
        "name": name,
        "versionInfo": version,
        "downloadLocation": _UNKNOWN,
        "filesAnalyzed": False,
        "licenseConcluded": _UNKNOWN,
        "licenseDeclared": _UNKNOWN,
        "copyrightText": _UNKNOWN,
    }


def _component(number: int, component: EnrichedComponent) -> dict[str, Any]:
    facts = component.facts
    purpose = facts.type.upper()
    fields = _package(_ref(number), facts.name, facts.version) | {
        "supplier": _supplier(facts.supplier),
        "downloadLocation": facts.source_url if facts.source_url and is_address(facts.source_url) else _UNKNOWN,
        "checksums": list(_checksums(facts.hashes)),
        "licenseConcluded": facts.effective_license or _UNKNOWN,
        "licenseDeclared": facts.license or _UNKNOWN,
        "licenseComments": "; ".join(f"written as: {value}" for value in facts.declared),
        "copyrightText": "\n".join(facts.copyright) or _UNKNOWN,
        "externalRefs": list(_references(facts.purl)),
        "attributionTexts": [*(text for _, text in component.texts), *component.notices],
        "primaryPackagePurpose": purpose if purpose in _PURPOSES else None,
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def _supplier(supplier: str | None) -> str | None:
    if not supplier:
        return None
    return supplier if _ACTOR.match(supplier) else f"Organization: {supplier}"


def _checksums(hashes: dict[str, str]) -> Iterator[dict[str, str]]:
    for algorithm, value in sorted(hashes.items()):
        name = _ALGORITHMS.get(algorithm.lower().replace("-", "").replace("_", ""))
        if name:
            yield {"algorithm": name, "checksumValue": value}


def _references(purl: str | None) -> Iterator[dict[str, str]]:
    if purl:
        yield {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}


def _extracted(sbom: EnrichedSbom) -> Iterator[dict[str, str]]:
    texts = known_texts(sbom.components)
    for reference in sorted(_license_references(sbom)):
        yield {"licenseId": reference, "extractedText": texts.get(reference, _UNKNOWN)}


def _license_references(sbom: EnrichedSbom) -> set[str]:
    expressions = {each for component in sbom.components for each in _expressions(component)}
    found = (leaf for each in expressions for leaf in leaves(parse(each)))
    ids = {leaf.license.id if isinstance(leaf, With) else leaf.id for leaf in found}
    return {each for each in ids if each.startswith("LicenseRef-")}


def _expressions(component: EnrichedComponent) -> Iterator[str]:
    yield from (each for each in (component.facts.effective_license, component.facts.license) if each)


def _relationships(sbom: EnrichedSbom) -> Iterator[dict[str, str]]:
    yield _relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Release")
    for source, target in sbom.edges:
        yield _relationship(_ref(source), "DEPENDS_ON", _ref(target))
    for number in range(len(sbom.components)):
        yield _relationship("SPDXRef-Release", "CONTAINS", _ref(number))


def _relationship(source: str, kind: str, target: str) -> dict[str, str]:
    return {"spdxElementId": source, "relationshipType": kind, "relatedSpdxElement": target}


def _ref(number: int) -> str:
    return "SPDXRef-Release" if number == ROOT else f"SPDXRef-Component-{number + 1}"


def _whole_seconds(moment: str) -> str:
    """SPDX 2 knows no fractions of a second."""
    return re.sub(r"\.\d+", "", moment)
