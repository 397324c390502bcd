"""CycloneDX elements of XML as the objects that the JSON form has, so that one set of rules reads both.

Names and shapes: the XML schemas at https://github.com/CycloneDX/specification (Apache-2.0).
"""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from sbom_ingest.adapters.readers.cyclonedx_structs import Dependency
from sbom_ingest.adapters.readers.cyclonedx_xml_licenses import XmlLicenses
from sbom_ingest.adapters.readers.xml_fields import Convert, Namespace, Object, attributes, boolean, text

_NAMED = {"name": text}
_TOOL = {"name": text, "version": text}
_URL = {"url": text}


class XmlObjects:
    """Converts the elements of one document; `pointer` is where an object would stand in JSON."""

    def __init__(self, namespace: Namespace, licenses: XmlLicenses) -> None:
        self._namespace = namespace
        self._licenses = licenses
        self._component: Mapping[str, Convert] = {
            **dict.fromkeys(("name", "version", "group", "purl", "scope", "copyright"), text),
            "supplier": lambda element, pointer: namespace.fields(element, _NAMED, pointer),
            "licenses": licenses.entries,
            "hashes": self._hashes,
            "evidence": self._evidence,
            "properties": self._properties,
            "externalReferences": self._references,
            "modified": boolean,
            "pedigree": self._pedigree,
            "components": self._parts,
        }
        self._service: Mapping[str, Convert] = {"data": self._flows, "services": self.services}
        self._metadata: Mapping[str, Convert] = {
            "timestamp": text,
            "tools": self._tools,
            "component": self.component,
            "licenses": licenses.entries,
        }

    def component(self, element: Element, pointer: str) -> Object:
        """A component with its parts."""
        return attributes(element, "type", "bom-ref") | self._namespace.fields(element, self._component, pointer)

    def services(self, element: Element, pointer: str) -> list[Object]:
        """The services of a list, each with those that it consists of."""
        children = enumerate(self._namespace.entries(element))
        return [self._one_service(child, f"{pointer}/{index}") for index, child in children]

    def _one_service(self, element: Element, pointer: str) -> Object:
        return attributes(element, "bom-ref") | self._namespace.fields(element, self._service, pointer)

    def metadata(self, element: Element, pointer: str) -> Object:
        """What the document says of itself."""
        return self._namespace.fields(element, self._metadata, pointer)

    def dependencies(self, element: Element, pointer: str) -> Iterator[tuple[Dependency, str]]:
        """A dependency and those that are nested in it, each with its pointer."""
        pending = [(element, pointer)]
        while pending:
            holder, place = pending.pop()
            inner = [child for child in holder if self._namespace.name(child.tag) == "dependency"]
            yield Dependency(holder.get("ref", ""), [child.get("ref", "") for child in inner]), place
            pending += [(child, f"{place}/dependsOn/{number}") for number, child in enumerate(inner) if len(child)]

    def _parts(self, element: Element, pointer: str) -> list[Object]:
        children = enumerate(self._namespace.entries(element))
        return [self.component(child, f"{pointer}/{index}") for index, child in children]

    def _hashes(self, element: Element, _pointer: str) -> list[Object]:
        return [attributes(child, "alg") | {"content": text(child)} for child in self._namespace.entries(element)]

    def _properties(self, element: Element, _pointer: str) -> list[Object]:
        children = self._namespace.entries(element)
        return [attributes(child, "name") | {"value": child.text or ""} for child in children]

    def _references(self, element: Element, pointer: str) -> list[Object]:
        children = self._namespace.entries(element)
        return [attributes(child, "type") | self._namespace.fields(child, _URL, pointer) for child in children]

    def _evidence(self, element: Element, pointer: str) -> Object:
        known: Mapping[str, Convert] = {"licenses": self._licenses.entries, "copyright": self._texts}
        return self._namespace.fields(element, known, pointer)

    def _texts(self, element: Element, _pointer: str) -> list[Object]:
        return [{"text": child.text or ""} for child in self._namespace.entries(element)]

    def _pedigree(self, element: Element, pointer: str) -> Object:
        return self._namespace.fields(element, {"patches": self._patches}, pointer)

    def _patches(self, element: Element, _pointer: str) -> list[Object]:
        return [{} for _ in self._namespace.entries(element)]

    def _flows(self, element: Element, _pointer: str) -> list[Object]:
        """Until 1.4 classifications that name their flow; since 1.5 also data flows that hold one."""
        children = self._namespace.entries(element)
        inner = [self._namespace.child(child, "classification") for child in children]
        return [
            attributes(child if classification is None else classification, "flow")
            for child, classification in zip(children, inner, strict=True)
        ]

    def _tools(self, element: Element, pointer: str) -> list[Object]:
        """The tools of the old form, and the components and services of the new one, as one list."""
        children = self._namespace.entries(element)
        tools = (
            tool
            for child in children
            for tool in ([child] if self._namespace.name(child.tag) == "tool" else self._namespace.entries(child))
        )
        return [self._namespace.fields(tool, _TOOL, pointer) for tool in tools]
