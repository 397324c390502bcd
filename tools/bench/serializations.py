"""A product in every serialization of CycloneDX and SPDX 2 that sbom-ingest reads; each says what the JSON form says."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import yaml

from tools.bench.documents import cyclonedx, spdx
from tools.bench.sboms import Product
from tools.bench.spdx3 import spdx3

_NAMESPACE = "https://example.org/spdx/{}"
_TAGS = {
    "versionInfo": "PackageVersion",
    "downloadLocation": "PackageDownloadLocation",
    "filesAnalyzed": "FilesAnalyzed",
    "supplier": "PackageSupplier",
    "description": "PackageDescription",
    "licenseConcluded": "PackageLicenseConcluded",
    "licenseDeclared": "PackageLicenseDeclared",
    "copyrightText": "PackageCopyrightText",
}
_SETS = {" AND ": "ConjunctiveLicenseSet", " OR ": "DisjunctiveLicenseSet"}


def cyclonedx_xml(product: Product) -> bytes:
    """The product as CycloneDX 1.6 XML."""
    document = json.loads(cyclonedx(product))
    root = document["metadata"]["component"]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">',
        f"<metadata><timestamp>{document['metadata']['timestamp']}</timestamp>",
        f'<component type="application" bom-ref="root"><name>{escape(root["name"])}</name>'
        f"<version>{root['version']}</version></component></metadata><components>",
        *map(_xml_component, document["components"]),
        "</components><dependencies>",
        *map(_xml_dependency, document["dependencies"]),
        "</dependencies></bom>",
    ]
    return "\n".join(lines).encode()


def _xml_component(component: dict[str, Any]) -> str:
    hashes = "".join(f'<hash alg="{each["alg"]}">{each["content"]}</hash>' for each in component["hashes"])
    references = "".join(
        f'<reference type="{each["type"]}"><url>{escape(each["url"])}</url></reference>'
        for each in component["externalReferences"]
    )
    return (
        f'<component type="library" bom-ref={quoteattr(component["bom-ref"])}>\n'
        f"<supplier>{_element('name', component['supplier']['name'])}</supplier>\n"
        f"{_element('name', component['name'])}{_element('version', component['version'])}\n"
        f"{_element('description', component['description'])}\n<hashes>{hashes}</hashes>\n"
        f"<licenses>{''.join(map(_xml_license, component['licenses']))}</licenses>\n"
        f"{_element('copyright', component['copyright'])}\n{_element('purl', component['purl'])}\n"
        f"<externalReferences>{references}</externalReferences>\n</component>"
    )


def _xml_license(choice: dict[str, Any]) -> str:
    if "expression" in choice:
        return _element("expression", choice["expression"])
    written = choice["license"]
    text = _element("text", written["text"]["content"]) if "text" in written else ""
    name = "id" if "id" in written else "name"
    return f"<license>{_element(name, written[name])}{text}</license>"


def _xml_dependency(dependency: dict[str, Any]) -> str:
    inner = "".join(f"<dependency ref={quoteattr(each)}/>" for each in dependency["dependsOn"])
    return f"<dependency ref={quoteattr(dependency['ref'])}>{inner}</dependency>"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def spdx_tag_value(product: Product) -> bytes:
    """The product as SPDX 2.3 tag-value."""
    document = json.loads(spdx(product))
    creation = document["creationInfo"]
    lines = [
        "SPDXVersion: SPDX-2.3", "DataLicense: CC0-1.0", "SPDXID: SPDXRef-DOCUMENT",
        f"DocumentName: {document['name']}", f"DocumentNamespace: {document['documentNamespace']}",
        f"Created: {creation['created']}", f"Creator: {creation['creators'][0]}", "",
    ]  # fmt: skip
    for package in document["packages"]:
        lines += _tagged_package(package)
    for each in document["hasExtractedLicensingInfos"]:
        text = f"ExtractedText: <text>{each['extractedText']}</text>"
        lines += [f"LicenseID: {each['licenseId']}", text, f"LicenseName: {each['name']}", ""]
    for each in document["relationships"]:
        words = (each["spdxElementId"], each["relationshipType"], each["relatedSpdxElement"])
        lines.append(f"Relationship: {' '.join(words)}")
    return "\n".join(lines).encode()


def _tagged_package(package: dict[str, Any]) -> Iterator[str]:
    yield f"PackageName: {package['name']}"
    yield f"SPDXID: {package['SPDXID']}"
    for key, tag in _TAGS.items():
        value = str(package.get(key, "")).replace("False", "false")
        if value:
            yield f"{tag}: <text>{value}</text>" if "\n" in value else f"{tag}: {value}"
    for each in package.get("checksums", ()):
        yield f"PackageChecksum: {each['algorithm']}: {each['checksumValue']}"
    for each in package.get("externalRefs", ()):
        yield f"ExternalRef: {each['referenceCategory']} {each['referenceType']} {each['referenceLocator']}"
    yield ""


def spdx_xml(product: Product) -> bytes:
    """The product as SPDX 2.3 XML."""
    body = "\n".join(_members(json.loads(spdx(product))))
    return f'<?xml version="1.0" encoding="utf-8"?>\n<Document>\n{body}\n</Document>'.encode()


def _members(value: dict[str, Any]) -> Iterator[str]:
    for key, member in value.items():
        for each in member if isinstance(member, list) else [member]:
            inner = "".join(_members(each)) if isinstance(each, dict) else escape(str(each).replace("False", "false"))
            yield f"<{key}>{inner}</{key}>"


def spdx_yaml(product: Product) -> bytes:
    """The product as SPDX 2.3 YAML."""
    written = yaml.dump(json.loads(spdx(product)), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    return str(written).encode()


def spdx_rdf(product: Product) -> bytes:
    """The product as SPDX 2.3 RDF/XML, with each package's relationships inside of it."""
    document = json.loads(spdx(product))
    base = f"{document['documentNamespace']}#"
    related: dict[str, list[str]] = {}
    for each in document["relationships"]:
        related.setdefault(each["spdxElementId"], []).append(_rdf_relationship(each, base))
    creation = document["creationInfo"]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#">',
        f'<spdx:SpdxDocument rdf:about="{base}SPDXRef-DOCUMENT"><spdx:specVersion>SPDX-2.3</spdx:specVersion>',
        '<spdx:dataLicense rdf:resource="http://spdx.org/licenses/CC0-1.0"/>',
        f"<spdx:creationInfo><spdx:CreationInfo>{_rdf('created', creation['created'])}"
        f"{_rdf('creator', creation['creators'][0])}</spdx:CreationInfo></spdx:creationInfo>",
        *(_rdf_extracted(each, base) for each in document["hasExtractedLicensingInfos"]),
        *related.get("SPDXRef-DOCUMENT", ()),
        "</spdx:SpdxDocument>",
        *(_rdf_package(each, base, related.get(each["SPDXID"], [])) for each in document["packages"]),
        "</rdf:RDF>",
    ]
    return "\n".join(lines).encode()


