"""Reads CycloneDX XML, 1.0 to 1.7: https://github.com/CycloneDX/specification.

What is read becomes the objects of the JSON form, component by component, and then goes the same way. Only the places
are told as XPaths in the end.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from xml.etree.ElementTree import Element

import msgspec

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.cyclonedx_elements import Elements
from sbom_ingest.adapters.readers.cyclonedx_metadata import check_serial_number, read_metadata
from sbom_ingest.adapters.readers.cyclonedx_structs import Dependency
from sbom_ingest.adapters.readers.cyclonedx_xml_licenses import XmlLicenses
from sbom_ingest.adapters.readers.cyclonedx_xml_objects import XmlObjects
from sbom_ingest.adapters.readers.cyclonedx_xpaths import to_xpath
from sbom_ingest.adapters.readers.versions import unknown_version
from sbom_ingest.adapters.readers.xml_document import XmlDocument
from sbom_ingest.adapters.readers.xml_fields import Namespace
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused, breaks_specification

READS = "CycloneDX 1.0 to 1.7 in XML"
VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
_NAMESPACE = "http://cyclonedx.org/schema/bom/"
_ROOT = re.compile(r"(?:\{(.*)\})?bom")
_encode = msgspec.json.Encoder().encode


def recognises(content: Content) -> bool:
    """Whether the root is a `bom` of CycloneDX, in any version or in no namespace."""
    found = _ROOT.fullmatch(content.xml.root) if content.xml else None
    return found is not None and "cyclonedx.org/" in (found[1] or "cyclonedx.org/")


def read(content: Content, limits: Limits) -> Draft:
    """The facts of a CycloneDX XML document."""
    assert content.xml is not None
    version = _version(content.xml)
    namespace = Namespace(_NAMESPACE + version)
    licenses = XmlLicenses(namespace, version)
    place = partial(to_xpath, licenses=licenses.positions)
    draft = Draft("cyclonedx", "xml", version, limits)
    try:
        _Bom(namespace, XmlObjects(namespace, licenses), draft).read(content.xml)
        draft.refuse_faults()
    except Refused as refused:
        raise Refused(refused.refusal.told(place)) from None
    draft.tell_places(place)
    return draft


def _version(document: XmlDocument) -> str:
    found = _ROOT.fullmatch(document.root)
    uri = found[1] if found else None
    version = uri.removeprefix(_NAMESPACE) if uri else None
    if version not in VERSIONS:
        raise unknown_version(version, "CycloneDX XML", VERSIONS)
    return version


@dataclass(slots=True)
class _Bom:
    """Goes through the children of the root; what refers to components waits until all of them are there."""

    namespace: Namespace
    objects: XmlObjects
    draft: Draft
    _elements: Elements = field(init=False)
    _seen: set[str] = field(default_factory=set)
    _entries: Counter[str] = field(default_factory=Counter)
    _dependencies: list[tuple[Dependency, str]] = field(default_factory=list)
    _services: list[bytes] = field(default_factory=list)

    def read(self, document: XmlDocument) -> None:
        """Read the whole document."""
        check_serial_number(document.attributes.get("serialNumber"), "/serialNumber")
        self._elements = Elements(self.draft)
        opened = {document.root[:-3] + name: name for name in ("components", "dependencies")}
        for holder, element in document.subtrees(self.draft.limits, opened):
            if holder == document.root:
                self._read_child(self.namespace.name(element.tag), element)
            elif self.namespace.has(element.tag):
                self._read_entry(opened[holder], element)
        self._elements.add_services(self._services, "/services")
        for dependency, pointer in self._dependencies:
            self._elements.add_dependency(dependency, pointer)

    def _read_entry(self, holder: str, element: Element) -> None:
        pointer = f"/{holder}/{self._entries[holder]}"
        self._entries[holder] += 1
        if holder == "components":
            self._elements.add_component(_encode(self.objects.component(element, pointer)), pointer)
        else:
            self._dependencies += self.objects.dependencies(element, pointer)

    def _read_child(self, name: str, element: Element) -> None:
        if name in self._seen:
            raise breaks_specification(f"/{name}", "stands twice; one of the two would be lost")
        self._seen.add(name)
        match name:
            case "metadata":
                metadata = _encode(self.objects.metadata(element, "/metadata"))
                read_metadata(metadata, self.draft, self._elements, "/metadata")
            case "services":
                self._services = [_encode(each) for each in self.objects.services(element, "/services")]
            case _ if name.startswith("{"):
                self.draft.warn("extension-ignored", f"{name[:200]} is an extension that is not read", "")
