"""The enriched SBOM as CycloneDX 1.6 JSON."""

import json
from collections.abc import Iterator
from typing import Any

from obligations.domain.enriched_sbom import ROOT, EnrichedComponent, EnrichedSbom, dependencies
from obligations.domain.statements import is_address
from shared.contracts.decisions import DecidedComponent
from shared.licensing import License, load_catalogue, parse

_TYPES = frozenset(
    (
        *("application", "framework", "library", "container", "platform", "operating-system", "device"),
        *("device-driver", "firmware", "file", "machine-learning-model", "data", "cryptographic-asset"),
    )
)
_ALGORITHMS = {
    "md5": "MD5",
    "sha1": "SHA-1",
    **{f"sha{bits}": f"SHA-{bits}" for bits in (256, 384, 512)},
    **{f"sha3{bits}": f"SHA3-{bits}" for bits in (256, 384, 512)},
    **{f"blake2b{bits}": f"BLAKE2b-{bits}" for bits in (256, 384, 512)},
    "blake3": "BLAKE3",
}
_MODIFIED = {True: "true", False: "false", None: None}


def render_cyclonedx(sbom: EnrichedSbom) -> bytes:
    """The document as bytes; the same SBOM gives the same bytes."""
    return json.dumps(_document(sbom), indent=1).encode("ascii") + b"\n"


def _document(sbom: EnrichedSbom) -> dict[str, Any]:
    depends = dependencies(sbom)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{sbom.id}",
        "version": 1,
        "metadata": {
            "timestamp": sbom.created,
            "tools": {"components": [{"type": "application", "name": sbom.generator}]},
            "component": {"type": "application", "bom-ref": _ref(ROOT), "name": sbom.project, "version": sbom.version},
        },
        "components": [_component(number, each) for number, each in enumerate(sbom.components)],
        "dependencies": [
            {"ref": _ref(number), "dependsOn": [_ref(each) for each in depends[number]]} for number in sorted(depends)
        ],
    }


def _component(number: int, component: EnrichedComponent) -> dict[str, Any]:
    facts = component.facts
    fields = {
        "type": facts.type if facts.type in _TYPES else "library",
        "bom-ref": _ref(number),
        "supplier": {"name": facts.supplier} if facts.supplier else None,
        "group": facts.group,
        "name": facts.name,
        "version": facts.version,
        "scope": "required" if facts.shipped else "excluded",
        "hashes": list(_hashes(facts.hashes)),
        "licenses": list(_licenses(component)),
        "copyright": "\n".join(facts.copyright),
        "purl": facts.purl,
        "externalReferences": [{"type": "source-distribution", "url": facts.source_url}] if _has_address(facts) else [],
        "properties": list(_properties(component)),
        "evidence": _evidence(component),
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _licenses(component: EnrichedComponent) -> Iterator[dict[str, Any]]:
    """One licence with its text, or the expression, which CycloneDX wants to stand alone."""
    effective = component.facts.effective_license
    if effective is None:
        return
    expression = parse(effective)
    if isinstance(expression, License) and len(component.texts) <= 1:
        yield {"license": _named(expression.id) | {"acknowledgement": "concluded"} | _text(component)}
    else:
        yield {"expression": effective, "acknowledgement": "concluded"}


def _named(license_id: str) -> dict[str, str]:
    return {"id": license_id} if load_catalogue().license(license_id) else {"name": license_id}


def _text(component: EnrichedComponent) -> dict[str, Any]:
    return {"text": {"contentType": "text/plain", "content": component.texts[0][1]}} if component.texts else {}


def _evidence(component: EnrichedComponent) -> dict[str, Any]:
    evidence: dict[str, Any] = {}
    if component.facts.copyright:
        evidence["copyright"] = [{"text": line} for line in component.facts.copyright]
    if len(component.texts) > 1:
        evidence["licenses"] = [
            {"license": {"name": license_id or "not told", "text": {"contentType": "text/plain", "content": text}}}
            for license_id, text in component.texts
        ]
    return evidence


def _properties(component: EnrichedComponent) -> Iterator[dict[str, str]]:
    facts = component.facts
    told = [
        ("licet:part", facts.part),
        ("licet:verdict", facts.verdict),
        ("licet:category", facts.category),
        ("licet:linkage", facts.linkage),
        ("licet:modified", _MODIFIED[facts.modified]),
        ("licet:chosen-from", facts.chosen_from),
        ("licet:notice-status", facts.notice_status),
        ("licet:source-url", None if _has_address(facts) else facts.source_url),
        *(("licet:declared", value) for value in facts.declared),
        *(("licet:notice", text) for text in component.notices),
    ]
    yield from ({"name": name, "value": value} for name, value in told if value)


def _has_address(facts: DecidedComponent) -> bool:
    return facts.source_url is not None and is_address(facts.source_url)


def _hashes(hashes: dict[str, str]) -> Iterator[dict[str, str]]:
    for algorithm, value in sorted(hashes.items()):
        name = _ALGORITHMS.get(algorithm.lower().replace("-", "").replace("_", ""))
        if name:
            yield {"alg": name, "content": value}


def _ref(number: int) -> str:
    return "release" if number == ROOT else f"component-{number + 1}"
