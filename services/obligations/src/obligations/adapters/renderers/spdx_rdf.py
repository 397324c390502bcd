"""The enriched SBOM as SPDX 2.3 in RDF/XML (terms of http://spdx.org/rdf/terms)."""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from obligations.adapters.renderers.spdx_document import spdx_document
from obligations.adapters.renderers.spdx_serialisations import visible_text
from obligations.adapters.renderers.visible import one_line
from obligations.domain.enriched_sbom import EnrichedSbom
from shared.licensing import And, Expression, License, Or, With, parse

_TERMS = "http://spdx.org/rdf/terms#"
_LICENSES = "http://spdx.org/licenses/"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#">\n'
)
_RELATIONS = {"DESCRIBES": "describes", "DEPENDS_ON": "dependsOn", "CONTAINS": "contains"}
_FALSE = '<spdx:filesAnalyzed rdf:datatype="http://www.w3.org/2001/XMLSchema#boolean">false</spdx:filesAnalyzed>\n'


def render_spdx_rdf(sbom: EnrichedSbom) -> bytes:
    """The document as bytes; the same SBOM gives the same bytes."""
    document = spdx_document(sbom)
    return "".join((_HEAD, *_Writer(document).parts(), "</rdf:RDF>\n")).encode()


class _Writer:
    """Writes each element as a node of its own; all names below the document's namespace."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._base = f"{document['documentNamespace']}#"
        self._related: dict[str, list[Mapping[str, str]]] = {}
        for each in document["relationships"]:
            self._related.setdefault(each["spdxElementId"], []).append(each)

    def parts(self) -> Iterator[str]:
        """The nodes: document, extracted licences, packages."""
        document = self._document
        yield f"<spdx:SpdxDocument rdf:about={self._here('SPDXRef-DOCUMENT')}>\n"
        yield _text("name", document["name"]) + _text("specVersion", document["spdxVersion"])
        yield _resource("dataLicense", f"{_LICENSES}CC0-1.0")
        created, creators = document["creationInfo"]["created"], document["creationInfo"]["creators"]
        yield "<spdx:creationInfo><spdx:CreationInfo>\n" + _text("created", created)
        yield "".join(_text("creator", each) for each in creators) + "</spdx:CreationInfo></spdx:creationInfo>\n"
        for each in document["hasExtractedLicensingInfos"]:
            yield f"<spdx:hasExtractedLicensingInfo rdf:resource={self._here(each['licenseId'])}/>\n"
        yield from self._relationships("SPDXRef-DOCUMENT")
        yield "</spdx:SpdxDocument>\n"
        for each in document["hasExtractedLicensingInfos"]:
            yield self._extracted(each)
        for package in document["packages"]:
            yield from self._package(package)

    def _package(self, package: Mapping[str, Any]) -> Iterator[str]:
        yield f"<spdx:Package rdf:about={self._here(package['SPDXID'])}>\n" + _FALSE
        for name in ("name", "versionInfo", "supplier", "licenseComments", "copyrightText"):
            if package.get(name):
                yield _text(name, package[name])
        yield _location(package["downloadLocation"])
        yield self._license("licenseConcluded", package["licenseConcluded"])
        yield self._license("licenseDeclared", package["licenseDeclared"])
        yield "".join(_text("attributionText", each) for each in package.get("attributionTexts", ()))
        yield "".join(_checksum(each) for each in package.get("checksums", ()))
        yield "".join(_reference(each) for each in package.get("externalRefs", ()))
        if package.get("primaryPackagePurpose"):
            purpose = _camel(package["primaryPackagePurpose"].lower())
            yield _resource("primaryPackagePurpose", f"{_TERMS}purpose_{purpose}")
        yield from self._relationships(package["SPDXID"])
        yield "</spdx:Package>\n"

    def _extracted(self, extracted: Mapping[str, str]) -> str:
        inside = _text("licenseId", extracted["licenseId"]) + _text("extractedText", extracted["extractedText"])
        about = self._here(extracted["licenseId"])
        return f"<spdx:ExtractedLicensingInfo rdf:about={about}>\n{inside}</spdx:ExtractedLicensingInfo>\n"

    def _relationships(self, id_: str) -> Iterator[str]:
        for each in self._related.get(id_, ()):
            kind = _resource("relationshipType", f"{_TERMS}relationshipType_{_RELATIONS[each['relationshipType']]}")
            target = f"<spdx:relatedSpdxElement rdf:resource={self._here(each['relatedSpdxElement'])}/>\n"
            yield f"<spdx:relationship><spdx:Relationship>\n{kind}{target}</spdx:Relationship></spdx:relationship>\n"

    def _license(self, name: str, written: str) -> str:
        if written == "NOASSERTION":
            return _resource(name, f"{_TERMS}noassertion")
        return self._member(name, parse(written))

    def _member(self, name: str, expression: Expression) -> str:
        match expression:
            case License(id=id_):
                return f"<spdx:{name} rdf:resource={self._license_address(id_)}/>\n"
            case With(license=license_, exception=exception):
                inside = self._member("member", license_) + _exception(exception)
                return _node(name, "WithExceptionOperator", inside)
            case And(operands=operands):
                return _node(name, "ConjunctiveLicenseSet", "".join(self._member("member", each) for each in operands))
            case Or(operands=operands):
                return _node(name, "DisjunctiveLicenseSet", "".join(self._member("member", each) for each in operands))

    def _license_address(self, id_: str) -> str:
        return self._here(id_) if id_.startswith("LicenseRef-") else quoteattr(f"{_LICENSES}{id_}")

    def _here(self, name: str) -> str:
        return quoteattr(f"{self._base}{name}")


def _exception(exception: str) -> str:
    inside = f"<spdx:LicenseException rdf:about={quoteattr(_LICENSES + exception)}>\n"
    inside += _text("licenseExceptionId", exception) + "</spdx:LicenseException>"
    return f"<spdx:licenseException>{inside}</spdx:licenseException>\n"


def _checksum(checksum: Mapping[str, str]) -> str:
    algorithm = checksum["algorithm"].lower().replace("-", "_")
    inside = _resource("algorithm", f"{_TERMS}checksumAlgorithm_{algorithm}")
    return _node("checksum", "Checksum", inside + _text("checksumValue", checksum["checksumValue"]))


def _reference(reference: Mapping[str, str]) -> str:
    inside = _resource("referenceCategory", f"{_TERMS}referenceCategory_packageManager")
    inside += _resource("referenceType", "http://spdx.org/rdf/references/purl")
    return _node("externalRef", "ExternalRef", inside + _text("referenceLocator", reference["referenceLocator"]))


def _location(address: str) -> str:
    if address == "NOASSERTION":
        return _resource("downloadLocation", f"{_TERMS}noassertion")
    return _text("downloadLocation", address)


def _node(name: str, kind: str, inside: str) -> str:
    return f"<spdx:{name}><spdx:{kind}>\n{inside}</spdx:{kind}></spdx:{name}>\n"


def _resource(name: str, address: str) -> str:
    return f"<spdx:{name} rdf:resource={quoteattr(address)}/>\n"


def _text(name: str, text: str) -> str:
    shown = visible_text(text) if "\n" in text else one_line(text)
    return f"<spdx:{name}>{escape(shown)}</spdx:{name}>\n"


def _camel(words: str) -> str:
    first, *others = words.split("-")
    return first + "".join(each.capitalize() for each in others)
