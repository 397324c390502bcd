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
    to_snippet,
)
from sbom_ingest.adapters.readers.spill import Spill
from sbom_ingest.adapters.readers.tag_value_document import Section, Tag, TagNames, Tags, refuse_nul
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import breaks_specification
from sbom_ingest.domain.statements import PREFIX

READS = "SPDX 2.1 to 2.3 in tag-value"
_VERSION = re.compile(rb"^SPDXVersion[ \t]*:[ \t]*([^\r\n]*)", re.MULTILINE)
_STATEMENT = PREFIX.encode()
_EXPORT_STATEMENT = re.compile(rb"AnnotationComment[ \t]*:\s*(?:<text>\s*)?(?i:ecc|export)")
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
    _refuse_too_many(source, draft)
    reading = _Reading(draft, _annotations(source, limits), content.new_stream)
    reading.take_all(source)
    reading.settle()
    return draft


def _refuse_too_many(source: Source, draft: Draft) -> None:
    """Refuse at once what names more packages than a document may have, which takes a tenth of reading that many."""
    if source.count(b"PackageName:") > draft.limits.elements:
        tags = Tags(source, draft.limits, TagNames({}, frozenset()), on_stray=lambda tag: None)
        draft.check_elements(sum(tag.name == "PackageName" for tag in tags))


def _annotations(source: Source, limits: Limits) -> Mapping[str, Sequence[str]]:
    """The comments that annotations add to elements, by SPDXID; only those documents are asked that make statements."""
    comments: defaultdict[str, list[str]] = defaultdict(list)
    if not source.holds(_STATEMENT) and not source.has(_EXPORT_STATEMENT):
        return comments
    tags = Tags(source, limits, OF_ANNOTATIONS, on_stray=lambda tag: None)
    for section in _annotation_sections(tags):
        if len(section.values) == 2:
            comments[section.first("SPDXREF")].append(section.first("AnnotationComment"))
    return comments


def _annotation_sections(tags: Tags) -> Iterator[Section]:
    for tag in tags:
        if tag.name == "Annotator":
            yield tags.section
            tags.section = Section(tag)
    yield tags.section


class _Reading:
    """One document while its tags are read."""

    def __init__(
        self, draft: Draft, annotations: Mapping[str, Sequence[str]], new_stream: Callable[[], BinaryIO]
    ) -> None:
        self._draft = draft
        self._annotations = annotations
        self._elements = SpdxElements(draft)
        self._document = Section(Tag("", "", 1))
        self._files = Spill(new_stream, Section)  # until a package comes
        self._snippets = Spill(new_stream, Section)  # until their files are known
        self._packages = 0
        self._position: int | None = None  # of the last package
        self._relationships = 0
        self._waiting = Spill(new_stream, Tag)  # relationships that name what has not come
        self._unknown: set[str] = set()

    def take_all(self, source: Source) -> None:
        """Take the tags of the document."""
        tags = Tags(source, self._draft.limits, NAMES, self._warn_of_stray)
        tags.section = self._document
        for tag in tags:
            if tag.name in BEGINNINGS:
                self._finish(tags.section)
                tags.section = Section(tag)
            else:
                self._take(tag)
        self._finish(tags.section)

    def _take(self, tag: Tag) -> None:
        """Take a tag that is of no element."""
        name = tag.name
        if name == "Relationship":
            self._relate(tag)
        elif name in OF_DOCUMENT:
            self._add_to_document(tag)
        elif name not in self._unknown and len(self._unknown) < _MAX_UNKNOWN:
            self._unknown.add(name)
            self._draft.warn("unknown-tag", f"{name[:80]!r} is no tag of SPDX 2", f"line {tag.line}")

    def _relate(self, tag: Tag) -> None:
        self._relationships += 1
        self._draft.check_relationships(self._relationships)
        relationship = to_relationship(tag.value)
        if relationship is None or not self._elements.relate_known(relationship):
            self._waiting.append(tag)

    def _add_to_document(self, tag: Tag) -> None:
        if tag.name == "SPDXVersion" and "SPDXVersion" in self._document.values:
            raise breaks_specification(f"line {tag.line}", "a second document begins; send each on its own")
        self._document.add(tag.name, tag.value, tag.line)

    def _warn_of_stray(self, tag: Tag) -> None:
        message = f"{tag.value!r} is no tag; only a <text> goes on over several lines"
        self._draft.warn("line-ignored", message, f"line {tag.line}")

    def _finish(self, section: Section) -> None:
        """Add the element whose tags are all there."""
        self._check_repeated(section)
        match section.begin.name:
            case "PackageName":
                self._add_package(section)
            case "FileName" if self._packages:
                self._add_part(section, self._position)
            case "FileName":
                self._files.append(section)
                self._draft.check_elements(len(self._files))
            case "SnippetSPDXID":
                self._snippets.append(section)
            case "LicenseID":
                self._elements.add_extracted_license(to_extracted_license(section), SectionPlace(section))

    def _check_repeated(self, section: Section) -> None:
        for name, (second, *_) in section.again.items():
            if name in SEVERAL:
                continue
            if name in DECIDING and section.first(name) != second.value:
                fault = "stands twice in one element; one of the two would be lost"
                self._draft.note_fault(breaks_specification(f"line {second.line}", f"`{name}` {fault}"))
            self._draft.warn("field-ignored", f"`{name}` stands twice in one element", f"line {second.line}")

    def _add_package(self, section: Section) -> None:
        if len(self._files):
            for file in self._files:
                self._add_part(file, None)
            self._files.clear()
        self._packages += 1
        package = to_package(section, self._annotations.get(section.first("SPDXID"), ()))
        self._position = self._elements.add_package(package, section.size(), SectionPlace(section))

    def _add_part(self, section: Section, owner: int | None) -> None:
        """Add a file of the package that stands before it (SPDX 2.3, clause 7); one before all packages is in none yet."""
        self._draft.files += 1
        self._elements.add_part(to_file(section, ()), section.size(), SectionPlace(section), owner)

    def settle(self) -> None:
        """Add what needs all elements; call it when all tags are taken."""
        read_head(
            self._document.first("DataLicense"), to_creation(self._document), self._draft, SectionPlace(self._document)
        )
        for section in self._files:
            file = to_file(section, self._annotations.get(section.first("SPDXID"), ()))
            self._elements.add_file(file, SectionPlace(section))
        for section in self._snippets:
            self._elements.add_snippet(to_snippet(section), section.size(), SectionPlace(section))
        for tag in self._waiting:
            relationship = to_relationship(tag.value)
            if relationship is None:
                self._draft.warn("field-ignored", "a relationship is `element TYPE element`", f"line {tag.line}")
            else:
                self._elements.relate(relationship, LinePlace(tag.line))
        self._elements.settle()
