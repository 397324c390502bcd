"""Reads SPDX RDF/XML, 2.1 to 2.3: the classes and properties of http://spdx.org/rdf/terms/."""

import re
from itertools import islice

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.rdf_document import read_nodes
from sbom_ingest.adapters.readers.rdf_names import RDF
from sbom_ingest.adapters.readers.rdf_nodes import Node, Nodes
from sbom_ingest.adapters.readers.spdx_document import checked_version, read_head
from sbom_ingest.adapters.readers.spdx_elements import SpdxElements
from sbom_ingest.adapters.readers.spdx_places import NodePlace
from sbom_ingest.adapters.readers.spdx_rdf_names import PROPERTIES, SPDX, TERMS, Identifiers
from sbom_ingest.adapters.readers.spdx_rdf_nodes import SpdxNodes
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused, breaks_specification

_DOCUMENT, _PACKAGE, _FILE, _SNIPPET, _LICENSE = _KINDS = tuple(
    SPDX + name for name in ("SpdxDocument", "Package", "File", "Snippet", "ExtractedLicensingInfo")
)
_TERMS = re.compile(re.escape(TERMS.encode()))
READS = "SPDX 2.1 to 2.3 in RDF/XML"


def recognises(content: Content) -> bool:
    """Whether the root is one of RDF or SPDX, and the terms of SPDX 2 are named."""
    return content.xml is not None and content.xml.root.startswith((f"{RDF}RDF", SPDX)) and content.source.has(_TERMS)


def read(content: Content, limits: Limits) -> Draft:
    """The facts of an SPDX RDF/XML document; places are the ids of elements, since a graph has no order."""
    assert content.xml is not None
    nodes = Nodes(_KINDS, {"relationship"}, content.new_stream)
    read_nodes(content.xml, PROPERTIES, limits, nodes)
    document = _document(nodes)
    draft = content.draft("spdx", "rdf", None, limits)
    written = SpdxNodes(nodes, _identifiers(nodes, document), draft, content.source.size)
    draft.spec_version = checked_version(written.text(document, "specVersion") or None)
    place = NodePlace(written.identifier(document))
    read_head(written.expression(document, "dataLicense", place), written.creation(document), draft, place)
    _Reading(nodes, written, draft).read(document)
    return draft


def _document(nodes: Nodes) -> Node:
    documents = list(islice(nodes.of(_DOCUMENT), 2))
    if len(documents) > 1:
        raise breaks_specification(documents[1].identifier, "a second document is described; send each on its own")
    return documents[0] if documents else Node("")


def _identifiers(nodes: Nodes, document: Node) -> Identifiers:
    identifiers = Identifiers(document.identifier)
    for value in document.of("externalDocumentRef"):
        other = nodes.at(value)
        if other is not None:
            name = next((each for each in other.of("externalDocumentId") if isinstance(each, str)), "")
            for uri in other.of("spdxDocument"):
                written = uri.identifier if isinstance(uri, Node) else uri
                identifiers.others[written.partition("#")[0]] = name or identifiers.element(other.identifier)
    return identifiers


class _Reading:
    """One document while its nodes become elements."""

    def __init__(self, nodes: Nodes, written: SpdxNodes, draft: Draft) -> None:
        self._nodes = nodes
        self._written = written
        self._draft = draft
        self._elements = SpdxElements(draft)

    def read(self, document: Node) -> None:
        """Add all that the document describes."""
        self._add_elements()
        self._add_extracted_licenses()
        place = NodePlace(self._written.identifier(document))
        for value in document.of("describesPackage"):
            self._elements.describe(self._written.target(value), place, "describesPackage")
        self._add_relationships()
        self._elements.settle()

    def _add_elements(self) -> None:
        """Add packages, or files where there is no package; what files beside packages say counts for these."""
        packages, files, longest = self._nodes.count(_PACKAGE), self._nodes.count(_FILE), self._nodes.longest
        self._draft.check_elements(packages or files)
        self._draft.files = files if packages else 0
        for node in self._nodes.of(_PACKAGE):
            self._add_package(node)
        for node in self._nodes.of(_FILE):
            if packages:
                self._elements.add_part(self._written.file(node), longest, self._written.place(node))
            else:
                self._elements.add_file(self._written.file(node), self._written.place(node))
        for node in self._nodes.of(_SNIPPET):
            self._elements.add_snippet(self._written.snippet(node), longest, self._written.place(node))

    def _add_package(self, node: Node) -> None:
        place = self._written.place(node)
        try:
            # Only where there is a long value at all the fields need to be looked at.
            self._elements.add_package(self._written.package(node, place), self._nodes.longest, place)
        except Refused as refused:
            self._draft.note_fault(refused)

    def _add_extracted_licenses(self) -> None:
        # Writers repeat the licence without a name of its own wherever it is linked.
        told = set()
        for node in self._nodes.of(_LICENSE):
            license_ = self._written.extracted_license(node)
            facts = (license_.license_id, license_.name, license_.extracted_text)
            if facts not in told:
                told.add(facts)
                self._elements.add_extracted_license(license_, self._written.place(node))

    def _add_relationships(self) -> None:
        self._draft.check_relationships(len(self._nodes.apart))
        for told in self._nodes.apart:
            relationship = self._written.relationship(told.subject, told.value)
            if not self._elements.relate_known(relationship):
                self._elements.relate(relationship, self._written.place_of(told.subject))