def _rdf(name: str, text: str) -> str:
    return f"<spdx:{name}>{escape(text)}</spdx:{name}>"


def _rdf_link(name: str, uri: str) -> str:
    return f"<spdx:{name} rdf:resource={quoteattr(uri)}/>"


def _rdf_extracted(each: dict[str, Any], base: str) -> str:
    facts = _rdf("licenseId", each["licenseId"]) + _rdf("name", each["name"])
    facts += _rdf("extractedText", each["extractedText"])
    about = quoteattr(base + each["licenseId"])
    node = f"<spdx:ExtractedLicensingInfo rdf:about={about}>{facts}</spdx:ExtractedLicensingInfo>"
    return f"<spdx:hasExtractedLicensingInfo>{node}</spdx:hasExtractedLicensingInfo>"


def _rdf_relationship(each: dict[str, Any], base: str) -> str:
    kind = {"DESCRIBES": "describes", "DEPENDS_ON": "dependsOn"}[each["relationshipType"]]
    facts = _rdf_link("relationshipType", f"http://spdx.org/rdf/terms#relationshipType_{kind}")
    facts += _rdf_link("relatedSpdxElement", base + each["relatedSpdxElement"])
    return f"<spdx:relationship><spdx:Relationship>{facts}</spdx:Relationship></spdx:relationship>"


