"""Reads SPDX tag-value, 2.1 to 2.3: https://spdx.github.io/spdx-spec/v2.3/."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.adapters.readers.spdx_document import checked_version, read_head
from sbom_ingest.adapters.readers.spdx_elements import SpdxElements
from sbom_ingest.adapters.readers.spdx_tag_names import (
    BEGINNINGS,
    DECIDING,
    NAMES,
    OF_ANNOTATIONS,
    OF_DOCUMENT,
    OF_ELEMENTS,
    SEVERAL,
)
from sbom_ingest.adapters.readers.spdx_tag_value_sections import (
    LinePlace,
    SectionPlace,
    to_creation,
    to_extracted_license,
    to_file,
    to_package,
    to_relationship,
)
from sbom_ingest.adapters.readers.spill import Spill
from sbom_ingest.adapters.readers.tag_value_document import Section, Tag, read_tags, refuse_nul
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import breaks_specification
from sbom_ingest.domain.statements import PREFIX

READS = "SPDX 2.1 to 2.3 in tag-value"
_VERSION = re.compile(rb"^SPDXVersion[ \t]*:[ \t]*([^\r\n]*)", re.MULTILINE)
_STATEMENT = re.compile(PREFIX.encode() + rb"|AnnotationComment[ \t]*:\s*(?:<text>\s*)?(?i:ecc|export)")
_MAX_UNKNOWN = 100


def recognises(content: Content) -> bool:
    """Whether a line of text that is neither JSON nor XML begins with `SPDXVersion:`."""
    return content.json is None and content.xml is None and content.source.has(_VERSION)


def read(content: Content, limits: Limits) -> Draft:
    """The facts of an SPDX tag-value document; places are lines."""
    source = content.source
    refuse_nul(source)
    written = next(source.find_all(_VERSION)).group(1).decode()
    draft = content.draft("spdx", "tag-value", checked_version(written), limits)
    reading = _Reading(draft, _annotations(source, limits), content.new_stream)
    reading.take_all(read_tags(source, limits, NAMES))
    reading.settle()
    return draft


def _annotations(source: Source, limits: Limits) -> Mapping[str, Sequence[str]]:
    """The comments that annotations add to elements, by SPDXID; only those documents are asked that make statements."""
    comments: defaultdict[str, list[str]] = defaultdict(list)
    if not source.has(_STATEMENT):
        return comments
    section = Section(Tag("", "", 1))
    for tag in read_tags(source, limits, OF_ANNOTATIONS):
        if tag.name == "Annotator":
            section = Section(tag)
        elif tag.name in ("SPDXREF", "AnnotationComment"):
            section.add(tag)
            if len(section.tags) == 2:
                comments[section.first("SPDXREF")].append(section.first("AnnotationComment"))
    return comments


class _Reading:
    """One document while its tags are read."""

    def __init__(
        self, draft: Draft, annotations: Mapping[str, Sequence[str]], new_stream: Callable[[], BinaryIO]
    ) -> None:
        self._draft = draft
        self._annotations = annotations
        self._elements = SpdxElements(draft)
        self._document = Section(Tag("", "", 1))
        self._section = self._document
        self._files = Spill(new_stream, Section)  # until a package comes
        self._packages = 0
        self._relationships = Spill(new_stream, Tag)
        self._unknown: set[str] = set()

    def take_all(self, tags: Iterator[Tag]) -> None:
        """Take the tags of the document."""
        while (tag := self._section.fill(tags, OF_ELEMENTS)) is not None:
            self._take(tag)

    def _take(self, tag: Tag) -> None:
        """Take a tag that is not of the element that is open."""
        name = tag.name
        if name in BEGINNINGS:
            self._finish()
            self._section = Section(tag)
        elif name == "Relationship":
            self._relationships.append(tag)
            self._draft.check_relationships(len(self._relationships))
        elif name in OF_DOCUMENT:
            self._add_to_document(tag)
        else:
            self._ignore(tag)

    def _add_to_document(self, tag: Tag) -> None:
        if tag.name == "SPDXVersion" and "SPDXVersion" in self._document.tags:
            raise breaks_specification(f"line {tag.line}", "a second document begins; send each on its own")
        self._document.add(tag)

    def _ignore(self, tag: Tag) -> None:
        if not tag.name:
            message = f"{tag.value!r} is no tag; only a <text> goes on over several lines"
            self._draft.warn("line-ignored", message, f"line {tag.line}")
        elif tag.name not in self._unknown and len(self._unknown) < _MAX_UNKNOWN:
            self._unknown.add(tag.name)
            self._draft.warn("unknown-tag", f"{tag.name[:80]!r} is no tag of SPDX 2", f"line {tag.line}")

    def _finish(self) -> None:
        """Add the element whose tags are all there."""
        section = self._section
        self._check_repeated(section)
        match section.begin.name:
            case "PackageName":
                self._add_package(section)
            case "FileName" if self._packages:
                self._count_file(section)
            case "FileName":
                self._files.append(section)
                self._draft.check_elements(len(self._files))
            case "SnippetSPDXID":
                self._elements.note_id(section.begin.value)
            case "LicenseID":
                self._elements.add_extracted_license(to_extracted_license(section), SectionPlace(section))

    def _check_repeated(self, section: Section) -> None:
        for name, found in section.tags.items():
            if len(found) > 1 and name not in SEVERAL:
                if name in DECIDING and found[0].value != found[1].value:
                    fault = "stands twice in one element; one of the two would be lost"
                    self._draft.note_fault(breaks_specification(f"line {found[1].line}", f"`{name}` {fault}"))
                self._draft.warn("field-ignored", f"`{name}` stands twice in one element", f"line {found[1].line}")

    def _add_package(self, section: Section) -> None:
        for file in self._files:
            self._count_file(file)
        self._files.clear()
        self._packages += 1
        package = to_package(section, self._annotations.get(section.first("SPDXID"), ()))
        self._elements.add_package(package, section.size, SectionPlace(section))

    def _count_file(self, section: Section) -> None:
        self._draft.files += 1
        self._elements.note_id(section.first("SPDXID"))

    def settle(self) -> None:
        """Add what needs all elements; call it when all tags are taken."""
        self._finish()
        read_head(
            self._document.first("DataLicense"), to_creation(self._document), self._draft, SectionPlace(self._document)
        )
        for section in self._files:
            file = to_file(section, self._annotations.get(section.first("SPDXID"), ()))
            self._elements.add_file(file, SectionPlace(section))
        for tag in self._relationships:
            relationship = to_relationship(tag)
            if relationship is None:
                self._draft.warn("field-ignored", "a relationship is `element TYPE element`", f"line {tag.line}")
            else:
                self._elements.relate(relationship, LinePlace(tag.line))
        self._elements.settle()
