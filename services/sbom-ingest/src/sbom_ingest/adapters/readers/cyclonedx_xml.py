"""Reads CycloneDX XML, 1.0 to 1.7: https://github.com/CycloneDX/specification.

What is read becomes the objects of the JSON form, component by component, and then goes the same way. Only the places
are told as XPaths in the end.
"""

import re
from functools import partial
from itertools import count

from msgspec import Raw

from sbom_ingest.adapters.readers import cyclonedx_xml_shapes as shapes
from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.cyclonedx_elements import Elements
from sbom_ingest.adapters.readers.cyclonedx_metadata import check_serial_number, read_metadata
from sbom_ingest.adapters.readers.cyclonedx_rules import COMPOSITIONS
from sbom_ingest.adapters.readers.cyclonedx_structs import Dependency
from sbom_ingest.adapters.readers.cyclonedx_unread import warn_of_unread
from sbom_ingest.adapters.readers.cyclonedx_xml_licenses import LicensePositions
from sbom_ingest.adapters.readers.cyclonedx_xpaths import to_xpath
from sbom_ingest.adapters.readers.versions import unknown_version
from sbom_ingest.adapters.readers.xml_document import XmlDocument
from sbom_ingest.adapters.readers.xml_shapes import Attributes, Shape, ShapedReader
from sbom_ingest.domain.draft import Draft, Faulty
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused

READS = "CycloneDX 1.0 to 1.7 in XML"
VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
_NAMESPACE = "http://cyclonedx.org/schema/bom/"
_ROOT = re.compile(r"(?:\{(.*)\})?bom")


def recognises(content: Content) -> bool:
    """Whether the root is a `bom` of CycloneDX, in any version or in no namespace."""
    found = _ROOT.fullmatch(content.xml.root) if content.xml else None
    return found is not None and "cyclonedx.org/" in (found[1] or "cyclonedx.org/")


def read(content: Content, limits: Limits) -> Draft:
    """The facts of a CycloneDX XML document."""
    assert content.xml is not None
    version = _version(content.xml)
    draft = content.draft("cyclonedx", "xml", version, limits)
    bom = _Bom(draft, version)
    draft.place = partial(to_xpath, licenses=bom.licenses.by_pointer)
    try:
        bom.read(content.xml)
    except Faulty:
        raise
    except Refused as refused:
        raise Refused(refused.refusal.told(draft.place)) from None
    draft.place = None  # what is said of the document from here on has no place in it
    return draft


def _version(document: XmlDocument) -> str:
    found = _ROOT.fullmatch(document.root)
    uri = found[1] if found else None
    version = uri.removeprefix(_NAMESPACE) if uri else None
    if version not in VERSIONS:
        raise unknown_version(version, "CycloneDX XML", VERSIONS)
    return version


class _Bom:
    """Takes the children of the root as they end; what refers to components waits where it stands before them."""

    def __init__(self, draft: Draft, version: str) -> None:
        self.licenses = LicensePositions(version)
        self._draft = draft
        self._elements = Elements(draft)
        self._components, self._of_dependencies = count(), count()
        self._components_are_read = False
        self._services: list[Raw] = []
        self._dependencies: list[tuple[Dependency, str]] = []
        self._compositions: list[bytes] = []
        self._reader = ShapedReader(self._shape(version), _NAMESPACE + version, draft.limits)

    def read(self, document: XmlDocument) -> None:
        """Read the whole document."""
        check_serial_number(document.attributes.get("serialNumber"), "/serialNumber")
        self._reader.read(document)
        self._end_components()
        self._add_compositions()
        warn_of_unread(self._reader.unread, self._draft, "")
        if self._reader.extensions:
            first, count = next(iter(self._reader.extensions)), len(self._reader.extensions)
            message = f"{count} kinds of elements of other namespaces are not read, such as {first[:200]!r}"
            self._draft.warn("extension-ignored", message, "")

    def _shape(self, version: str) -> Shape:
        licenses = shapes.licenses(self._take_licenses, repeated_ids=version == "1.0")
        component = shapes.component(licenses)
        metadata = shapes.metadata(licenses, component)
        components = Shape(_nothing, as_list=True, others=component.then(self._take_component))
        return Shape(
            _nothing,
            {
                "metadata": metadata.then(self._take_metadata),
                "components": components.then(self._end_components),
                "services": shapes.services().then(self._take_services),
                "compositions": shapes.compositions().then(self._compositions.extend),
                "dependencies": Shape(
                    _nothing, {"dependency": shapes.dependency().then(self._take_dependency)}, as_list=True
                ),
            },
        )

    def _take_licenses(self, entries: list[shapes.Object]) -> list[shapes.Object]:
        return self.licenses.checked(entries, lambda: self._reader.pointer)

    def _take_metadata(self, metadata: bytes) -> None:
        read_metadata(metadata, self._draft, self._elements, "/metadata")
        self.licenses.by_pointer.clear()

    def _take_component(self, component: Raw) -> None:
        self._elements.add_component(component, f"/components/{next(self._components)}")
        self.licenses.by_pointer.clear()

    def _end_components(self, _components: None = None) -> None:
        """Add what stood before the components and refers to them, against the order of the schema."""
        self._components_are_read = True
        self._elements.add_services(self._services, "/services")
        for dependency, pointer in self._dependencies:
            self._elements.add_dependency(dependency, pointer)
        self._services, self._dependencies = [], []

    def _take_services(self, services: list[Raw]) -> None:
        if self._components_are_read:
            self._elements.add_services(services, "/services")
        else:
            self._services = services

    def _take_dependency(self, dependency: shapes.XmlDependency) -> None:
        """Take a dependency and those that are nested in it."""
        number = next(self._of_dependencies)
        self._draft.check_references(number + 1, "/dependencies")
        pending = [(dependency, f"/dependencies/{number}")]
        while pending:
            holder, place = pending.pop()
            written = Dependency(holder.ref, [each.ref for each in holder.inner], holder.provides)
            if self._components_are_read:
                self._elements.add_dependency(written, place)
            else:
                self._dependencies.append((written, place))
            pending += [
                (each, f"{place}/dependsOn/{index}")
                for index, each in enumerate(holder.inner)
                if each.inner or each.provides
            ]

    def _add_compositions(self) -> None:
        """Add what is said of completeness, now that all that it refers to is there."""
        self._draft.check_references(len(self._compositions), "/compositions")
        for index, raw in enumerate(self._compositions):
            pointer = f"/compositions/{index}"
            self._elements.add_composition(COMPOSITIONS.decode(raw, self._draft, pointer), pointer)


def _nothing(_value: object, _attributes: Attributes, _text: str) -> None:
    """Its children were taken one by one."""