def _rdf_package(package: dict[str, Any], base: str, related: list[str]) -> str:
    lines = [f"<spdx:Package rdf:about={quoteattr(base + package['SPDXID'])}>", _rdf("name", package["name"])]
    lines += [_rdf(key, package[key]) for key in ("versionInfo", "supplier", "copyrightText") if package.get(key)]
    lines += [
        f"<spdx:{key}>{_rdf_license(package[key], base)}</spdx:{key}>"
        for key in ("licenseConcluded", "licenseDeclared")
        if package.get(key)
    ]
    for each in package.get("checksums", ()):
        algorithm = f"http://spdx.org/rdf/terms#checksumAlgorithm_{each['algorithm'].lower()}"
        facts = _rdf_link("algorithm", algorithm) + _rdf("checksumValue", each["checksumValue"])
        lines.append(f"<spdx:checksum><spdx:Checksum>{facts}</spdx:Checksum></spdx:checksum>")
    for each in package.get("externalRefs", ()):
        facts = _rdf_link("referenceType", "http://spdx.org/rdf/references/purl")
        facts += _rdf("referenceLocator", each["referenceLocator"])
        lines.append(f"<spdx:externalRef><spdx:ExternalRef>{facts}</spdx:ExternalRef></spdx:externalRef>")
    return "\n".join([*lines, *related, "</spdx:Package>"])


def _rdf_license(expression: str, base: str) -> str:
    """A node for an expression; the products have AND and OR of single licences, one pair of parentheses at most."""
    if expression == "NOASSERTION":
        return '<rdf:Description rdf:about="http://spdx.org/rdf/terms#noassertion"/>'
    for operator, name in _SETS.items():
        members = _split(expression, operator)
        if len(members) > 1:
            inner = "".join(f"<spdx:member>{_rdf_license(each.strip('()'), base)}</spdx:member>" for each in members)
            return f"<spdx:{name}>{inner}</spdx:{name}>"
    if " WITH " in expression:
        license_, exception = expression.split(" WITH ")
        inner = f"<spdx:member>{_rdf_license(license_, base)}</spdx:member>"
        inner += f"<spdx:licenseException>{_rdf_license(exception, base)}</spdx:licenseException>"
        return f"<spdx:WithExceptionOperator>{inner}</spdx:WithExceptionOperator>"
    listed = base if expression.startswith("LicenseRef-") else "http://spdx.org/licenses/"
    return f"<rdf:Description rdf:about={quoteattr(listed + expression)}/>"


def _split(expression: str, operator: str) -> list[str]:
    """The operands of an operator that stand outside of parentheses."""
    parts = [""]
    for part in expression.split(operator):
        opened = parts[-1].count("(") > parts[-1].count(")")
        parts[-1:] = [parts[-1] + operator + part] if opened else [parts[-1], part]
    return parts[1:] if not parts[0] else parts


SERIALIZATIONS: dict[str, Callable[[Product], bytes]] = {
    "cyclonedx-json": cyclonedx,
    "cyclonedx-xml": cyclonedx_xml,
    "spdx-json": spdx,
    "spdx-tag-value": spdx_tag_value,
    "spdx-xml": spdx_xml,
    "spdx-yaml": spdx_yaml,
    "spdx-rdf": spdx_rdf,
    "spdx-json-ld": spdx3,
}
"""Format and serialization → how a product is written in it."""
