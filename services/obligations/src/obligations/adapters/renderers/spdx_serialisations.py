"""An SPDX 2.3 document in JSON, YAML, XML and tag-value. What would steer a terminal is escaped in all but JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

import yaml

from obligations.adapters.renderers.spdx_document import spdx_document
from obligations.adapters.renderers.visible import one_line
from obligations.domain.enriched_sbom import EnrichedSbom


def render_spdx_json(sbom: EnrichedSbom) -> bytes:
    """As JSON; strings come back unchanged."""
    return json.dumps(spdx_document(sbom), indent=1).encode("ascii") + b"\n"


def render_spdx_yaml(sbom: EnrichedSbom) -> bytes:
    """As YAML; escapes of YAML itself keep strings unchanged, but for halves of surrogate pairs."""
    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    plain = _mapped(spdx_document(sbom), lambda text: text.encode("utf-8", "replace").decode())
    return yaml.dump(plain, Dumper=dumper, allow_unicode=False, sort_keys=False, width=1000).encode()


def render_spdx_xml(sbom: EnrichedSbom) -> bytes:
    """As XML, in the shape that the SPDX project's library writes and reads."""
    body = "".join(_elements(spdx_document(sbom)))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Document>\n{body}</Document>\n'.encode()


def render_spdx_tag_value(sbom: EnrichedSbom) -> bytes:
    """As tag-value."""
    return "\n".join(_tags(spdx_document(sbom))).encode() + b"\n"


def visible_text(text: str) -> str:
    """The text with its lines, everything else that steers shown as an escape."""
    return "\n".join(one_line(line.expandtabs(8)) for line in text.splitlines())


def _mapped(value: Any, change: Any) -> Any:
    match value:
        case str():
            return change(value)
        case Mapping():
            return {name: _mapped(each, change) for name, each in value.items()}
        case list():
            return [_mapped(each, change) for each in value]
        case _:
            return value


def _elements(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield f"<{name}>{_content(each)}</{name}>\n"


def _content(value: Any) -> str:
    match value:
        case Mapping():
            return "\n" + "".join(_elements(value))
        case bool():
            return str(value).lower()
        case _:
            return escape(visible_text(value))


_DOCUMENT_TAGS = {
    "spdxVersion": "SPDXVersion",
    "dataLicense": "DataLicense",
    "SPDXID": "SPDXID",
    "name": "DocumentName",
    "documentNamespace": "DocumentNamespace",
}
_PACKAGE_TAGS = {
    "name": "PackageName",
    "SPDXID": "SPDXID",
    "versionInfo": "PackageVersion",
    "supplier": "PackageSupplier",
    "downloadLocation": "PackageDownloadLocation",
    "filesAnalyzed": "FilesAnalyzed",
    "checksums": "PackageChecksum",
    "licenseConcluded": "PackageLicenseConcluded",
    "licenseDeclared": "PackageLicenseDeclared",
    "licenseComments": "PackageLicenseComments",
    "copyrightText": "PackageCopyrightText",
    "externalRefs": "ExternalRef",
    "attributionTexts": "PackageAttributionText",
    "primaryPackagePurpose": "PrimaryPackagePurpose",
}
_MAY_HAVE_LINES = frozenset(("licenseComments", "copyrightText", "attributionTexts"))


def _tags(document: Mapping[str, Any]) -> Iterator[str]:
    yield from _tagged(document, _DOCUMENT_TAGS)
    yield from (f"Creator: {one_line(each)}" for each in document["creationInfo"]["creators"])
    yield f"Created: {document['creationInfo']['created']}"
    for package in document["packages"]:
        yield ""
        yield from _tagged(package, _PACKAGE_TAGS)
    for extracted in document["hasExtractedLicensingInfos"]:
        yield f"\nLicenseID: {extracted['licenseId']}\nExtractedText: {_enclosed(extracted['extractedText'])}"
    yield ""
    for each in document["relationships"]:
        yield f"Relationship: {each['spdxElementId']} {each['relationshipType']} {each['relatedSpdxElement']}"


def _tagged(values: Mapping[str, Any], tags: Mapping[str, str]) -> Iterator[str]:
    for name, tag in tags.items():
        value = values.get(name)
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield f"{tag}: {_tag_value(name, each)}"


def _tag_value(name: str, value: Any) -> str:
    match value:
        case {"algorithm": algorithm, "checksumValue": checksum}:
            return f"{algorithm}: {one_line(checksum)}"
        case {"referenceCategory": category, "referenceType": kind, "referenceLocator": locator}:
            return f"{category} {kind} {one_line(locator)}"
        case bool():
            return str(value).lower()
        case _:
            return _enclosed(value) if name in _MAY_HAVE_LINES and value != "NOASSERTION" else one_line(value)


def _enclosed(text: str) -> str:
    """The text between `<text>` and `</text>`, an end mark inside it broken up: the format has no escape for it."""
    return f"<text>{visible_text(text).replace('</text>', '</ text>')}</text>"
