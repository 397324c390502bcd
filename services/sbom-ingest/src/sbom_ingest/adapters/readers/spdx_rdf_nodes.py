"""From the nodes of an SPDX 2 graph to the structs that all serializations share."""

from sbom_ingest.adapters.readers.rdf_nodes import Node, Nodes, Value
from sbom_ingest.adapters.readers.spdx_places import NodePlace, Place
from sbom_ingest.adapters.readers.spdx_rdf_licenses import Licenses
from sbom_ingest.adapters.readers.spdx_rdf_names import Identifiers, algorithm, word
from sbom_ingest.adapters.readers.spdx_structs import (
    Annotation,
    Checksum,
    CreationInfo,
    ExternalRef,
    ExtractedLicensingInfo,
    Relationship,
    SpdxFile,
    SpdxPackage,
    SpdxSnippet,
)
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import breaks_specification


class SpdxNodes:
    """Reads the nodes of one document of `size` bytes; warns into the draft of what is left out."""

    def __init__(self, nodes: Nodes, identifiers: Identifiers, draft: Draft, size: int) -> None:
        self._nodes = nodes
        self._identifiers = identifiers
        self._draft = draft
        self._licenses = Licenses(nodes, identifiers, draft.limits, size)

    def identifier(self, node: Node) -> str:
        """The SPDXID of a node in this document; the URI of another."""
        return self._identifiers.element(node.identifier)

    def place(self, node: Node) -> Place:
        """The place of an element."""
        return self.place_of(node.identifier)

    def place_of(self, uri: str) -> Place:
        """The place of the element that has this URI."""
        return NodePlace(self._identifiers.element(uri))

    def target(self, value: Value) -> str:
        """The SPDXID that a value means."""
        return self._identifiers.element(value.identifier) if isinstance(value, Node) else value.strip()

    def text(self, node: Node, name: str) -> str:
        """The one text of a property, empty where there is none; warns where there are several."""
        written = node.properties.get(name)
        if written is None:
            return ""
        if len(written) == 1:
            value = written[0]
            return value.strip() if isinstance(value, str) else self._identifiers.element(value.identifier)
        values = node.of(name)
        if len(values) > 1:
            message = f"`{name}` has {len(values)} values; the first is used"
            self._draft.warn("field-ignored", message, self.place(node).field(name))
        return self.target(values[0])

    def texts(self, node: Node, name: str) -> list[str]:
        """All texts of a property, as they are written."""
        values = node.properties.get(name)
        if values is None:
            return []
        return [value if isinstance(value, str) else self.target(value) for value in node.of(name)]

    def expression(self, node: Node, name: str, place: Place) -> str:
        """The one licence of a property, empty where there is none; refuses two that differ."""
        written = node.properties.get(name)
        if written is None:
            return ""
        if len(written) == 1 and (expression := self._licenses.expression(written[0])):
            return expression
        expressions = self.expressions(node, name, place)
        if len(expressions) > 1:
            raise breaks_specification(place.field(name), "two licences differ; one of the two would be lost")
        return expressions[0] if expressions else ""

    def expressions(self, node: Node, name: str, place: Place) -> list[str]:
        """The licences of a property, each once; warns of a set without members."""
        if name not in node.properties:
            return []
        expressions = dict.fromkeys(map(self._licenses.expression, node.of(name)))
        if "" in expressions:
            self._draft.warn("empty-license", "the licence is empty", place.field(name))
        return [expression for expression in expressions if expression]

    def linked(self, node: Node, name: str) -> list[Node]:
        """The nodes that a property links to; those of which the document says nothing are left out."""
        return [found for value in node.of(name) if (found := self._nodes.at(value))]

    def creation(self, document: Node) -> CreationInfo | None:
        """Who made the document; None where nothing says so."""
        for node in self.linked(document, "creationInfo"):
            return CreationInfo(self.text(node, "created"), self.texts(node, "creator"))
        return None

    def package(self, node: Node, place: Place) -> SpdxPackage:
        """The package that stands at `place`; refuses one without name."""
        told, text, spdx_id = node.properties, self.text, str(place)
        if "name" not in told:
            raise breaks_specification(spdx_id, "a package needs a `name`")
        # In the order of the fields: a call by names takes several times as long.
        return SpdxPackage(
            text(node, "name"),
            spdx_id,
            text(node, "versionInfo"),
            text(node, "supplier"),
            text(node, "originator") if "originator" in told else "",
            text(node, "downloadLocation"),
            self.expression(node, "licenseConcluded", place),
            self.expression(node, "licenseDeclared", place),
            self.expressions(node, "licenseInfoFromFiles", place),
            "\n".join(self.texts(node, "copyrightText")) if "copyrightText" in told else "",
            self._checksums(node) if "checksum" in told else [],
            self._external_refs(node) if "externalRef" in told else [],
            self.texts(node, "attributionText") if "attributionText" in told else [],
            self._annotations(node) if "annotation" in told else [],
            "\n".join(self.texts(node, "comment")) if "comment" in told else "",
            word(text(node, "primaryPackagePurpose"), "purpose_") if "primaryPackagePurpose" in told else "",
            [self.target(value) for value in node.of("hasFile")] if "hasFile" in told else [],
        )

    def file(self, node: Node) -> SpdxFile:
        """A file."""
        place = self.place(node)
        return SpdxFile(
            name=self.text(node, "fileName"),
            spdx_id=self.identifier(node),
            license_concluded=self.expression(node, "licenseConcluded", place),
            license_info_in_files=self.expressions(node, "licenseInfoInFile", place),
            copyright_text="\n".join(self.texts(node, "copyrightText")),
            checksums=self._checksums(node),
            notice_text="\n".join(self.texts(node, "noticeText")),
            attribution_texts=self.texts(node, "attributionText"),
            annotations=self._annotations(node),
        )

    def snippet(self, node: Node) -> SpdxSnippet:
        """A part of a file."""
        place = self.place(node)
        return SpdxSnippet(
            spdx_id=self.identifier(node),
            file=self.text(node, "snippetFromFile"),
            license_concluded=self.expression(node, "licenseConcluded", place),
            license_info=self.expressions(node, "licenseInfoInSnippet", place),
            copyright_text="\n".join(self.texts(node, "copyrightText")),
            attribution_texts=self.texts(node, "attributionText"),
        )

    def extracted_license(self, node: Node) -> ExtractedLicensingInfo:
        """A licence that the document defines; older writers call its name `licenseName`."""
        return ExtractedLicensingInfo(
            license_id=self.text(node, "licenseId") or self.identifier(node),
            name=self.text(node, "name") or self.text(node, "licenseName"),
            extracted_text="\n".join(self.texts(node, "extractedText")),
        )

    def relationship(self, subject: str, value: Value) -> Relationship:
        """A relationship of the element that has the URI `subject`, which its own node tells."""
        told = self._nodes.at(value) or Node("")
        kind = word(self.text(told, "relationshipType"), "relationshipType_")
        return Relationship(self._identifiers.element(subject), kind, self.text(told, "relatedSpdxElement"))

    def _checksums(self, node: Node) -> list[Checksum]:
        return [
            Checksum(algorithm(self.text(each, "algorithm")), self.text(each, "checksumValue"))
            for each in self.linked(node, "checksum")
        ]

    def _external_refs(self, node: Node) -> list[ExternalRef]:
        return [
            ExternalRef(self.text(each, "referenceType"), self.text(each, "referenceLocator"))
            for each in self.linked(node, "externalRef")
        ]

    def _annotations(self, node: Node) -> list[Annotation]:
        return [Annotation(text) for each in self.linked(node, "annotation") for text in self.texts(each, "comment")]
