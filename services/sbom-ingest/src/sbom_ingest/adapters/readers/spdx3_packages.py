"""From SPDX 3 packages and files to those of SPDX 2, so that both become components in one way.

SPDX 3 keeps in objects of their own what SPDX 2 keeps in the package: suppliers, hashes, package URLs, annotations.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from sbom_ingest.adapters.readers.spdx3_cyclonedx import has_properties, with_extension
from sbom_ingest.adapters.readers.spdx3_nodes import (
    AGENTS,
    ANNOTATIONS,
    HASHES,
    IDENTIFIERS,
    REFERENCES,
    Node,
    Nodes,
)
from sbom_ingest.adapters.readers.spdx3_structs import (
    Annotation,
    Artifact,
    ExternalIdentifier,
    ExternalRef,
    Hash,
    Named,
    OneOrMore,
    Package,
    Snippet,
    as_list,
)
from sbom_ingest.adapters.readers.spdx_packages import (
    check_package_fields,
    file_component,
    file_facts,
    package_component,
)
from sbom_ingest.adapters.readers.spdx_structs import Annotation as Spdx2Annotation
from sbom_ingest.adapters.readers.spdx_structs import Checksum, SpdxFile, SpdxPackage
from sbom_ingest.adapters.readers.spdx_structs import ExternalRef as Spdx2ExternalRef
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.statements import PREFIX
from shared.contracts.inventory import Component, LicenseClaim, Party, Reference, Statement

T = TypeVar("T", bound=Struct)


def _name_matters(fault: Fault) -> bool:
    return fault.path[0] == "name"


def _never_matters(fault: Fault) -> bool:
    return False


_PACKAGES = TolerantDecoder(Package, _name_matters)
_FILES = TolerantDecoder(Artifact, _never_matters)
_SNIPPETS = TolerantDecoder(Snippet, _never_matters)
_NAMED = TolerantDecoder(Named, _never_matters)
_ANNOTATIONS = TolerantDecoder(Annotation, _never_matters)
# From Core's ExternalIdentifierType to the types of SPDX 2; `purl` is a preview's.
_NAMES_ELSEWHERE = {
    **{"packageUrl": "purl", "purl": "purl"},
    **{"cpe22": "cpe22Type", "cpe23": "cpe23Type", "swid": "swid", "gitoid": "gitoid", "swhid": "swh"},
}
_REFERENCES = {"vcs": "vcs", "sourceArtifact": "source-distribution", "license": "license"}
_EXPORT_CONTROL = "exportControlAssessment"
_ALGORITHMS = {"blake2b256": "blake2b-256", "blake2b384": "blake2b-384", "blake2b512": "blake2b-512"}
_TYPES = {"ai_AIPackage": "machine-learning-model", "dataset_DatasetPackage": "data"}
_PURPOSES = {"model": "machine-learning-model"}
_NEXT_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TEXT_MARKS = re.compile(r"\s*<text>(.*)</text>\s*", re.DOTALL)
_FIELDS = {
    "attributionTexts": "software_attributionText",
    "checksums": "verifiedUsing",
    "externalRefs": "externalIdentifier",
}


class Spdx3Place(str):
    """A JSON pointer, for the names of fields that SPDX 2 has."""

    __slots__ = ()

    def field(self, name: str, index: int | None = None) -> str:
        """The pointer of a field."""
        return self + "/" + _FIELDS.get(name, name)


@dataclass(slots=True)
class Artifacts:
    """Makes components of packages and files; knows the objects that these refer to."""

    draft: Draft
    _names: dict[str, str] = field(default_factory=dict)
    _hashes: dict[str, Hash] = field(default_factory=dict)
    _identifiers: dict[str, ExternalIdentifier] = field(default_factory=dict)
    _references: dict[str, ExternalRef] = field(default_factory=dict)
    _statements: dict[str, list[Spdx2Annotation]] = field(default_factory=dict)

    def add_all(self, nodes: Nodes) -> None:
        """Read the objects that packages and files may refer to."""
        for node in nodes.of(AGENTS):
            name = _NAMED.decode(node.raw, self.draft, node.pointer).name
            self.draft.check_field(name, node.pointer)
            self._names.update(dict.fromkeys(node.ids, name))
        self._hashes = self._decoded(nodes.of(HASHES), Hash)
        self._identifiers = self._decoded(nodes.of(IDENTIFIERS), ExternalIdentifier)
        self._references = self._decoded(nodes.of(REFERENCES), ExternalRef)
        for node in nodes.of(ANNOTATIONS):
            annotation = _ANNOTATIONS.decode(node.raw, self.draft, node.pointer)
            if annotation.statement.startswith(PREFIX):
                self._statements.setdefault(annotation.subject, []).append(Spdx2Annotation(annotation.statement))

    def _decoded(self, nodes: list[Node], struct: type[T]) -> dict[str, T]:
        decoder = TolerantDecoder(struct, _never_matters)
        return {
            identifier: decoder.decode(node.raw, self.draft, node.pointer) for node in nodes for identifier in node.ids
        }

    def name_of(self, agent: str) -> str:
        """The name of an agent or tool; empty where the document does not give it."""
        return self._names.get(agent, "")

    def package(self, node: Node, licenses: list[LicenseClaim]) -> Component:
        """The component that a package with these licences is."""
        written = _PACKAGES.decode(node.raw, self.draft, node.pointer)
        place = Spdx3Place(node.pointer)
        references = self._external_refs(written, node) if written.external_ref else []
        as_in_2 = self._package(written, node)
        if self.draft.limits.may_be_passed_in(len(memoryview(node.raw))):
            check_package_fields(as_in_2, self.draft, place)
        component = package_component(as_in_2, self.draft, place, licenses)
        if written.extension and has_properties(written.extension):
            component = with_extension(component, node.raw, self.draft)
        if not (references or written.originated_by):
            return component
        source_url = component.source_url or _locator(references, "sourceArtifact") or _locator(references, "vcs")
        return replace(
            component,
            source_url=source_url,
            parties=tuple(dict.fromkeys((*self._originators(written.originated_by), *component.parties))),
            references=_references(references, source_url),
            statements=_assessments(references, node.pointer),
        )

    def _originators(self, agents: OneOrMore) -> tuple[Party, ...]:
        return tuple(Party("originator", name) for name in self._names_of(agents))

    def _names_of(self, agents: OneOrMore) -> list[str]:
        return list(dict.fromkeys(name for name in map(self.name_of, as_list(agents)) if name)) if agents else []

    def _package(self, written: Package, node: Node) -> SpdxPackage:
        suppliers = self._names_of(written.supplied_by)
        # In the order of the fields: a call by names takes several times as long.
        return SpdxPackage(
            written.name,
            node.identifier,
            written.version,
            suppliers[0] if suppliers else "",
            "",  # originator
            written.download_location,
            "",  # licences are objects of their own
            "",
            [],
            _without_marks(written.copyright_text) if "<text>" in written.copyright_text else written.copyright_text,
            self._checksums(written, node) if written.verified_using else [],
            self._names_elsewhere(written, node),
            as_list(written.attribution_text) if written.attribution_text else [],
            self._statements_on(node) if self._statements else [],
            "",  # comment
            _TYPES.get(node.kind) or (_purpose(written.purpose) if written.purpose else ""),
        )

    def file(self, node: Node) -> Component:
        """The component that a file is, without its licences, in a document that has no packages."""
        written = _FILES.decode(node.raw, self.draft, node.pointer)
        self._external_refs(written, node)
        as_in_2 = SpdxFile(
            name=written.name,
            spdx_id=node.identifier,
            copyright_text=_without_marks(written.copyright_text),
            checksums=self._checksums(written, node),
            attribution_texts=as_list(written.attribution_text),
            annotations=self._statements_on(node),
        )
        return file_component(as_in_2, self.draft, Spdx3Place(node.pointer))

    def said(self, node: Node) -> tuple[list[str], list[str]]:
        """The copyright statements of a file or snippet, and the keys of its notices."""
        written = _FILES.decode(node.raw, self.draft, node.pointer)
        as_in_2 = SpdxFile(
            copyright_text=_without_marks(written.copyright_text), attribution_texts=as_list(written.attribution_text)
        )
        _, copyright_, notices = file_facts(as_in_2, self.draft, Spdx3Place(node.pointer))
        return copyright_, notices

    def file_of(self, snippet: Node) -> str:
        """The id of the file that a snippet is from."""
        return _SNIPPETS.decode(snippet.raw, self.draft, snippet.pointer).file

    def _statements_on(self, node: Node) -> list[Spdx2Annotation]:
        return [statement for identifier in node.ids for statement in self._statements.get(identifier, ())]

    def _checksums(self, written: Artifact, node: Node) -> list[Checksum]:
        hashes = self._resolved(written.verified_using, self._hashes, f"{node.pointer}/verifiedUsing")
        # A package verification code is made of the hashes of files; no file has it.
        return [
            Checksum(_ALGORITHMS.get(each.algorithm, each.algorithm.replace("_", "-")), each.hash_value)
            for each in hashes
            if "PackageVerificationCode" not in (each.type, each.node_type)
        ]

    def _names_elsewhere(self, written: Package, node: Node) -> list[Spdx2ExternalRef]:
        """The package URL and other names, as SPDX 2 has them."""
        names = [Spdx2ExternalRef("purl", written.package_url)] if written.package_url else []
        if written.external_identifier:
            pointer = f"{node.pointer}/externalIdentifier"
            for identifier in self._resolved(written.external_identifier, self._identifiers, pointer):
                if identifier.identifier and identifier.type in _NAMES_ELSEWHERE:
                    names.append(Spdx2ExternalRef(_NAMES_ELSEWHERE[identifier.type], identifier.identifier))
        return names

    def _external_refs(self, written: Artifact, node: Node) -> list[ExternalRef]:
        """The resources that are referred to; warns of export control assessments, which only a person can read."""
        pointer = f"{node.pointer}/externalRef"
        references = list(self._resolved(written.external_ref, self._references, pointer))
        for reference in references:
            if reference.type == _EXPORT_CONTROL:
                where = ", ".join(as_list(reference.locator)) or "nowhere"
                message = f"the export control assessment at {where[:200]} is not read: it is outside of the document"
                self.draft.warn("export-control-assessment", message, pointer)
        return references

    def _resolved(self, written: str | T | list[str | T], known: Mapping[str, T], pointer: str) -> Iterator[T]:
        """The objects of a field, some of which may be named by their ids."""
        for entry in written if isinstance(written, list) else [written] if written else ():
            found = known.get(entry) if isinstance(entry, str) else entry
            if found is not None:
                yield found
            else:
                self.draft.warn("dangling-reference", f"{str(entry)[:80]!r} is not in the document", pointer)


def _purpose(written: str) -> str:
    """The type of component that a purpose is (Software, SoftwarePurpose)."""
    purpose = _NEXT_WORD.sub("-", written).lower().replace("_", "-")
    return _PURPOSES.get(purpose, purpose)


def _locator(references: list[ExternalRef], kind: str) -> str | None:
    locators = [locator for each in references if each.type == kind for locator in as_list(each.locator)]
    return locators[0] if locators else None


def _references(written: list[ExternalRef], source_url: str | None) -> tuple[Reference, ...]:
    return tuple(
        Reference(_REFERENCES[each.type], locator)
        for each in written
        if each.type in _REFERENCES
        for locator in as_list(each.locator)
        if locator != source_url
    )


def _assessments(written: list[ExternalRef], pointer: str) -> tuple[Statement, ...]:
    """Where the export control assessments of a package are (Core, ExternalRefType)."""
    return tuple(
        Statement(_EXPORT_CONTROL, locator, f"{pointer}/externalRef")
        for each in written
        if each.type == _EXPORT_CONTROL
        for locator in as_list(each.locator)
    )


def _without_marks(text: str) -> str:
    """The text without the marks that only the tag-value format needs."""
    marked = _TEXT_MARKS.fullmatch(text)
    return marked.group(1) if marked else text
